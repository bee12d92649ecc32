import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const configMap = (name: string, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });
const read = async (...args: string[]) => JSON.parse(await cli.ok(['get', ...args, '-o', 'json']));

describe('create -f', () => {
  test('goes on behind a refusal, and fails in the end', async () => {
    await cli.ok(['create', '-f', '-'], configMap('a'));
    expect(await cli.run(['create', '-f', '-'], { input: `${configMap('a')}${configMap('b')}` })).toEqual({
      code: 1,
      out: 'configmap/b created\n',
      err: 'Error from server (AlreadyExists): error when creating "STDIN": configmaps "a" already exists\n',
    });
  });

  test('creates nothing with a format that it has not', async () => {
    const { code, out } = await cli.run(['create', '-f', '-', '-o', 'bogus'], { input: configMap('a') });
    expect([code, out]).toEqual([1, '']);
    expect(await cli.ok(['get', 'cm'])).toBe('');
  });

  test.each([
    ['client', 'configmap/a created (dry run)\n'],
    ['server', 'configmap/a created (server dry run)\n'],
  ])('keeps nothing with --dry-run=%s', async (strategy, out) => {
    expect(await cli.ok(['create', '-f', '-', `--dry-run=${strategy}`], configMap('a'))).toBe(out);
    expect(await cli.ok(['get', 'cm'])).toBe('');
  });

  test('prints one YAML document after another', async () => {
    const text = await cli.ok(
      ['create', '-f', '-', '-o', 'yaml', '--dry-run=client'],
      configMap('a') + configMap('b'),
    );
    expect(text).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: default\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  namespace: default\n',
    );
  });

  test('saves the manifest for apply with --save-config', async () => {
    await cli.ok(['create', '-f', '-', '--save-config'], configMap('a', { data: { b: '<&>', a: '1' } }));
    expect((await read('cm', 'a')).metadata.annotations).toEqual({
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"apiVersion":"v1","data":{"a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n',
    });
  });

  test('warns of unknown fields, or drops them in silence, as --validate says', async () => {
    const manifest = (name: string) => configMap(name, { colour: 'red' });
    expect(await cli.run(['create', '-f', '-', '--validate=warn'], { input: manifest('a') })).toEqual({
      code: 0,
      out: 'configmap/a created\n',
      err: 'Warning: unknown field "colour"\n',
    });
    expect((await cli.run(['create', '-f', '-', '--validate=false'], { input: manifest('b') })).err).toBe('');
    expect((await cli.run(['create', '-f', '-', '--validate'], { input: manifest('c') })).err).toContain(
      'strict decoding error: unknown field "colour"',
    );
  });

  test('lets a definition serve the rest of its file', async () => {
    const definition = JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'agents.example.test' },
      spec: {
        group: 'example.test',
        scope: 'Cluster',
        names: { plural: 'agents', kind: 'Agent' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    });
    const agent = '{"apiVersion":"example.test/v1","kind":"Agent","metadata":{"name":"smith"}}';
    expect(await cli.ok(['create', '-f', '-'], definition + agent)).toBe(
      'customresourcedefinition.apiextensions.k8s.io/agents.example.test created\nagent.example.test/smith created\n',
    );
  });

  test.each([
    [['create', 'x'], "error: Unexpected args: [x]\nSee 'kdaemon create -h' for help and examples\n"],
    [
      ['create', '-k', 'folder'],
      'error: kustomizations are not supported: pipe what "kubectl kustomize folder" prints into -f -\n',
    ],
    [
      ['create', '-f', '-', '--validate=foo'],
      'error: invalid - validate option "foo"; must be one of: strict (or true), warn, ignore (or false)\n',
    ],
    [
      ['create', '-f', '-', '--dry-run=foo'],
      'error: Invalid dry-run value (foo). Must be "none", "server", or "client".\n',
    ],
    [
      ['create', '-f', '-', '-n', 'b'],
      'error: the namespace from the provided object "a" does not match the namespace "b". You must pass \'--namespace=a\' to perform this operation.\n',
    ],
  ])('%j is refused', async (args, err) => {
    const input = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"a"}}';
    expect(await cli.run(args, { input })).toEqual({ code: 1, out: '', err });
  });
});

describe('create node', () => {
  test('makes a node of the flags', async () => {
    await cli.ok([
      ...['create', 'node', 'w', '--label', 'disk=ssd,zone=a', '--label', 'empty='],
      ...['--taint', 'a=b:NoSchedule', '--taint', 'c:NoExecute'],
      ...['--cpu', '500m', '--memory', '1Gi', '--pods', '5'],
    ]);
    expect(await read('node', 'w')).toMatchObject({
      metadata: {
        labels: {
          disk: 'ssd',
          zone: 'a',
          empty: '',
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': 'w',
          'kubernetes.io/os': 'linux',
        },
      },
      spec: {
        taints: expect.arrayContaining([
          { key: 'a', value: 'b', effect: 'NoSchedule' },
          { key: 'c', effect: 'NoExecute' },
        ]),
      },
      status: {
        capacity: { cpu: '500m', memory: '1Gi', pods: '5' },
        allocatable: { cpu: '500m', memory: '1Gi', pods: '5' },
      },
    });
  });

  test('numbers the names behind --count, and goes on where one exists', async () => {
    await cli.ok(['create', 'node', 'w-2']);
    expect(await cli.run(['create', 'node', 'w', '--count', '3'])).toEqual({
      code: 1,
      out: 'node/w-1 created\nnode/w-3 created\n',
      err: 'Error from server (AlreadyExists): nodes "w-2" already exists\n',
    });
    expect(await cli.ok(['create', 'node', 'w-2', '--count', '1'])).toBe('node/w-2-1 created\n');
  });

  test('makes as many as are asked for', async () => {
    await cli.ok(['create', 'node', 'w', '--count', '1200', '-o', 'name']);
    expect((await read('nodes')).items).toHaveLength(1200);
  });

  test.each([
    [[], "error: exactly one NAME is required, got 0\nSee 'kdaemon create node -h' for help and examples\n"],
    [['w', '--count', '0'], 'error: --count must be at least 1\n'],
    [['w', '--taint', 'x'], 'error: invalid taint spec: x\n'],
    [['w', '--label', '=x'], 'error: invalid label spec: =x\n'],
    [
      ['w', '--cpu', 'much'],
      'Error from server (BadRequest): Node in version "v1" cannot be handled as a Node: ',
    ],
  ])('%j is refused', async (args, err) => {
    const ran = await cli.run(['create', 'node', ...args]);
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err.startsWith(err)).toBe(true);
  });
});

describe('create configmap', () => {
  test('takes literals, files, and the files of a folder', async () => {
    const folder = join(cli.folder, 'conf');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'rules.txt'), 'grün\n');
    writeFileSync(join(folder, 'image.bin'), new Uint8Array([0xff, 0x00]));
    await cli.ok([
      ...['create', 'configmap', 'c', `--from-file=${folder}`],
      ...[`--from-file=again=${folder}/rules.txt`, '--from-literal=list=a,b=c'],
    ]);
    expect(await read('cm', 'c')).toMatchObject({
      data: { 'rules.txt': 'grün\n', again: 'grün\n', list: 'a,b=c' },
      binaryData: { 'image.bin': '/wA=' },
    });
  });

  test.each([
    [['--from-literal=a'], 'error: invalid literal source a, expected key=value\n'],
    [['--from-file=nope'], 'error: error reading nope: no such file or directory\n'],
    [['--from-file==x'], 'error: key name for file path x missing\n'],
    [
      ['--from-literal=a=1', '--from-literal=a=2'],
      'error: cannot add key "a", another key by that name already exists in Data for ConfigMap "c"\n',
    ],
  ])('%j is refused', async (flags, err) => {
    expect(await cli.run(['create', 'cm', 'c', ...flags])).toEqual({ code: 1, out: '', err });
  });
});

describe('init', () => {
  test('makes a sample cluster, and leaves alone what exists', async () => {
    expect(await cli.ok(['init', '--nodes', '1'])).toBe('node/cp-1 created\nnode/worker-1 created\n');
    expect(await cli.ok(['init', '--nodes', '2'])).toBe(
      'node/cp-1 unchanged\nnode/worker-1 unchanged\nnode/worker-2 created\n',
    );
    expect((await read('node', 'cp-1')).metadata.labels).toMatchObject({
      'node-role.kubernetes.io/control-plane': '',
    });
  });
});
