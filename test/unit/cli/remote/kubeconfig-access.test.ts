import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { remoteAccess } from '../../../../src/cli/remote/kubeconfig-access.ts';
import { kubeconfigText } from '../../../../src/cli/serve/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'kdaemon-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

const none = { server: '', token: '', kubeconfig: '', context: '', namespace: '' };

function file(text: string): string {
  const path = join(folder, `config-${Math.random()}`);
  writeFileSync(path, text);
  return path;
}

const two = `
current-context: one
contexts:
- {name: one, context: {cluster: a, user: u}}
- {name: two, context: {cluster: b, user: v, namespace: far}}
- {name: bare, context: {cluster: a, user: nobody}}
- {name: lost, context: {cluster: nowhere, user: u}}
- {name: asks, context: {cluster: a, user: x}}
clusters:
- {name: a, cluster: {server: "https://a.example", certificate-authority: ca.crt}}
- {name: b, cluster: {server: "https://b.example:6443", insecure-skip-tls-verify: true}}
users:
- {name: u, user: {token: from-the-file}}
- {name: v, user: {client-certificate-data: Q0VSVA==, client-key-data: S0VZ}}
- {name: x, user: {exec: {command: aws}}}
`;
writeFileSync(join(folder, 'ca.crt'), 'CA');

test('a server alone, with and without a scheme, with a token', () => {
  expect(remoteAccess({ ...none, server: 'https://x:1' })).toEqual({ server: 'https://x:1' });
  expect(remoteAccess({ ...none, server: '127.0.0.1:80', token: 't' })).toEqual({
    server: 'http://127.0.0.1:80',
    token: 't',
  });
});

test('the current context, and what the command line says instead', () => {
  const kubeconfig = file(two);
  expect(remoteAccess({ ...none, kubeconfig })).toEqual({
    server: 'https://a.example',
    token: 'from-the-file',
    authority: 'CA',
  });
  expect(remoteAccess({ ...none, kubeconfig, server: 'https://c', token: 't' })).toEqual({
    server: 'https://c',
    token: 't',
    authority: 'CA',
  });
});

test('another context, with client certificates', () => {
  const kubeconfig = file(two);
  expect(remoteAccess({ ...none, kubeconfig, context: 'two', namespace: 'here' })).toEqual({
    server: 'https://b.example:6443',
    cert: 'CERT',
    key: 'KEY',
    skipVerify: true,
  });
  expect(remoteAccess({ ...none, kubeconfig, context: 'bare' }).token).toBeUndefined();
});

test.each([
  ['two', `the context's namespace is "far": say -n far, or another`],
  ['three', 'context "three" does not exist'],
  ['lost', 'cluster "nowhere" does not exist'],
  ['asks', 'users with exec are not supported'],
])('context %s is refused', (context, message) => {
  expect(() => remoteAccess({ ...none, kubeconfig: file(two), context })).toThrow(message);
});

test('flags that lead nowhere are refused', () => {
  expect(() => remoteAccess({ ...none, context: 'x' })).toThrow('--context needs --kubeconfig');
  expect(() => remoteAccess({ ...none, token: 'x' })).toThrow('--token needs --server or --kubeconfig');
  expect(() => remoteAccess({ ...none, kubeconfig: 'nowhere' })).toThrow(
    'stat nowhere: no such file or directory',
  );
});

test('the kubeconfig that serve writes leads back to it', () => {
  const access = { server: 'https://127.0.0.1:1', authority: 'PEM\n', token: 'secret' };
  expect(remoteAccess({ ...none, kubeconfig: file(kubeconfigText(access)) })).toEqual(access);
  const open = { server: 'http://127.0.0.1:1' };
  expect(remoteAccess({ ...none, kubeconfig: file(kubeconfigText(open)) })).toEqual(open);
});
