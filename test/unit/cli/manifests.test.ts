import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandError, ManyErrors, PlainError } from '../../../src/cli/errors.ts';
import { failureOf, type ManifestEntry, noObjects, readManifests } from '../../../src/cli/manifests.ts';

const CONFIG_MAP = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

let home: string;
const previous = process.cwd();

/** Writes files into the working directory. */
function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), content);
  }
}

async function read(
  files: readonly string[],
  options: { recursive?: boolean; validate?: boolean; input?: string } = {},
): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = [];
  const { recursive = false, validate = false, input = '' } = options;
  for await (const entry of readManifests({ files, recursive, validate, readInput: async () => input })) {
    entries.push(entry);
  }
  return entries;
}

/** Names of objects, and messages of problems. */
async function summary(...given: Parameters<typeof read>): Promise<string[]> {
  return (await read(...given)).map((entry) => {
    if (entry.kind === 'problem') return entry.message;
    const { metadata } = entry.value;
    return String((metadata as { name?: string } | undefined)?.name);
  });
}

/** The summary of one file with this content. */
function ofText(text: string, validate = false): Promise<string[]> {
  write({ 't.yaml': text });
  return summary(['t.yaml'], { validate });
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'manifests-'));
  process.chdir(home);
});

afterAll(() => {
  process.chdir(previous);
  rmSync(home, { recursive: true });
});

describe('files', () => {
  beforeAll(() => {
    write({
      'd/b.yaml': CONFIG_MAP('b'),
      'd/a.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}',
      'd/sub/c.yml': CONFIG_MAP('c'),
      'd/notes.txt': CONFIG_MAP('notes'),
      'text/notes.txt': 'hi',
    });
    mkdirSync('empty');
  });

  test('of a directory come in order of their names, if they are manifests', async () => {
    expect(await summary(['d'])).toEqual(['a', 'b']);
  });

  test('of its directories come only when asked for', async () => {
    expect(await summary(['d'], { recursive: true })).toEqual(['a', 'b', 'c']);
  });

  test('that are named need no extension', async () => {
    expect(await summary(['d/notes.txt'])).toEqual(['notes']);
  });

  test('can be named twice and by pattern', async () => {
    expect(await summary(['d/*.yaml', 'd/b.yaml', '*/a.js?n', 'd/[ab].yaml'])).toEqual(['b', 'b', 'a', 'b']);
  });

  test('from standard input are called STDIN', async () => {
    expect(await read(['-'], { input: CONFIG_MAP('x') })).toMatchObject([{ source: 'STDIN', document: 1 }]);
    expect(await summary(['-'], { input: 'a: [' })).toEqual([
      'error parsing STDIN: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ]);
  });

  test('in UTF-16 are read, and bytes that are no text are refused', async () => {
    write({
      'utf16.yaml': Buffer.from(`\ufeff${CONFIG_MAP('x')}`, 'utf16le'),
      'bytes.yaml': new Uint8Array([0x61, 0xff, 0xfe]),
    });
    expect(await summary(['utf16.yaml', 'bytes.yaml'])).toEqual([
      'x',
      'error parsing bytes.yaml: error converting YAML to JSON: yaml: invalid leading UTF-8 octet',
    ]);
  });

  test.each([
    ['missing.yaml', 'the path "missing.yaml" does not exist'],
    ['q/*.yaml', 'the path "q/*.yaml" does not exist'],
    ['d/[', 'pattern "d/[" is not valid: syntax error in pattern'],
    ['d/b.yaml/x', 'the path "d/b.yaml/x" cannot be accessed: stat d/b.yaml/x: not a directory'],
    ['empty', 'error reading [empty]: recognized file extensions are [.json .yaml .yml]'],
    ['text', 'error reading [text]: recognized file extensions are [.json .yaml .yml]'],
    [
      'https://example.test/x.yaml',
      'manifests cannot be read from a URL; download https://example.test/x.yaml and name the file',
    ],
  ])('%s stops everything before the first is read', async (path, message) => {
    await expect(read(['d', path])).rejects.toThrow(new CommandError(message));
  });

  test('that are missing are all named', async () => {
    await expect(read(['x', 'y'])).rejects.toMatchObject({
      errors: [new PlainError('the path "x" does not exist'), new PlainError('the path "y" does not exist')],
    });
  });
});

describe('documents', () => {
  test('know their place and their repeated keys', async () => {
    write({ 't.yaml': `---\n${CONFIG_MAP('a')}---\n# nothing\n---\nkind: First\nkind: Second\n` });
    expect(await read(['t.yaml'])).toEqual([
      {
        kind: 'object',
        source: 't.yaml',
        document: 1,
        value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        duplicateKeys: [],
      },
      {
        kind: 'object',
        source: 't.yaml',
        document: 2,
        value: { kind: 'Second' },
        duplicateKeys: ['line 2: key "kind" already set in map'],
      },
    ]);
  });

  test('behind one that is no object are read, behind one that is no YAML are not', async () => {
    expect(
      await ofText(`${CONFIG_MAP('a')}---\nx: 1\n---\n${CONFIG_MAP('b')}---\na: [\n---\n${CONFIG_MAP('c')}`),
    ).toEqual([
      'a',
      `unable to decode "t.yaml": Object 'Kind' is missing in '{"x":1}'`,
      'b',
      'error parsing t.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    ]);
  });

  test('of the next file are read all the same', async () => {
    write({ 'bad.yaml': 'a: [\n', 'good.yaml': CONFIG_MAP('a') });
    expect(await summary(['bad.yaml', 'good.yaml'])).toEqual([
      'error parsing bad.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content',
      'a',
    ]);
  });

  // Client-side decoding errors of kubectl 1.37 with --validate=false.
  test.each([
    ['- a\n', 'json: cannot unmarshal array into Go value of type unstructured.detector'],
    ['xx\n', 'json: cannot unmarshal string into Go value of type unstructured.detector'],
    ['5', 'json: cannot unmarshal number into Go value of type unstructured.detector'],
    [
      'kind: 5\napiVersion: <v1>\n',
      `Object 'Kind' is missing in '{"apiVersion":"\\u003cv1\\u003e","kind":5}'`,
    ],
    ['kind: X\napiVersion: a/b/c\n', `Object 'Kind' is missing in '{"apiVersion":"a/b/c","kind":"X"}'`],
    [
      'kind: X\napiVersion: 5\n',
      'json: cannot unmarshal number into Go struct field metadataOnlyObject.apiVersion of type string',
    ],
    [
      'kind: X\nmetadata: 5\n',
      'json: cannot unmarshal number into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta',
    ],
    [
      'kind: X\nmetadata: {name: 5}\n',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
    ],
    [
      'kind: X\nmetadata: {labels: {a: yes}}\n',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'kind: X\nmetadata: {labels: [a]}\n',
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      'kind: X\nmetadata: {labels: {a: 1}, annotations: {x: {y: 1}}}\n',
      'json: cannot unmarshal object into Go struct field ObjectMeta.metadata.annotations of type string',
    ],
    [
      'kind: X\nmetadata: {finalizers: {a: 1}}\n',
      'json: cannot unmarshal object into Go struct field ObjectMeta.metadata.finalizers of type []string',
    ],
    [
      'kind: List\nitems: {}\n',
      'json: cannot unmarshal object into Go struct field decodeList.items of type []json.RawMessage',
    ],
    [
      'kind: List\nitems: [5]\n',
      'json: cannot unmarshal number into Go value of type map[string]interface {}',
    ],
  ])('%j cannot be decoded', async (text, reason) => {
    expect(await ofText(text)).toEqual([`unable to decode "t.yaml": ${reason}`]);
  });

  test('with a label of null can be decoded', async () => {
    expect(await ofText('kind: X\nmetadata: {name: a, labels: {a: null}}')).toEqual(['a']);
  });
});

describe('lists', () => {
  test('are taken apart, lists in lists too', async () => {
    const inner = '{kind: List, items: [{kind: X, metadata: {name: b}}]}';
    expect(await ofText(`kind: List\nitems: [{kind: X, metadata: {name: a}}, ${inner}]`)).toEqual(['a', 'b']);
  });

  test('of one kind give it to items that name none', async () => {
    write({
      't.yaml':
        'apiVersion: apps/v1\nkind: DaemonSetList\nitems:\n- metadata: {name: a}\n- {apiVersion: v1, kind: Pod}\n',
    });
    expect((await read(['t.yaml'])).map((entry) => entry.kind === 'object' && entry.value)).toEqual([
      { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'Pod' },
    ]);
  });

  test('of no kind need items that name theirs', async () => {
    expect(await ofText('apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]')).toEqual([
      `unable to get type info from the object "*unstructured.Unstructured": Object 'Kind' is missing in 'object has no kind field '`,
    ]);
  });

  test.each(['[]', 'null'])('with items: %s are empty', async (items) => {
    expect(await ofText(`kind: List\nitems: ${items}`)).toEqual([]);
  });
});

describe('validation', () => {
  const advice = 'if you choose to ignore these errors, turn validation off with --validate=false';

  test.each([
    ['apiVersion: v1\n', 'kind not set'],
    ['kind: ConfigMap\n', 'apiVersion not set'],
    ['a: 1\n', '[apiVersion not set, kind not set]'],
    ['apiVersion: v1\nkind: 5\n', "kind isn't string type"],
    ['apiVersion: a/b/c\nkind: X\n', 'unexpected GroupVersion string: a/b/c'],
    ['- a\n', 'invalid object to validate'],
    ['apiVersion: v1\nkind: List\n', 'invalid object to validate'],
    [
      'apiVersion: v1\nkind: List\nitems: [{a: 1}, {b: 1}, 5]\n',
      '[apiVersion not set, kind not set, invalid object to validate]',
    ],
  ])('%j ends its file', async (text, reason) => {
    expect(await ofText(`${text}---\n${CONFIG_MAP('a')}`, true)).toEqual([
      `error validating "t.yaml": error validating data: ${reason}; ${advice}`,
    ]);
  });
});

describe('failures', () => {
  test('that stand alone begin with error:, in company they do not', () => {
    expect(failureOf([])).toBeUndefined();
    expect(failureOf(['x'])).toEqual(new CommandError('x'));
    expect(failureOf(['x', new CommandError('y')])).toEqual(
      new ManyErrors([new PlainError('x'), new PlainError('y')]),
    );
  });

  test('of other kinds stay what they are', () => {
    const other = new Error('z');
    expect(failureOf([other])).toBe(other);
    expect((failureOf(['x', other]) as ManyErrors).errors[1]).toBe(other);
  });

  test('name the verb that found nothing', () => {
    expect(noObjects('apply').message).toBe('no objects passed to apply');
  });
});
