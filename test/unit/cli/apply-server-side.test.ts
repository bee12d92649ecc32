import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const configMap = (data: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
const apply = (manifest: string, ...flags: string[]): Promise<string> =>
  cli.ok(['apply', '-f', '-', ...flags], manifest);
const read = async () => JSON.parse(await cli.ok(['get', 'cm', 'a', '-o', 'json', '--show-managed-fields']));
const managers = ({ metadata }: { metadata: { managedFields: { manager: string; operation: string }[] } }) =>
  metadata.managedFields.map(({ manager, operation }) => `${manager} ${operation}`);

test('makes what is missing, and keeps no annotation', async () => {
  expect(await apply(configMap({ x: '1' }), '--server-side')).toBe('configmap/a serverside-applied\n');
  const made = await read();
  expect(made.data).toEqual({ x: '1' });
  expect(made.metadata.annotations).toBeUndefined();
  expect(managers(made)).toEqual(['kubectl Apply']);
});

test('a dry run of the server keeps nothing', async () => {
  expect(await apply(configMap({ x: '1' }), '--server-side', '--dry-run=server')).toBe(
    'configmap/a serverside-applied (server dry run)\n',
  );
  expect((await cli.run(['get', 'cm', 'a'])).code).toBe(1);
});

test('fields of another manager are refused with advice, and --force-conflicts takes them', async () => {
  await cli.ok(['create', '-f', '-'], configMap({ x: '1', y: '1' }));
  expect(await cli.run(['apply', '-f', '-', '--server-side'], { input: configMap({ x: '2' }) })).toEqual({
    code: 1,
    out: '',
    err: `error: Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.x
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
`,
  });
  await apply(configMap({ x: '2' }), '--server-side', '--force-conflicts', '--field-manager=ci');
  const taken = await read();
  expect(taken.data).toEqual({ x: '2', y: '1' });
  expect(managers(taken)).toEqual(['ci Apply', 'kubectl-create Update']);
});

test('takes over from client-side apply: without conflicts, and what the file drops goes', async () => {
  await apply(configMap({ x: '1', dropped: '1' }));
  expect(await apply(configMap({ x: '2' }), '--server-side')).toBe('configmap/a serverside-applied\n');
  const taken = await read();
  expect(taken.data).toEqual({ x: '2' });
  expect(managers(taken)).toEqual(['kubectl Apply', 'kubectl-last-applied Apply']);
  expect(taken.metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']).toBe(
    '{"apiVersion":"v1","data":{"x":"2"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"default"}}\n',
  );
});

test('what was changed since client-side apply is a conflict all the same', async () => {
  await apply(configMap({ x: '1' }));
  const live = await read();
  await cli.ok(
    ['apply', '-f', '-', '--server-side', '--force-conflicts', '--field-manager=ci'],
    configMap({ x: '5' }),
  );
  const { code, err } = await cli.run(['apply', '-f', '-', '--server-side'], {
    input: configMap({ x: '2' }),
  });
  expect(live.data).toEqual({ x: '1' });
  expect(code).toBe(1);
  expect(err).toContain('Apply failed with 1 conflict: conflict with "ci": .data.x\n');
});

test.each([
  [['--force-conflicts'], '--force-conflicts only works with --server-side'],
  [
    ['--server-side', '--dry-run=client'],
    "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
  ],
])('refuses %j', async (flags, message) => {
  expect(await cli.run(['apply', '-f', '-', ...flags], { input: configMap({}) })).toEqual({
    code: 1,
    out: '',
    err: `error: ${message}\n`,
  });
});
