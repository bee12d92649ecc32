import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { yamlText } from '../../printers/object-text.ts';
import type { Compared } from '../diff.ts';
import { unifiedHunks } from './unified-hunks.ts';

/** The two states of one object as text. */
interface Texts {
  readonly fileName: string;
  readonly live: string;
  readonly merged: string;
}

/**
 * Prints what differs, with kdaemon's own comparison or with the program that $KUBECTL_EXTERNAL_DIFF names. Resolves to
 * the exit code: 0 for no differences, 1 for some, more for the program's failure. Throws CommandError where there is
 * no such program.
 */
export async function showDifferences(context: Context, compared: readonly Compared[]): Promise<number> {
  const texts: Texts[] = [];
  for (const { fileName, live, merged } of compared) {
    const text = { live: live === undefined ? '' : await yamlText(live), merged: await yamlText(merged) };
    texts.push({ fileName, ...text });
  }
  texts.sort((a, b) => (a.fileName < b.fileName ? -1 : a.fileName > b.fileName ? 1 : 0));
  const folder = (side: string): string => join(tmpdir(), `${side}-${1e9 + context.random.int(3e9)}`);
  const folders = { live: folder('LIVE'), merged: folder('MERGED') };
  const [program, ...parameters] = (context.env.KUBECTL_EXTERNAL_DIFF ?? '').split(' ').filter(Boolean);
  if (program === undefined) return printHunks(context, texts, folders);
  // As kubectl: what looks like more than a plain parameter is left out.
  const plain = parameters.filter((one) => /^[a-zA-Z0-9-=]+$/.test(one));
  return runProgram(context, program, plain, texts, folders);
}

interface Folders {
  readonly live: string;
  readonly merged: string;
}

function printHunks({ streams, clock }: Context, texts: readonly Texts[], folders: Folders): number {
  let code = 0;
  const time = new Date(clock.now()).toISOString().replace('T', ' ').replace('Z', '000000 +0000');
  for (const { fileName, live, merged } of texts) {
    const hunks = unifiedHunks(live, merged);
    if (hunks === '') continue;
    code = 1;
    const [from, to] = [join(folders.live, fileName), join(folders.merged, fileName)];
    streams.out(`diff -u -N ${from} ${to}\n--- ${from}\t${time}\n+++ ${to}\t${time}\n${hunks}`);
  }
  return code;
}

function runProgram(
  { streams }: Context,
  program: string,
  parameters: readonly string[],
  texts: readonly Texts[],
  folders: Folders,
): number {
  try {
    for (const side of ['live', 'merged'] as const) {
      // Objects may hold secrets of their owner: nobody else may read the files.
      mkdirSync(folders[side], { mode: 0o700 });
      for (const text of texts) {
        writeFileSync(join(folders[side], text.fileName), text[side], { mode: 0o600 });
      }
    }
    const ran = spawnSync(program, [folders.live, folders.merged, ...parameters], { encoding: 'utf8' });
    if (ran.error !== undefined) {
      const isMissing = (ran.error as NodeJS.ErrnoException).code === 'ENOENT';
      const why = isMissing ? 'executable file not found in $PATH' : ran.error.message;
      throw new CommandError(`failed to run ${JSON.stringify(program)}: ${why}`);
    }
    streams.out(ran.stdout);
    streams.err(ran.stderr);
    return ran.status ?? 2;
  } finally {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
  }
}
