/** A line in which what no two runs share is marked. */
export interface MaskedLine {
  /** The line with `‹kind›` in place of each value. */
  readonly text: string;
  /** The values that must be the same wherever they stood for the same thing, in order; each has its `‹kind›`. */
  readonly values: readonly string[];
}

/** The letters of generated names and hashes. */
const SAFE = '[bcdfghjklmnpqrstvwxz2456789]';

/** Times, addresses and paths: one mark for all values. A trailing ` +` is the padding of a column. */
const LOOSE: readonly (readonly [pattern: RegExp, mark: string])[] = [
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '‹time›'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, '‹time›'],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '‹time›'],
  [/\b10\.\d+\.\d+\.\d+\b(?: +)?/g, '‹ip› '],
  [/[^\s"]*\/(LIVE|MERGED)-\d+/g, '‹path›/$1'],
  [/(?<![\w.:=-])(?:\d+[smhdy])+(?![\w.-])(?: +)?/g, '‹age› '],
  [/\b(AGE|Age|LAST SEEN|Last Seen|IP) +(?=\S)/g, '$1 '],
];

/** Values that stand for something: the same value, the same thing. The last group is the value. */
const NAMED: readonly (readonly [pattern: RegExp, kind: string])[] = [
  [/()\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g, 'uid'],
  [/(\bresourceVersion"?: ")(\d+)(?=")/g, 'version'],
  [new RegExp(`(controller-revision-hash(?:=|"?: "?))(${SAFE}{6,10})(?![\\w-])`, 'g'), 'hash'],
  [new RegExp(`(\\b[a-z0-9][a-z0-9-]*-)(${SAFE}{6,10})(?![\\w-])`, 'g'), 'hash'],
  [new RegExp(`(\\b[a-z0-9][a-z0-9-]*-)(${SAFE}{5})(?![\\w-])`, 'g'), 'name'],
];

/** Masks one line of output. */
export function maskLine(line: string): MaskedLine {
  let text = line;
  for (const [pattern, mark] of LOOSE) text = text.replace(pattern, mark);
  // The value goes into its mark first, so that the order of the patterns is not that of the values.
  for (const [pattern, kind] of NAMED) text = text.replace(pattern, `$1‹${kind}:$2›`);
  const values: string[] = [];
  text = text.replace(/‹(\w+):([^›]*)›/g, (_, kind: string, value: string) => {
    values.push(`${kind}:${value}`);
    return `‹${kind}›`;
  });
  return { text, values };
}
