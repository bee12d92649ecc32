import { createHash } from 'node:crypto';
import type { MaskedLine } from './masks.ts';

/** Where a value has stood so far: the same history in both sessions, the same thing. */
type Histories = ReadonlyMap<string, string>;

/** What both sides have shown of their generated names, UIDs and versions in the steps that agreed. */
export interface Identities {
  readonly recorded: Histories;
  readonly replayed: Histories;
}

/** Nothing shown yet. */
export const NO_IDENTITIES: Identities = { recorded: new Map(), replayed: new Map() };

/**
 * The lines with each value replaced by its whole history, these lines included. Two sessions agree when their texts
 * do: a value that stood for one thing never stands for another, although no value is the same in both.
 */
export function identified(
  lines: readonly MaskedLine[],
  histories: Histories,
  step: number,
): readonly string[] {
  const now = extended(lines, histories, step);
  return lines.map(({ text, values }) => {
    let at = 0;
    return text.replace(/‹(uid|version|hash|name)›/g, (_, kind: string) => {
      const value = values[at++] ?? '';
      return `‹${kind} ${now.get(value) ?? ''}›`;
    });
  });
}

/** The histories after these lines. */
export function extended(lines: readonly MaskedLine[], histories: Histories, step: number): Histories {
  const places = new Map<string, string[]>();
  for (const { text, values } of lines) {
    values.forEach((value, at) => {
      const seen = places.get(value) ?? [];
      seen.push(`${at}:${text}`);
      places.set(value, seen);
    });
  }
  const next = new Map(histories);
  for (const [value, seen] of places) {
    next.set(value, digest(`${histories.get(value) ?? ''}|${step}|${seen.sort().join('\n')}`));
  }
  return next;
}

/** A short stand-in for a long text. */
function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, 10);
}
