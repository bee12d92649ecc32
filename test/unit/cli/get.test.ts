import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
const configMap = (name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more } });

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['create', 'node', 'n', '--count', '2']);
  await cli.ok(['create', 'namespace', 'agents']);
  await cli.ok(['create', '-f', '-'], configMap('a10', { labels: { team: 'x' } }));
  await cli.ok(['create', '-f', '-'], configMap('a2'));
  await cli.ok(['create', '-f', '-', '-n', 'agents'], configMap('b'));
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'agents.example.test' },
      spec: {
        group: 'example.test',
        scope: 'Namespaced',
        names: { plural: 'agents', kind: 'Agent', shortNames: ['ag'], categories: ['all', 'ours'] },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: 'Mode', type: 'string', jsonPath: '.spec.mode' }],
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    }),
  );
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'example.test/v1',
      kind: 'Agent',
      metadata: { name: 'smith' },
      spec: { mode: 'calm' },
    }),
  );
});
afterAll(() => cli.remove());

const out = (...args: string[]): Promise<string> => cli.ok(['get', ...args]);

describe('resources', () => {
  test.each(['configmaps', 'configmap', 'cm', 'ConfigMap', 'configmaps.v1.'])(
    'are found by the name %s',
    async (word) => {
      expect(await out(word, '-o', 'name')).toBe('configmap/a10\nconfigmap/a2\n');
    },
  );

  test.each([
    'agents',
    'ag',
    'agent',
    'agents.example.test',
    'agents.example',
    'agents.v1.example.test',
    'ours',
  ])('of definitions are found by the name %s', async (word) => {
    expect(await out(word, '-o', 'name')).toBe('agent.example.test/smith\n');
  });

  test.each([
    [['nope'], 'error: the server doesn\'t have a resource type "nope"\n'],
    [['nope.example.test'], 'error: the server doesn\'t have a resource type "nope"\n'],
    [['cm,'], 'error: the server doesn\'t have a resource type ""\n'],
    [['cm/'], 'error: arguments in resource/name form must have a single resource and name\n'],
    [['cm/a/b'], 'error: arguments in resource/name form may not have more than one slash\n'],
    [
      ['cm/a2', 'nodes'],
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kdaemon get resource/<resource_name>' instead of 'kdaemon get resource resource/<resource_name>'\n",
    ],
    [['cm', 'a2', '-A'], 'error: a resource cannot be retrieved by name across all namespaces\n'],
    [
      ['cm', '-f', '-'],
      'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well\n',
    ],
    [['cm', '--show-labels', '-o', 'json'], 'error: --show-labels option cannot be used with json printer\n'],
    [['cm', '-o', 'jsonpath={.items['], 'error: error parsing jsonpath {.items[, unterminated array\n'],
    [
      ['cm', '--sort-by', '.spec.x'],
      'error: couldn\'t find any field with path "{.spec.x}" in the list of objects\n',
    ],
  ])('%j is refused', async (args, err) => {
    expect(await cli.run(['get', ...args])).toEqual({ code: 1, out: '', err });
  });
});

describe('tables', () => {
  test('of several kinds have the kind in the names and an empty line between them', async () => {
    expect(await out('cm,nodes,ag')).toBe(
      `NAME            DATA   AGE
configmap/a10   0      0s
configmap/a2    0      0s

NAME       STATUS    ROLES    AGE   VERSION
node/n-1   Unknown   <none>   0s    
node/n-2   Unknown   <none>   0s    

NAME                       MODE
agent.example.test/smith   calm
`,
    );
  });

  test('of several kinds have no empty lines without headings', async () => {
    expect(await out('cm/a2', 'node/n-1', '--no-headers')).toBe(
      'configmap/a2   0     0s\nnode/n-1   Unknown   <none>   0s    \n',
    );
  });

  test('of all namespaces say which, with an empty column for kinds without one that come later', async () => {
    expect(await out('cm,nodes', '-A')).toBe(
      `NAMESPACE   NAME            DATA   AGE
agents      configmap/b     0      0s
default     configmap/a10   0      0s
default     configmap/a2    0      0s

NAMESPACE   NAME       STATUS    ROLES    AGE   VERSION
            node/n-1   Unknown   <none>   0s    
            node/n-2   Unknown   <none>   0s    
`,
    );
    expect(await out('nodes,ns', '-A', '--no-headers')).toMatch(/^node\/n-1 /);
  });

  test('show labels in columns and as a whole', async () => {
    expect(await out('cm', '-L', 'example.test/team,team', '--show-labels')).toBe(
      `NAME   DATA   AGE   TEAM   TEAM   LABELS
a10    0      0s           x      team=x
a2     0      0s                  <none>
`,
    );
  });

  test('are sorted by a field, byte by byte', async () => {
    expect(await out('cm', '--sort-by', '{.metadata.name}', '-o', 'name')).toBe(
      'configmap/a10\nconfigmap/a2\n',
    );
    expect(await out('cm', '--sort-by', 'metadata.labels.team', '-o', 'name')).toBe(
      'configmap/a2\nconfigmap/a10\n',
    );
  });

  test('of events put the kind into the column of names alone', async () => {
    await cli.ok(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'x.1' },
        involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' },
        reason: 'Tested',
        message: 'two\nlines',
        type: 'Normal',
      }),
    );
    expect(await out('events', '--show-kind')).toMatch(
      /^LAST SEEN .*\n<unknown> +Normal +Tested +pod\/x +two\.\.\.\n$/,
    );
    expect(await out('events', '--show-kind', '-o', 'wide')).toMatch(/ event\/x\.1\n$/);
  });
});

describe('nothing found', () => {
  test.each([
    [['pods'], 'No resources found in default namespace.\n'],
    [['pods', '-n', 'nowhere'], 'No resources found in nowhere namespace.\n'],
    [['pods', '-A'], 'No resources found\n'],
    [['pods,pv'], 'No resources found\n'],
    [['pods', '--ignore-not-found'], ''],
    [['pods', '-o', 'name'], ''],
    [['pod', 'x', '--ignore-not-found'], ''],
  ])('%j says so on standard error, and is no failure', async (args, err) => {
    expect(await cli.run(['get', ...args])).toEqual({ code: 0, out: '', err });
  });

  test('keeps what was found, and fails', async () => {
    const { code, out: found, err } = await cli.run(['get', 'cm', 'a2', 'x', '-o', 'json']);
    expect([code, err]).toEqual([1, 'Error from server (NotFound): configmaps "x" not found\n']);
    expect(JSON.parse(found)).toMatchObject({ kind: 'List', items: [{ metadata: { name: 'a2' } }] });
  });
});

describe('objects', () => {
  test('by one name are printed as they are, else in a list', async () => {
    expect(JSON.parse(await out('cm', 'a2', '-o', 'json'))).toMatchObject({ kind: 'ConfigMap' });
    for (const args of [['cm'], ['cm', 'a2', 'a10'], ['pods']]) {
      expect(JSON.parse(await out(...args, '-o', 'json'))).toMatchObject({
        apiVersion: 'v1',
        kind: 'List',
        metadata: { resourceVersion: '' },
      });
    }
  });

  test('of a manifest are found by what it names', async () => {
    const file = join(cli.folder, 'b.json');
    writeFileSync(file, configMap('b', { namespace: 'agents' }));
    expect(await out('-f', file, '-o', 'name')).toBe('configmap/b\n');
    expect(JSON.parse(await out('-f', file, '-o', 'json'))).toMatchObject({ kind: 'ConfigMap' });
  });
});
