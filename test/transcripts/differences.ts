import { type ComparableAnswer, comparable } from './comparable.ts';
import { extended, type Identities, identified } from './identities.ts';
import type { MaskedLine } from './masks.ts';
import type { Answer, CommandStep } from './transcript.ts';

/** What a comparison found. `lines` is empty when the answers agree; then `identities` includes theirs. */
export interface Comparison {
  readonly lines: readonly string[];
  readonly identities: Identities;
}

/** Compares the answer of a step with the recorded one. `number` counts the steps of the session. */
export function compare(
  step: CommandStep,
  number: number,
  answer: Answer,
  identities: Identities,
): Comparison {
  const recorded = comparable(step.run, step);
  const replayed = comparable(step.run, answer);
  const lines = [
    ...(recorded.exit === replayed.exit ? [] : [`exit: recorded ${recorded.exit}, got ${replayed.exit}`]),
    ...streamDifferences('stdout', recorded, replayed, number, identities),
    ...streamDifferences('stderr', recorded, replayed, number, identities),
  ];
  if (lines.length > 0) return { lines, identities };
  return {
    lines,
    identities: {
      recorded: extended(recorded.stdout, identities.recorded, number),
      replayed: extended(replayed.stdout, identities.replayed, number),
    },
  };
}

function streamDifferences(
  stream: 'stdout' | 'stderr',
  recorded: ComparableAnswer,
  replayed: ComparableAnswer,
  number: number,
  identities: Identities,
): readonly string[] {
  const expected = identified(recorded[stream], identities.recorded, number);
  const actual = identified(replayed[stream], identities.replayed, number);
  if (same(expected, actual)) return [];
  const isSet = [...recorded[stream], ...replayed[stream]].some(hasGeneratedName);
  if (isSet && same([...expected].sort(), [...actual].sort())) return [];
  return [
    `${stream}:`,
    ...withoutPartners(expected, actual).map((line) => `- ${line}`),
    ...withoutPartners(actual, expected).map((line) => `+ ${line}`),
    ...(isSet || withoutPartners(expected, actual).length > 0 ? [] : ['  (same lines in another order)']),
  ];
}

const hasGeneratedName = ({ text }: MaskedLine): boolean => /‹(name|hash)›/.test(text);

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, at) => line === right[at]);
}

/** The lines that the others do not have, as often as they lack them. */
function withoutPartners(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
