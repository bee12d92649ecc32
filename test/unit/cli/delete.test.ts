import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(async () => {
  cli = openInProcess();
  const names = [
    ['a', 'default'],
    ['b', 'default'],
    ['c', 'kube-system'],
  ] as const;
  for (const [name, namespace] of names) {
    const metadata = { name, namespace, labels: { name } };
    await cli.ok(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata }));
  }
  await cli.ok(['create', 'node', 'n']);
});
afterEach(() => cli.remove());

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'example.test/c:1' }] },
});

describe('what was deleted is named', () => {
  test.each([
    [['cm', 'a'], 'configmap "a" deleted from default namespace\n'],
    [['cm/a', 'no/n'], 'configmap "a" deleted from default namespace\nnode "n" deleted\n'],
    [
      ['cm', '--all'],
      'configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n',
    ],
    [['cm', '-l', 'name in (c)', '-A'], 'configmap "c" deleted from kube-system namespace\n'],
    [['cm', '--field-selector', 'metadata.name=b'], 'configmap "b" deleted from default namespace\n'],
    [['cm', 'a', '-o', 'name'], 'configmap/a\n'],
    [['cm', '-l', 'name=x'], 'No resources found\n'],
    [['pods', '--all'], 'No resources found\n'],
    [['cm', 'x', '--ignore-not-found'], ''],
    [['cm', 'a', '--dry-run=client'], 'configmap "a" deleted from default namespace (dry run)\n'],
    [['node', 'n', '--dry-run=server'], 'node "n" deleted (server dry run)\n'],
  ])('%j', async (args, out) => {
    expect(await cli.run(['delete', ...args])).toEqual({ code: 0, out, err: '' });
  });
});

describe('--interactive', () => {
  const question = `You are about to delete the following 2 resource(s):
configmap/a
configmap/b
Do you want to continue? (y/N): `;

  test.each(['n\n', 'yes\n', '', '\n'])('%j deletes nothing', async (input) => {
    const { code, out, err } = await cli.run(['delete', '-i', 'cm', 'a', 'b'], { input });
    expect([code, out, err]).toEqual([0, `${question}deletion is cancelled\n`, '']);
    expect(await cli.ok(['get', 'cm', '-o', 'name'])).toBe('configmap/a\nconfigmap/b\n');
  });

  test.each(['y\n', 'Y\n', 'y'])('%j deletes what was named', async (input) => {
    expect(await cli.ok(['delete', '--interactive', 'cm', 'a', 'b', '-o', 'name'], input)).toBe(
      `${question}configmap/a\nconfigmap/b\n`,
    );
    expect(await cli.ok(['get', 'cm', '-o', 'name'])).toBe('');
  });

  test('asks nothing where there is nothing to delete', async () => {
    expect(await cli.ok(['delete', '-i', 'cm', '-l', 'name=x'])).toBe('No resources found\n');
  });
});

test('what was deleted is gone', async () => {
  await cli.ok(['delete', 'cm', 'a', '-o', 'name']);
  expect(await cli.ok(['get', 'cm', '-o', 'name'])).toBe('configmap/b\n');
});

test('a dry run deletes nothing', async () => {
  await cli.ok(['delete', 'cm', '--all', '--dry-run=server']);
  await cli.ok(['delete', 'cm', '--all', '--dry-run=client']);
  expect(await cli.ok(['get', 'cm', '-o', 'name'])).toBe('configmap/a\nconfigmap/b\n');
});

test('a pod ends at its kubelet, unless it is forced', async () => {
  await cli.ok(['create', '-f', '-'], pod);
  expect(await cli.ok(['delete', 'pod', 'p'])).toBe('pod "p" deleted from default namespace\n');
  expect(await cli.ok(['get', 'pods', '-o', 'name'])).toBe('pod/p\n');
  expect(await cli.run(['delete', 'pod', 'p', '--force'])).toEqual({
    code: 0,
    out: 'pod "p" force deleted from default namespace\n',
    err: 'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
  });
  expect(await cli.ok(['get', 'pods'])).toBe('');
});

test('--grace-period=0 without --force is one second, as with kubectl', async () => {
  await cli.ok(['create', '-f', '-'], pod);
  await cli.ok(['delete', 'pod', 'p', '--grace-period=0']);
  const { metadata } = JSON.parse(await cli.ok(['get', 'pod', 'p', '-o', 'json']));
  expect(metadata.deletionGracePeriodSeconds).toBe(1);
});

test('a terminal hears what is left to do when nobody reconciles', async () => {
  await cli.ok(['create', '-f', '-'], pod);
  expect((await cli.run(['delete', 'pod', 'p'], { terminal: true })).err).toBe(
    'Some objects are still terminating: run "kdaemon reconcile" to let them go.\n',
  );
  await cli.ok(['reconcile']);
  expect(await cli.ok(['get', 'pods'])).toBe('');
});

test('a namespace on the command line draws a warning for kinds that have none', async () => {
  expect(await cli.run(['delete', 'node', 'n', '-n', 'kube-system'])).toEqual({
    code: 0,
    out: 'node "n" deleted\n',
    err: 'Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n',
  });
});

test.each([
  ['background', {}],
  ['orphan', { finalizers: ['orphan'] }],
  ['foreground', { finalizers: ['foregroundDeletion'] }],
])('--cascade=%s is the policy for dependents', async (cascade, metadata) => {
  await cli.ok(['delete', 'cm', 'a', `--cascade=${cascade}`]);
  const left = await cli.run(['get', 'cm', 'a', '-o', 'json']);
  if (cascade === 'background') expect(left.code).toBe(1);
  else expect(JSON.parse(left.out).metadata).toMatchObject(metadata);
});

test('objects of files are named with the file when they are refused', async () => {
  const file = join(cli.folder, 'x.json');
  writeFileSync(file, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}');
  expect(await cli.run(['delete', '-f', file])).toEqual({
    code: 1,
    out: '',
    err: `Error from server (NotFound): error when deleting "${file}": configmaps "x" not found\n`,
  });
});

test.each([
  [['cm'], 'error: resource(s) were provided, but no name was specified\n'],
  [['cm', 'a', '--all'], 'error: name cannot be provided when a selector is specified\n'],
  [['cm', '--all', '-l', 'a=b'], "error: setting 'all' parameter but found a non empty selector. \n"],
  [['cm', 'a', '-A'], 'error: a resource cannot be retrieved by name across all namespaces\n'],
  [['cm', 'a', '-o', 'yaml'], "error: unexpected -o output mode: yaml. We only support '-o name'\n"],
  [
    ['cm', 'a', '--now', '--grace-period=5'],
    'error: --now and --grace-period cannot be specified together\n',
  ],
  [
    ['cm', 'a', '--force', '--grace-period=5'],
    'error: --force and --grace-period greater than 0 cannot be specified together\n',
  ],
  [
    ['cm', 'a', '--cascade=never'],
    'error: invalid cascade value (never). Must be "background", "foreground", or "orphan"\n',
  ],
  [
    ['cm', '-l', 'a in ('],
    'Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "a in (", field selector "": unable to parse requirement: found \'\', expected: \',\', \')\' or identifier\n',
  ],
  [
    ['cm', 'a', '-f', 'x'],
    'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well\n',
  ],
])('delete %j is refused, and deletes nothing', async (args, err) => {
  expect(await cli.run(['delete', ...args])).toEqual({ code: 1, out: '', err });
  expect(await cli.ok(['get', 'cm', '-o', 'name'])).toBe('configmap/a\nconfigmap/b\n');
});
