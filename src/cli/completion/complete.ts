import type { CommandSpec } from '../command.ts';
import { openContext, type World } from '../context.ts';
import { type Flag, parseArguments } from '../flags.ts';
import { globalFlags } from '../global-flags.ts';
import { flagValueCandidates } from './flag-values.ts';
import { argumentCandidates } from './resource-words.ts';

/** A command that can be completed without being run. */
export interface CompletableCommand {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: CommandSpec }>;
}

/** One thing that may be typed next, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** What may follow. Where files are wanted, the shell knows them better. */
interface Completion {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

const NOTHING: Completion = { candidates: [], files: false };

/**
 * What may stand in place of the last word, in the form that the shells' scripts read: a candidate a line, with a tab
 * before its description, and at the end `:4`, or `:0` where file names are wanted. Never fails: where nothing is
 * known nothing is proposed.
 */
export async function completionText(
  commands: readonly CompletableCommand[],
  words: readonly string[],
  world: World,
): Promise<string> {
  const last = words.at(-1) ?? '';
  const { candidates, files } = await complete(commands, words.slice(0, -1), last, world).catch(
    () => NOTHING,
  );
  const lines = candidates
    .filter(({ word }) => word.startsWith(last))
    .map(({ word, about }) => (about === undefined ? `${word}\n` : `${word}\t${about}\n`));
  return `${lines.join('')}:${files ? 0 : 4}\n`;
}

async function complete(
  commands: readonly CompletableCommand[],
  before: readonly string[],
  last: string,
  world: World,
): Promise<Completion> {
  const start = readWords(before, globalFlags);
  const [name] = start.positional;
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    if (name !== undefined) return NOTHING;
    const ofFlag = start.waiting ?? flagWithValue(last, globalFlags);
    if (ofFlag === undefined && !last.startsWith('-')) {
      return { candidates: commands.map((one) => ({ word: one.name, about: one.summary })), files: false };
    }
    return completeFlag(ofFlag, last, globalFlags, () => contextOf(world, before, globalFlags));
  }
  let { command: spec } = await command.load();
  let path = spec.name;
  let flags = [...spec.flags, ...globalFlags];
  let read = readWords(before, flags);
  for (let depth = 1; ; depth += 1) {
    const next = spec.subcommands?.find(({ name: word }) => word === read.positional[depth]);
    if (next === undefined) break;
    spec = next;
    path = `${path} ${spec.name}`;
    flags = [...spec.flags, ...globalFlags];
    read = readWords(before, flags);
  }
  const context = () => contextOf(world, before, flags);
  const ofFlag = read.waiting ?? flagWithValue(last, flags);
  if (ofFlag !== undefined || last.startsWith('-')) return completeFlag(ofFlag, last, flags, context);
  const args = read.positional.slice(path.split(' ').length);
  const subcommands = (spec.subcommands ?? [])
    .filter(({ hidden }) => hidden !== true)
    .map(({ name: word, summary: about }) => ({ word, about }));
  if (args.length === 0 && subcommands.length > 0) return { candidates: subcommands, files: false };
  return { candidates: await argumentCandidates(path, args, last, context), files: false };
}

/** Words that are no flags, and the flag that still waits for its value. */
function readWords(
  words: readonly string[],
  flags: readonly Flag[],
): { readonly positional: readonly string[]; readonly waiting: Flag | undefined } {
  const positional: string[] = [];
  let waiting: Flag | undefined;
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (word.startsWith('-') && word.length > 1) waiting = flagAwaitingValue(word, flags);
    else positional.push(word);
  }
  return { positional, waiting };
}

function flagAwaitingValue(word: string, flags: readonly Flag[]): Flag | undefined {
  if (word.includes('=')) return undefined;
  const flag = word.startsWith('--')
    ? flags.find(({ name }) => name === word.slice(2))
    : word.length === 2
      ? flags.find(({ short }) => short === word[1])
      : undefined;
  return flag === undefined || flag.type === 'bool' || flag.bare !== undefined ? undefined : flag;
}

/** The flag of a word such as `--output=ya`. */
function flagWithValue(word: string, flags: readonly Flag[]): Flag | undefined {
  if (!word.startsWith('--') || !word.includes('=')) return undefined;
  return flags.find(({ name }) => word.startsWith(`--${name}=`));
}

/** Proposes flags, or values of the one that is being given. */
async function completeFlag(
  flag: Flag | undefined,
  last: string,
  flags: readonly Flag[],
  context: () => ReturnType<typeof openContext>,
): Promise<Completion> {
  if (flag === undefined) {
    const shown = flags.filter(({ hidden }) => hidden !== true);
    const short = last === '-' ? shown.filter((one) => one.short !== undefined) : [];
    return {
      candidates: [
        ...shown.map(({ name, usage }) => ({ word: `--${name}`, about: usage })),
        ...short.map(({ short: letter, usage }) => ({ word: `-${letter ?? ''}`, about: usage })),
      ],
      files: false,
    };
  }
  const values = await flagValueCandidates(flag, context);
  if (values === undefined) return { candidates: [], files: true };
  const prefix = last.startsWith(`--${flag.name}=`) ? `--${flag.name}=` : '';
  return { candidates: values.map((word) => ({ word: prefix + word })), files: false };
}

function contextOf(
  world: World,
  before: readonly string[],
  flags: readonly Flag[],
): ReturnType<typeof openContext> {
  // A flag that is only half there would be refused: it says nothing yet.
  const whole = readWords(before, flags).waiting === undefined ? before : before.slice(0, -1);
  return openContext(world, parseArguments(whole, flags).flags);
}
