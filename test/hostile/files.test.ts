import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openInProcess } from '../support/in-process.ts';
import { openBoundedShell } from './bounded-shell.ts';

const shell = openBoundedShell();
afterAll(() => shell.remove());

type Pieces = Parameters<typeof shell.file> extends [string, ...infer Rest] ? Rest : never;

const times = (piece: string, count: number) => ({ piece, times: count });
const N = 10_000;
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

/** Files that somebody made to hurt, and the one error that each gives. */
const CASES: readonly (readonly [string, string, Pieces, string])[] = [
  [
    'aliases that stand for ten to the ninth values',
    'a.yaml',
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]\n',
      ...'bcdefghi'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]\n`),
    ],
    'document contains excessive aliasing',
  ],
  ['an alias of itself', 'a.yaml', ['a: &a [*a]\n'], "anchor 'a' value contains itself"],
  [
    'lists in lists',
    'a.yaml',
    ['a: ', times('[', N), times(']', N), '\n'],
    'yaml: exceeded max depth of 1000',
  ],
  ['lists in lists, by dashes', 'a.yaml', [times('- ', N), '1\n'], 'yaml: exceeded max depth of 1000'],
  ['keys that are keys', 'a.yaml', [times('? ', N)], 'yaml: exceeded max depth of 1000'],
  [
    'maps in maps, by indentation',
    'a.yaml',
    Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}a:\n`),
    'yaml: exceeded max depth of 1000',
  ],
  [
    'maps in maps, as JSON',
    'a.json',
    [times('{"a":', N), '1', times('}', N)],
    'json: exceeded max depth of 1000',
  ],
  ['100 MB of one YAML value', 'a.yaml', [MAP, 'data:\n  a: ', times('x', 100_000_000)], 'is too long'],
  ['100 MB of JSON that never ends', 'a.json', ['{"a":"', times('x', 100_000_000)], 'unexpected EOF'],
  [
    '100 MB of opening braces',
    'a.json',
    [times('{', 100_000_000)],
    'looking for beginning of object key string',
  ],
  ['20 MB of digits', 'a.yaml', ['a: ', times('1', 20_000_000)], 'apiVersion not set'],
  ['20 MB of line breaks', 'a.yaml', ['a: >\n', times('\n', 20_000_000)], 'lines is too long'],
  [
    '10 million empty objects',
    'a.json',
    ['{"items":[', times('{},', 10_000_000), '{}]}'],
    'values in one document',
  ],
  ['300,000 documents that are nothing', 'a.yaml', [times('---\n', 300_000)], 'no objects passed to create'],
  [
    '300,000 documents, the first of them wrong',
    'a.yaml',
    [times('---\na: 1\n', 300_000)],
    'apiVersion not set, kind not set',
  ],
  [
    'a key of a megabyte',
    'a.yaml',
    [MAP, 'data:\n  ', times('k', 1 << 20), ': v\n'],
    'mapping values are not allowed',
  ],
  [
    'a key of a megabyte in quotes',
    'a.json',
    [
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"',
      times('k', 1 << 20),
      '":"v"}}',
    ],
    'must be no more than 253 characters',
  ],
  [
    'bytes that are no UTF-8',
    'a.yaml',
    [MAP, Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0xc0, 0x80, 0x0a])],
    'invalid leading UTF-8 octet',
  ],
  ['NUL', 'a.yaml', [MAP, 'data: {a: "b\0c"}\n'], 'control characters are not allowed'],
  [
    'a number beyond all numbers',
    'a.yaml',
    ['apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {minReadySeconds: 1e400}\n'],
    'cannot unmarshal',
  ],
  [
    'a number beyond all numbers, as JSON',
    'a.json',
    ['{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"a"},"spec":{"minReadySeconds":1e400}}'],
    'cannot unmarshal number',
  ],
];

describe('files', () => {
  test.each(CASES)('%s: one clear error', (_what, name, pieces, error) => {
    const path = shell.file(name, ...pieces);
    const { status, err } = shell.run(['create', '-f', path]);
    expect(status).toBe(1);
    expect(err).toContain(error);
    expect(err).not.toMatch(/ {4}at |RangeError|TypeError|call stack/);
  });

  test.skipIf(!existsSync('/dev/zero'))('a file without end is refused when it has become too long', () => {
    const { status, err } = shell.run(['create', '-f', '/dev/zero']);
    expect([status, err]).toEqual([1, 'error: /dev/zero has more than 536869888 bytes\n']);
  });

  test('a byte order mark is no part of the text', () => {
    const path = shell.file('bom.yaml', '\ufeffapiVersion: v1\nkind: ConfigMap\nmetadata: {name: bom}\n');
    expect(shell.run(['create', '--dry-run=server', '-f', path]).out).toBe(
      'configmap/bom created (server dry run)\n',
    );
  });
});

describe('names that all objects of JavaScript know', () => {
  const WORDS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

  test('are keys, labels and values like others', () => {
    const keys = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const labels = Object.fromEntries(keys.map((key) => [key, `v-${key}`]));
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'words', labels, annotations: labels },
      data: labels,
    };
    const text = JSON.stringify(object).replace('"data":{', '"data":{"__proto__":"own",');
    expect(shell.run(['apply', '-f', '-'], text)).toMatchObject({ status: 0, err: '' });
    const { out } = shell.run(['get', 'configmap', 'words', '-o', 'json']);
    const { metadata, data } = JSON.parse(out) as {
      metadata: { labels: object };
      data: Record<string, string>;
    };
    expect(metadata.labels).toEqual(labels);
    expect(Object.entries(data)).toContainEqual(['__proto__', 'own']);
    expect(shell.run(['get', 'configmap', '-l', 'constructor=v-constructor', '-o', 'name']).out).toBe(
      'configmap/words\n',
    );
    expect(shell.run(['get', 'configmap', '-l', 'isPrototypeOf', '-o', 'name']).out).toBe('');
  });

  test.each(WORDS)('%s is no resource, no flag, no field, no column and no object', async (word) => {
    const { run, remove } = openInProcess();
    expect((await run(['get', word])).err).toContain(`the server doesn't have a resource type "${word}"`);
    expect((await run(['get', 'nodes', `--${word}=1`])).err).toContain(`unknown flag: --${word}`);
    expect((await run([word])).err).toContain('unknown command');
    expect((await run(['explain', `pods.${word}`])).code).toBe(1);
    expect((await run(['get', 'namespace', 'default', '-o', `jsonpath={.metadata.x.${word}}`])).out).toBe('');
    expect((await run(['get', 'namespace', word])).code).toBe(1);
    remove();
  });

  test('patches reach only the object', () => {
    const patch =
      '{"metadata":{"labels":{"a":"b"}},"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}}}';
    for (const type of ['merge', 'strategic']) {
      shell.run(['patch', 'configmap', 'words', '--type', type, '-p', patch]);
      expect(shell.run(['get', 'configmap', 'words', '-o', 'json']).out).not.toContain('polluted');
    }
  });
});
