import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const configMap = (data: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
const YAML = `apiVersion: v1
data:
  x: "1"
kind: ConfigMap
metadata:
  annotations: {}
  name: a
  namespace: default
`;

test('shows what was applied last, as YAML and as JSON', async () => {
  await cli.ok(['apply', '-f', '-'], configMap({ x: '1' }));
  expect(await cli.ok(['apply', 'view-last-applied', 'cm/a'])).toBe(YAML);
  expect(await cli.ok(['apply', 'view-last-applied', 'cm', 'a', '-o', 'json'])).toBe(`{
  "apiVersion": "v1",
  "data": {
    "x": "1"
  },
  "kind": "ConfigMap",
  "metadata": {
    "annotations": {},
    "name": "a",
    "namespace": "default"
  }
}
`);
});

test('an object that was never applied has nothing to show', async () => {
  await cli.ok(['create', '-f', '-'], configMap({}));
  expect(await cli.run(['apply', 'view-last-applied', 'cm', 'a'])).toEqual({ code: 0, out: '', err: '' });
});

test('refuses other formats', async () => {
  expect((await cli.run(['apply', 'view-last-applied', 'cm', 'a', '-o', 'wide'])).err).toBe(
    "error: Unexpected -o output mode: wide, the flag 'output' must be one of yaml|json\nSee 'kdaemon apply view-last-applied -h' for help and examples\n",
  );
});

test('sets the annotation to what a manifest says, where there is one or it may be made', async () => {
  await cli.ok(['create', '-f', '-'], configMap({ x: '0' }));
  const set = (...flags: string[]) =>
    cli.run(['apply', 'set-last-applied', '-f', '-', ...flags], { input: configMap({ x: '1' }) });
  expect((await set()).err).toBe(
    'error: no last-applied-configuration annotation found on resource: a, to create the annotation, run the command with --create-annotation\n',
  );
  expect((await set('--create-annotation')).out).toBe('configmap/a configured\n');
  expect((await set()).out).toBe('set-last-applied a: no changes required.\n');
  expect(await cli.ok(['apply', 'view-last-applied', 'cm', 'a'])).toBe(
    YAML.replace('  annotations: {}\n', ''),
  );
  expect(await cli.ok(['get', 'cm', 'a', '-o', 'yaml'])).toContain('\n  x: "0"\n');
});
