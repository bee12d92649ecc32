import { suggestions } from './did-you-mean.ts';
import { UsageError } from './errors.ts';

/** One flag, as kubectl's own flag library (pflag) would declare it. */
export interface Flag {
  /** Without dashes: `all-namespaces`. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  readonly type: 'bool' | 'string' | 'int' | 'duration' | 'strings' | 'repeated';
  /** `false`, `''` for no text, `[]`, `background`. */
  readonly default: string;
  /** Value of the flag when it stands alone, for flags that are not bool: `--dry-run` means `--dry-run=unchanged`. */
  readonly bare?: string;
  readonly usage: string;
  readonly hidden?: boolean;
}

/** Parsed flags, by name. `strings` splits its values at commas, `repeated` keeps them whole. */
export interface FlagValues {
  bool(name: string): boolean;
  string(name: string): string;
  /** A whole number. */
  int(name: string): number;
  /** Milliseconds. */
  duration(name: string): number;
  strings(name: string): readonly string[];
  /** Whether the flag was given on the command line. */
  given(name: string): boolean;
}

/** Flags and what is left. */
export interface ParsedArguments {
  readonly flags: FlagValues;
  readonly positional: readonly string[];
}

const truths: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  true: true,
  TRUE: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  false: false,
  FALSE: false,
  False: false,
};

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Reads a Go duration (`1m30s`, `-1s`, `0`) into milliseconds; undefined when it is none. */
function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = text.replace(/^[-+]/, '');
  if (bare === '0') return 0;
  const parts = [...bare.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== bare) return undefined;
  return sign * parts.reduce((sum, part) => sum + Number(part[1]) * (durationUnits[part[2] ?? ''] ?? 0), 0);
}

function check(flag: Flag, value: string, shown: string): void {
  const refuse = (why: string): never => {
    throw new UsageError(
      `invalid argument ${JSON.stringify(value)} for ${JSON.stringify(shown)} flag: ${why}`,
    );
  };
  if (flag.type === 'bool' && !(value in truths))
    refuse(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  if (flag.type === 'int' && !/^[-+]?\d+$/.test(value))
    refuse(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  if (flag.type === 'duration' && parseDuration(value) === undefined) {
    refuse(
      /^[-+]?\d+(\.\d+)?$/.test(value)
        ? `time: missing unit in duration ${JSON.stringify(value)}`
        : `time: invalid duration ${JSON.stringify(value)}`,
    );
  }
}

/**
 * Parses arguments as pflag does: flags anywhere, `--flag=value`, `--flag value`, `-f value`, `-fvalue`, grouped
 * letters, `--` ends the flags. Throws UsageError in pflag's words.
 */
export function parseArguments(args: readonly string[], declared: readonly Flag[]): ParsedArguments {
  const byName = new Map(declared.map((flag) => [flag.name, flag]));
  const byLetter = new Map(
    declared.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag] as const])),
  );
  const given = new Map<string, string[]>();
  const positional: string[] = [];
  const take = (flag: Flag, value: string, shown: string): void => {
    check(flag, value, shown);
    given.set(flag.name, [...(given.get(flag.name) ?? []), value]);
  };
  const shownAs = (flag: Flag): string =>
    flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  const alone = (flag: Flag): string | undefined => (flag.type === 'bool' ? 'true' : flag.bare);

  let at = 0;
  const next = (shown: string): string => {
    at += 1;
    const value = args[at];
    if (value === undefined) throw new UsageError(`flag needs an argument: ${shown}`);
    return value;
  };

  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      positional.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=');
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
      if (name === '' || name.startsWith('-')) throw new UsageError(`bad flag syntax: ${arg}`);
      const flag = byName.get(name);
      if (flag === undefined) {
        const names = [...byName.values()].filter(({ hidden }) => hidden !== true).map((one) => one.name);
        throw new UsageError(
          `unknown flag: --${name}`,
          suggestions(name, names).map((close) => `--${close}`),
        );
      }
      const bare = alone(flag);
      if (equals >= 0) take(flag, arg.slice(equals + 1), shownAs(flag));
      else if (bare !== undefined) take(flag, bare, shownAs(flag));
      else take(flag, next(`--${name}`), shownAs(flag));
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let letters = arg.slice(1); letters !== ''; ) {
        const letter = letters[0] ?? '';
        const rest = letters.slice(1);
        const flag = byLetter.get(letter);
        if (flag === undefined)
          throw new UsageError(`unknown shorthand flag: ${quoteLetter(letter)} in -${letters}`);
        const bare = alone(flag);
        if (rest.startsWith('=') && letters.length > 2) {
          take(flag, rest.slice(1), shownAs(flag));
          letters = '';
        } else if (bare !== undefined) {
          take(flag, bare, shownAs(flag));
          letters = rest;
        } else if (rest !== '') {
          take(flag, rest, shownAs(flag));
          letters = '';
        } else {
          take(flag, next(`${quoteLetter(letter)} in -${letters}`), shownAs(flag));
          letters = '';
        }
      }
    } else {
      positional.push(arg);
    }
  }
  return { flags: flagValues(byName, given), positional };
}

const quoteLetter = (letter: string): string => `'${letter}'`;

function flagValues(
  byName: ReadonlyMap<string, Flag>,
  given: ReadonlyMap<string, readonly string[]>,
): FlagValues {
  const declared = (name: string): Flag => {
    const flag = byName.get(name);
    if (flag === undefined) throw new Error(`flag --${name} is read but not declared`);
    return flag;
  };
  const last = (name: string): string => {
    const flag = declared(name);
    return given.get(name)?.at(-1) ?? (flag.default === "''" ? '' : flag.default);
  };
  return {
    bool: (name) => truths[last(name)] ?? false,
    string: last,
    int: (name) => Number(last(name)),
    duration: (name) => parseDuration(last(name)) ?? 0,
    strings(name) {
      const flag = declared(name);
      const values = given.get(name) ?? [];
      return flag.type === 'strings'
        ? values.flatMap((value) => (value === '' ? [] : value.split(',')))
        : values;
    },
    given: (name) => given.has(name),
  };
}
