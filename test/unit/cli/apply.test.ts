import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const configMap = (name: string, data: object = {}, metadata: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data });
const apply = (manifest: string, ...flags: string[]): Promise<string> =>
  cli.ok(['apply', '-f', '-', ...flags], manifest);
const read = async (...args: string[]) => JSON.parse(await cli.ok(['get', ...args, '-o', 'json']));

const definition = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'agents.example.test' },
  spec: {
    group: 'example.test',
    scope: 'Namespaced',
    names: { plural: 'agents', kind: 'Agent' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});
const agent = (spec: object): string =>
  JSON.stringify({ apiVersion: 'example.test/v1', kind: 'Agent', metadata: { name: 'smith' }, spec });

test('creates, configures and leaves unchanged', async () => {
  expect(await apply(configMap('a', { x: '1' }))).toBe('configmap/a created\n');
  expect(await apply(configMap('a', { x: '1' }))).toBe('configmap/a unchanged\n');
  expect(await apply(configMap('a', { x: '2' }))).toBe('configmap/a configured\n');
});

test('removes what the last manifest had, and keeps what others set', async () => {
  await apply(configMap('a', { mine: '1', dropped: '1' }, { labels: { old: 'x' } }));
  const live = await read('cm', 'a');
  await cli.ok(['delete', 'cm', 'a']);
  live.data.theirs = '1';
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({ ...live, metadata: { ...live.metadata, uid: undefined } }),
  );
  await apply(configMap('a', { mine: '2' }));
  const { data, metadata } = await read('cm', 'a');
  expect(data).toEqual({ mine: '2', theirs: '1' });
  expect(metadata.labels).toBeUndefined();
});

test('does the same for custom resources', async () => {
  await apply(definition);
  expect(await apply(agent({ mine: [1, 2], dropped: 1 }))).toBe('agent.example.test/smith created\n');
  expect(await apply(agent({ mine: [1] }))).toBe('agent.example.test/smith configured\n');
  expect((await read('agent.example.test', 'smith')).spec).toEqual({ mine: [1] });
  expect(await apply(agent({ mine: [1] }))).toBe('agent.example.test/smith unchanged\n');
});

test('finds all kinds before it applies the first object, so a definition does not serve its own file', async () => {
  const missing = `resource mapping not found for name: "smith" namespace: "" from "STDIN": no matches for kind "Agent" in version "example.test/v1"
ensure CRDs are installed first`;
  expect(await cli.run(['apply', '-f', '-'], { input: definition + agent({}) })).toEqual({
    code: 1,
    out: 'customresourcedefinition.apiextensions.k8s.io/agents.example.test created\n',
    err: `error: ${missing}\n`,
  });
  expect(await apply(definition + agent({}))).toBe(
    'customresourcedefinition.apiextensions.k8s.io/agents.example.test unchanged\nagent.example.test/smith created\n',
  );
});

test('goes on behind failures, and names them all in the end', async () => {
  const nowhere = configMap('b', {}, { namespace: 'nowhere' });
  const other = '{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"c"}}';
  expect(await cli.run(['apply', '-f', '-'], { input: other + nowhere + configMap('a') })).toEqual({
    code: 1,
    out: 'configmap/a created\n',
    err: `resource mapping not found for name: "c" namespace: "" from "STDIN": no matches for kind "ConfigMap" in version "v2"
ensure CRDs are installed first
Error from server (NotFound): error when creating "STDIN": namespaces "nowhere" not found
`,
  });
});

test.each([
  ['client', 'configmap/a created (dry run)\n', 'configmap/b configured (dry run)\n'],
  ['server', 'configmap/a created (server dry run)\n', 'configmap/b configured (server dry run)\n'],
])('writes nothing with --dry-run=%s', async (strategy, created, configured) => {
  await apply(configMap('b', { x: '1' }));
  expect(await apply(configMap('a'), `--dry-run=${strategy}`)).toBe(created);
  expect(await apply(configMap('b', { x: '2' }), `--dry-run=${strategy}`)).toBe(configured);
  expect((await read('cm')).items.map((one: { data: object }) => one.data)).toEqual([{ x: '1' }]);
});

test('prints several objects as one list, one as it is, and names at once', async () => {
  const both = configMap('a') + configMap('b');
  expect(JSON.parse(await apply(both, '-o', 'json'))).toMatchObject({
    kind: 'List',
    items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
  });
  expect(JSON.parse(await apply(configMap('a'), '-o', 'json'))).toMatchObject({ kind: 'ConfigMap' });
  expect(await apply(both, '-o', 'name')).toBe('configmap/a\nconfigmap/b\n');
});

test('says when what it changes is on its way out', async () => {
  await apply(configMap('a', {}, { finalizers: ['example.test/hold'] }));
  await cli.ok(['delete', 'cm', 'a']);
  const { out, err } = await cli.run(['apply', '-f', '-'], {
    input: configMap('a', { x: '1' }, { finalizers: ['example.test/hold'] }),
  });
  expect([out, err]).toEqual([
    'configmap/a configured\n',
    'Warning: Detected changes to resource a which is currently being deleted.\n',
  ]);
});

test('refuses to compare with an annotation that is no manifest', async () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'not JSON' };
  await cli.ok(['create', '-f', '-'], configMap('a', {}, { annotations }));
  const { code, err } = await cli.run(['apply', '-f', '-'], { input: configMap('a') });
  expect(code).toBe(1);
  expect(err).toMatch(
    /^error: error when creating patch with:\noriginal:\nnot JSON\nmodified:\n\{.*\nfor: "STDIN": /s,
  );
});

test.each([
  [
    ['-k', 'x'],
    '',
    'error: kustomizations are not supported: pipe what "kubectl kustomize x" prints into -f -\n',
  ],
  [[], '', 'error: must specify one of -f and -k\n'],
  [['x'], '', "error: Unexpected args: [x]\nSee 'kdaemon apply -h' for help and examples\n"],
  [
    ['-f', '-'],
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}',
    'error: from a-: cannot use generate name with apply\n',
  ],
  [
    ['-f', '-'],
    '{"apiVersion":"v1","kind":"ConfigMap"}',
    'error: error when retrieving current configuration of:\nResource: "/v1, Resource=configmaps", GroupVersionKind: "/v1, Kind=ConfigMap"\nName: "", Namespace: "default"\nfrom server for: "STDIN": resource name may not be empty\n',
  ],
])('apply %j of %j is refused', async (args, input, err) => {
  expect(await cli.run(['apply', ...args], { input })).toEqual({ code: 1, out: '', err });
});
