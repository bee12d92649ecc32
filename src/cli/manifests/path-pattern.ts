import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a path holds the signs of a pattern: `*`, `?` or `[`. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * The paths that match a pattern, in order of their names; undefined where the pattern is malformed. `*` is any text
 * and `?` any character within a name, `[a-c]` one of a set, `\` takes the next character as it is.
 */
export function expandPattern(pattern: string): readonly string[] | undefined {
  const names = pattern.split('/');
  const expressions = names.map(nameExpression);
  if (expressions.includes(undefined)) return undefined;
  let paths = [''];
  for (const [index, name] of names.entries()) {
    const expression = expressions[index];
    const isRoot = index === 0 && name === '';
    paths = isRoot
      ? ['/']
      : paths.flatMap((path) => {
          if (!isPattern(name)) return existsSync(join(path, name)) ? [join(path, name)] : [];
          return namesIn(path)
            .filter((entry) => expression?.test(entry) === true)
            .map((entry) => join(path, entry));
        });
  }
  return paths;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path === '' ? '.' : path).sort();
  } catch {
    return []; // as the shell does: what cannot be read matches nothing
  }
}

/** A name with signs of a pattern, as a regular expression; undefined where it is malformed. */
function nameExpression(name: string): RegExp | undefined {
  let source = '';
  for (let rest = name; rest !== ''; ) {
    const token = /^(?:\*|\?|\[\^?(?:\\.|[^\]\\])+\]|\\.|[^\\[])/su.exec(rest)?.[0];
    if (token === undefined) return undefined;
    rest = rest.slice(token.length);
    if (token === '*') source += '.*';
    else if (token === '?') source += '.';
    else if (token.startsWith('[')) source += token.replace(/(?<=.)\[/g, '\\[');
    else source += token.replace(/^\\(?=.)/su, '').replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return undefined;
  }
}
