import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;

const configMap = (name: string, data: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const secret = (data: object): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data });
const diff = (input: string, env: Readonly<Record<string, string>> = {}) =>
  cli.run(['diff', '-f', '-'], { input, env });
/** Without the random ends of folders, and without what each object has of its own. */
const plain = (text: string): string =>
  text.replace(/\S*\/(LIVE|MERGED)-\d+/g, '$1').replace(/(uid|resourceVersion): .*/g, '$1: X');

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['apply', '-f', '-'], configMap('cm', { a: '1', b: '2' }));
  await cli.ok(['apply', '-f', '-'], secret({ pw: 'aGVsbG8=', same: 'eA==' }));
});
afterAll(() => cli.remove());

describe('diff', () => {
  test('prints nothing where nothing would change', async () => {
    expect(await diff(configMap('cm', { a: '1', b: '2' }))).toEqual({ code: 0, out: '', err: '' });
  });

  test('prints what would change, and changes nothing', async () => {
    const { code, out, err } = await diff(configMap('cm', { a: '1', c: '3' }));
    expect([code, err]).toEqual([1, '']);
    expect(plain(out)).toBe(`diff -u -N LIVE/v1.ConfigMap.default.cm MERGED/v1.ConfigMap.default.cm
--- LIVE/v1.ConfigMap.default.cm\t2026-01-01 00:00:00.000000000 +0000
+++ MERGED/v1.ConfigMap.default.cm\t2026-01-01 00:00:00.000000000 +0000
@@ -1,7 +1,7 @@
 apiVersion: v1
 data:
   a: "1"
-  b: "2"
+  c: "3"
 kind: ConfigMap
 metadata:
   annotations:
`);
    expect((await diff(configMap('cm', { a: '1', b: '2' }))).code).toBe(0);
  });

  test('shows a new object whole', async () => {
    const { code, out } = await diff(configMap('new', { a: '1' }));
    expect(code).toBe(1);
    expect(plain(out)).toContain('@@ -0,0 +1,9 @@\n+apiVersion: v1\n+data:\n+  a: "1"\n');
    expect((await cli.run(['get', 'cm', 'new'])).code).toBe(1);
  });

  test('hides the values of secrets, and says which differ', async () => {
    const { out } = await diff(secret({ pw: 'eW8=', same: 'eA==', more: 'eg==' }));
    expect(out).toContain(
      "\n data:\n-  pw: '*** (before)'\n+  more: '***'\n+  pw: '*** (after)'\n   same: '***'\n",
    );
    expect(out).not.toMatch(/eW8=|eg==/);
  });

  test('leaves out objects that a selector does not select', async () => {
    const input = configMap('cm', { a: '9' });
    expect(await cli.run(['diff', '-f', '-', '-l', 'a=b'], { input })).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('a program of the own', () => {
  test('gets two folders and plain parameters, and gives the exit code', async () => {
    const ran = await diff(configMap('cm', { a: '9' }), { KUBECTL_EXTERNAL_DIFF: 'echo -x ;rm' });
    expect(ran).toMatchObject({ code: 0, err: '' });
    const [live = '', merged = '', ...rest] = ran.out.trim().split(' ');
    expect([live, merged, rest]).toEqual([
      expect.stringMatching(/LIVE-\d+$/),
      expect.stringMatching(/MERGED-\d+$/),
      ['-x'],
    ]);
    expect([existsSync(live), existsSync(merged)]).toEqual([false, false]);
    expect((await diff(configMap('cm', { a: '9' }), { KUBECTL_EXTERNAL_DIFF: 'false' })).code).toBe(1);
  });

  test('that is not there is a failure', async () => {
    expect(await diff(configMap('cm', {}), { KUBECTL_EXTERNAL_DIFF: 'no-such-program' })).toEqual({
      code: 2,
      out: '',
      err: 'error: failed to run "no-such-program": executable file not found in $PATH\n',
    });
  });
});

test.each([
  [[], 'error: must specify one of -f and -k\n'],
  [['-f', '/nowhere'], 'error: the path "/nowhere" does not exist\n'],
  [['x'], "error: Unexpected args: [x]\nSee 'kdaemon diff -h' for help and examples\n"],
  [['-f', '-', '--prune'], 'error: diff has no --prune yet: leave it out\n'],
  [['-f', '-', '--force-conflicts'], 'error: --force-conflicts only works with --server-side\n'],
])('diff %j ends with 2', async (args, err) => {
  expect(await cli.run(['diff', ...args])).toEqual({ code: 2, out: '', err });
});

describe('--server-side', () => {
  const manifest = (value: string): string =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data: { a: value } });

  test('shows what server-side apply would do, and changes nothing', async () => {
    await cli.ok(['apply', '--server-side', '-f', '-'], manifest('1'));
    const { code, out } = await cli.run(['diff', '--server-side', '-f', '-'], { input: manifest('2') });
    expect([code, out.match(/^[-+] .*$/gm)]).toEqual([1, ['-  a: "1"', '+  a: "2"']]);
    expect((await cli.run(['diff', '--server-side', '-f', '-'], { input: manifest('1') })).code).toBe(0);
    expect(await cli.ok(['get', 'cm', 'shared', '-o', 'jsonpath={.data.a}'])).toBe('1');
  });

  test('a field of another manager is a conflict, unless forced', async () => {
    await cli.ok(
      ['apply', '--server-side', '--field-manager=other', '--force-conflicts', '-f', '-'],
      manifest('3'),
    );
    const refused = await cli.run(['diff', '--server-side', '-f', '-'], { input: manifest('4') });
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('conflict with "other": .data.a');
    const forced = await cli.run(['diff', '--server-side', '--force-conflicts', '-f', '-'], {
      input: manifest('4'),
    });
    expect([forced.code, forced.err]).toEqual([1, '']);
  });
});
