import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const configMap = (name: string, labels: object = { team: 'a' }): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });
const apply = (manifest: string, ...flags: string[]) =>
  cli.run(['apply', '-f', '-', ...flags], { input: manifest });
const names = (): Promise<string> => cli.ok(['get', 'cm', '-o', 'name']);

test('deletes what was applied before, has the label and is in no manifest any more', async () => {
  await apply(configMap('one') + configMap('two') + configMap('other', { team: 'b' }));
  await cli.ok(['create', '-f', '-'], configMap('never-applied'));
  expect(await apply(configMap('one'), '--prune', '-l', 'team=a')).toEqual({
    code: 0,
    out: 'configmap/one unchanged\nconfigmap/two pruned\n',
    err: '',
  });
  expect(await names()).toBe('configmap/never-applied\nconfigmap/one\nconfigmap/other\n');
});

test('a dry run says what would go', async () => {
  await apply(configMap('one') + configMap('two'));
  expect((await apply(configMap('one'), '--prune', '--all', '--dry-run=server')).out).toBe(
    'configmap/one unchanged (server dry run)\nconfigmap/two pruned (server dry run)\n',
  );
  expect((await apply(configMap('one'), '--prune', '--all', '--dry-run=client')).out).toBe(
    'configmap/one configured (dry run)\nconfigmap/two pruned (dry run)\n',
  );
  expect(await names()).toBe('configmap/one\nconfigmap/two\n');
});

test('the allowlist says which kinds are looked at', async () => {
  await apply(configMap('one') + configMap('two'));
  const flags = ['--prune', '--all'];
  expect((await apply(configMap('one'), ...flags, '--prune-allowlist=apps/v1/DaemonSet')).out).toBe(
    'configmap/one unchanged\n',
  );
  expect((await apply(configMap('one'), ...flags, '--prune-allowlist=core/v1/ConfigMap')).out).toBe(
    'configmap/one unchanged\nconfigmap/two pruned\n',
  );
});

test('only what the selector matches is applied', async () => {
  expect((await apply(configMap('one') + configMap('two', {}), '-l', 'team')).out).toBe(
    'configmap/one created\n',
  );
  expect((await apply(configMap('one'), '-l', 'team=none')).err).toBe('error: no objects passed to apply\n');
});

test('nothing is pruned when something was refused', async () => {
  await apply(configMap('one') + configMap('two'));
  expect((await apply(configMap('one') + configMap('Bad'), '--prune', '--all')).code).toBe(1);
  expect(await names()).toBe('configmap/one\nconfigmap/two\n');
});

test.each([
  [
    ['--prune'],
    'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
  ],
  [
    ['--prune', '--all', '--prune-allowlist=ConfigMap'],
    'invalid GroupVersionKind format: ConfigMap, please follow <group/version/kind>',
  ],
  [
    ['--prune', '--all', '--prune-allowlist=core/v1/Nothing'],
    'no matches for kind "Nothing" in version "v1"',
  ],
])('refuses %j', async (flags, message) => {
  expect(await apply(configMap('one'), ...flags)).toEqual({ code: 1, out: '', err: `error: ${message}\n` });
});
