/** Variables to set and to remove. */
export interface EnvironmentChanges {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
}

/** What stands before the variables of `set env`, and the variables; or what is wrong with them. */
type Split =
  | { readonly ok: true; readonly resources: readonly string[]; readonly variables: readonly string[] }
  | { readonly ok: false; readonly problem: string };

const isVariable = (arg: string): boolean => /^.+=/s.test(arg) || arg.endsWith('-');

/** Splits `TYPE NAME KEY=value KEY- -`. */
export function splitEnvironment(args: readonly string[]): Split {
  const first = args.findIndex(isVariable);
  const variables = first < 0 ? [] : args.slice(first);
  const stray = variables.find((arg) => !isVariable(arg));
  if (stray !== undefined) {
    return { ok: false, problem: `all resources must be specified before environment changes: ${stray}` };
  }
  return { ok: true, resources: first < 0 ? args : args.slice(0, first), variables };
}

const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const NAME_RULE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

/**
 * Reads `KEY=value` and `KEY-`; `-` stands for the lines of standard input, `input`. A text says, in kubectl's words,
 * what is wrong.
 */
export function parseEnvironment(variables: readonly string[], input: string): EnvironmentChanges | string {
  const set = new Map<string, string>();
  const remove: string[] = [];
  const lines = input.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const variable of variables.flatMap((one) => (one === '-' ? lines : [one]))) {
    const equals = variable.indexOf('=');
    if (equals < 0) {
      if (!variable.endsWith('-')) {
        return 'environment variables must be of the form key=value';
      }
      remove.push(variable.slice(0, -1));
      continue;
    }
    const name = variable.slice(0, equals);
    if (!NAME.test(name)) return `${JSON.stringify(name)} is not a valid key name: ${NAME_RULE}`;
    set.set(name, variable.slice(equals + 1));
  }
  if (remove.some((name) => set.has(name))) {
    return 'can not both modify and remove the same environment variable in the same command';
  }
  return { set: [...set].map(([name, value]) => ({ name, value })), remove };
}

/** The name of the variable that a key of a ConfigMap or Secret becomes: `log.level` is `LOG_LEVEL`. */
export function variableNameOf(key: string, prefix: string): string {
  return `${prefix}${key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase()}`;
}
