import { describe, expect, test } from 'vitest';
import { type Flag, parseArguments } from '../../../src/cli/flags.ts';

const flags: readonly Flag[] = [
  { name: 'all', short: 'A', type: 'bool', default: 'false', usage: '' },
  { name: 'wide', short: 'w', type: 'bool', default: 'true', usage: '' },
  { name: 'namespace', short: 'n', type: 'string', default: "''", usage: '' },
  { name: 'count', type: 'int', default: '1', usage: '' },
  { name: 'timeout', type: 'duration', default: '0s', usage: '' },
  { name: 'columns', short: 'L', type: 'strings', default: '[]', usage: '' },
  { name: 'literal', type: 'repeated', default: '[]', usage: '' },
  { name: 'dry-run', type: 'string', default: 'none', bare: 'unchanged', usage: '' },
];
const parse = (...args: string[]) => parseArguments(args, flags);

describe('parseArguments', () => {
  test('takes flags anywhere, with a blank, an equals sign or nothing before the value', () => {
    for (const form of [['-n', 'x'], ['-nx'], ['-n=x'], ['--namespace', 'x'], ['--namespace=x']]) {
      const { flags: values, positional } = parse('pods', ...form, 'a');
      expect(values.string('namespace'), form.join(' ')).toBe('x');
      expect(positional).toEqual(['pods', 'a']);
    }
  });

  test('groups letters, and lets the last one take the rest', () => {
    const { flags: values } = parse('-Anx');
    expect([values.bool('all'), values.string('namespace')]).toEqual([true, 'x']);
  });

  test('ends flags at --', () => {
    expect(parse('--', '-A').positional).toEqual(['-A']);
  });

  test('keeps defaults, and says what was given', () => {
    const { flags: values } = parse('--wide=false');
    expect([
      values.bool('wide'),
      values.bool('all'),
      values.int('count'),
      values.string('namespace'),
    ]).toEqual([false, false, 1, '']);
    expect([values.given('wide'), values.given('all')]).toEqual([true, false]);
  });

  test('never takes the next argument for a flag that may stand alone', () => {
    const { flags: values, positional } = parse('--dry-run', 'client');
    expect([values.string('dry-run'), positional]).toEqual(['unchanged', ['client']]);
  });

  test('splits lists at commas, but not repeated flags', () => {
    const { flags: values } = parse('-L', 'a,b', '-Lc', '--literal', 'k=1,2');
    expect([values.strings('columns'), values.strings('literal')]).toEqual([['a', 'b', 'c'], ['k=1,2']]);
  });

  test.each([
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['0', 0],
    ['-1s', -1000],
  ])('reads the duration %s', (text, ms) => {
    expect(parse(`--timeout=${text}`).flags.duration('timeout')).toBe(ms);
  });

  test.each([
    [['--foo'], 'unknown flag: --foo'],
    [['-Z'], "unknown shorthand flag: 'Z' in -Z"],
    [['-n'], "flag needs an argument: 'n' in -n"],
    [['--namespace'], 'flag needs an argument: --namespace'],
    [
      ['--all=maybe'],
      'invalid argument "maybe" for "-A, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      ['--count', 'x'],
      'invalid argument "x" for "--count" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [['--timeout', '5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
    [['--timeout', 'soon'], 'invalid argument "soon" for "--timeout" flag: time: invalid duration "soon"'],
  ])('refuses %j in the words of kubectl', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
