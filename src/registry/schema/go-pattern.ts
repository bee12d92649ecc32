const compiled = new Map<string, RegExp | undefined>();

/** A leading group of flags, as Go writes them: `(?i)`, also behind `^`. */
const LEADING_FLAGS = /^(\^?)\(\?([ims]+)\)/;

/** A regular expression in Go's syntax; undefined where JavaScript has no such expression. */
export function goPattern(source: string): RegExp | undefined {
  if (!compiled.has(source)) compiled.set(source, compile(source));
  return compiled.get(source);
}

function compile(source: string): RegExp | undefined {
  const flags = LEADING_FLAGS.exec(source);
  const rest = flags === null ? source : (flags[1] ?? '') + source.slice(flags[0].length);
  const text = rest
    .replaceAll(/\(\?P</g, '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')
    .replaceAll('[:alnum:]', 'A-Za-z0-9')
    .replaceAll('[:alpha:]', 'A-Za-z')
    .replaceAll('[:digit:]', '0-9');
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(text, (flags?.[2] ?? '') + unicode);
    } catch {
      // Without the u flag JavaScript takes escapes that Go takes as well, such as `\-`.
    }
  }
  return undefined;
}
