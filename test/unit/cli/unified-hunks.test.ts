import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unifiedHunks } from '../../../src/cli/commands/diff/unified-hunks.ts';

const text = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');
const letters = (word: string): string => text(...word);

describe('hunks', () => {
  test('of equal texts are none', () => {
    expect(unifiedHunks('a\n', 'a\n')).toBe('');
  });

  test('have three unchanged lines around a change, removals first', () => {
    expect(unifiedHunks(letters('abcdefghi'), letters('abcdXYfghi'))).toBe(
      text('@@ -2,7 +2,8 @@', ' b', ' c', ' d', '-e', '+X', '+Y', ' f', ' g', ' h'),
    );
  });

  test('that touch are one', () => {
    expect(unifiedHunks(letters('abcdefghi'), letters('Xbcdefghi'.replace('h', 'Y')))).toBe(
      text('@@ -1,9 +1,9 @@', '-a', '+X', ...[...'bcdefg'].map((line) => ` ${line}`), '-h', '+Y', ' i'),
    );
  });

  test('far from each other are two', () => {
    const hunks = unifiedHunks(letters('abcdefghijkl'), letters('Xbcdefghijk'));
    expect(hunks.match(/^@@ .*$/gm)).toEqual(['@@ -1,4 +1,4 @@', '@@ -9,4 +9,3 @@']);
  });

  test('from and to nothing count from 0', () => {
    expect(unifiedHunks('', 'a\n')).toBe('@@ -0,0 +1 @@\n+a\n');
    expect(unifiedHunks('a\nb\n', '')).toBe('@@ -1,2 +0,0 @@\n-a\n-b\n');
  });

  test('say where the last line has no break', () => {
    expect(unifiedHunks('a\n', 'a')).toBe('@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n');
  });

  test('put what is added twice behind what was there', () => {
    expect(unifiedHunks(letters('xab'), letters('xabab'))).toBe(
      text('@@ -1,3 +1,5 @@', ' x', ' a', ' b', '+a', '+b'),
    );
  });
});

test('hunks applied to the old text give the new one', () => {
  const words = fc.stringMatching(/^[abc]{0,20}$/);
  fc.assert(
    fc.property(words, words, (from, to) => {
      expect(patched(from, unifiedHunks(letters(from), letters(to)).split('\n'))).toBe(to);
    }),
  );
});

/** Applies hunks to lines of one letter each. */
function patched(from: string, lines: readonly string[]): string {
  let [done, result] = [0, ''];
  for (const line of lines) {
    const head = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      result += from.slice(done, start);
      done = start;
    } else if (line.startsWith('+')) result += line.slice(1);
    else if (line !== '') {
      expect(line.slice(1)).toBe(from[done]);
      if (line.startsWith(' ')) result += line.slice(1);
      done += 1;
    }
  }
  return result + from.slice(done);
}
