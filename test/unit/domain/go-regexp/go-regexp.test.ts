import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { goRegexp } from '../../../../src/domain/go-regexp/go-regexp.ts';
import { MatchTooLong } from '../../../../src/domain/go-regexp/match.ts';

interface Answer {
  readonly pattern: string;
  readonly error?: string;
  readonly matches?: readonly string[];
  readonly misses?: readonly string[];
}

/** What Go 1.26's own package answered about patterns made by chance. */
const answers = JSON.parse(
  readFileSync(new URL('go-answers.json', import.meta.url), 'utf8'),
) as readonly Answer[];

function answerTo({ pattern, matches = [], misses = [] }: Answer): Answer {
  const tell = (texts: readonly string[], found: boolean, test: (text: string) => boolean) =>
    texts.filter((text) => test(text) === found);
  try {
    const { test } = goRegexp(pattern);
    const texts = [...matches, ...misses];
    return { pattern, matches: tell(texts, true, test), misses: tell(texts, false, test) };
  } catch (error) {
    return { pattern, error: error instanceof Error ? error.message : String(error) };
  }
}

describe('goRegexp', () => {
  test('reads and matches patterns as Go does, and refuses them in its words', () => {
    expect(answers.length).toBeGreaterThan(400);
    for (const answer of answers) {
      const expected = answer.error === undefined ? { matches: [], misses: [], ...answer } : answer;
      expect(answerTo(answer)).toEqual(expected);
    }
  });

  // Each of these takes an engine that goes back longer than the universe has.
  test.each(['(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*a){25}$', '^((a*)*)*$', '^((a{0,10}){0,10})$'])(
    'matches %s against a long text in linear time',
    (pattern) => {
      expect(goRegexp(pattern).test(`${'a'.repeat(20_000)}b`)).toBe(false);
    },
  );

  test('does not double what is repeated within repeats', () => {
    const nested = `${'('.repeat(500)}a${'+)'.repeat(500)}`;
    expect(goRegexp(`^${nested}$`).test('aaaa')).toBe(true);
  });

  test('keeps to the bounds that Go has for an expression', () => {
    expect(() => goRegexp(`${'('.repeat(2000)}a${')'.repeat(2000)}`)).toThrow('expression nests too deeply');
    expect(() => goRegexp('(a{1000}){1000}')).toThrow('invalid repeat count: `{1000}`');
    expect(() => goRegexp(`(${'a'.repeat(4000)}){1000}`)).toThrow('expression too large');
  });

  test('gives up where even linear time is too long', () => {
    const large = goRegexp(`(${'a?'.repeat(50)}){0,1000}b`);
    expect(() => large.test('a'.repeat(100_000))).toThrow(MatchTooLong);
  });
});
