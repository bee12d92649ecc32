import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { terminalText } from '../../../../src/cli/printers/terminal-text.ts';

describe('terminalText', () => {
  test.each([
    ['colours', '\u001b[35;44mred', '^[[35;44mred'],
    ['the cursor', 'a\u001b[2J\u001b[H\u001b[1Ab', 'a^[[2J^[[H^[[1Ab'],
    ['the title of the window', '\u001b]0;owned\u0007', '^[]0;owned^G'],
    ['hidden text', '\u001b[8msecret\u001b[0m', '^[[8msecret^[[0m'],
    ['what stands before', 'rm -rf\rls    \b\b', 'rm -rf^Mls    ^H^H'],
    ['with the codes of eight bits', '\u009b2J\u009d0;x\u009c', '\\x9b2J\\x9d0;x\\x9c'],
    ['the direction of text', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
    ['with DEL and NUL', 'a\u007fb\0', 'a\\x7fb^@'],
  ])('orders that touch %s are shown', (_what, text, expected) => {
    expect(terminalText(text)).toBe(expected);
  });

  test.each(['a\tb\nc', 'größe 😀 日本', '', '│ ─ ┐'])('%j stays as it is', (text) => {
    expect(terminalText(text)).toBe(text);
  });

  test('the paint of this program stays', () => {
    const { green, yellow, red, bold } = new Chalk({ level: 1 });
    const painted = `${green('Ready')} ${yellow('Pending')} ${red('Error')} ${bold('x')}`;
    expect(terminalText(painted)).toBe(painted);
  });

  test('a line of progress takes the place of the one before, and of nothing else', () => {
    expect(terminalText('\r\u001b[Kreconciling: 5')).toBe('\r\u001b[Kreconciling: 5');
    expect(terminalText('error: \r\u001b[Kall is well')).toBe('error: ^M^[[Kall is well');
  });

  test('whatever comes in, no order but paint goes out', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[', '\u001b]', '\u009b', '31m', '1;2H', '\r'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const out = ['1', '22', '31', '32', '33', '34', '35', '36', '39', '90'].reduce(
          (text, code) => text.replaceAll(`\u001b[${code}m`, ''),
          terminalText(`x${pieces.join('')}`),
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(out).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });
});
