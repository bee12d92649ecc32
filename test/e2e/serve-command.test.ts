import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';
import { eventually, hasKubectl, type ServeProcess, startServe } from './serve-process.ts';

const fixture = (name: string): string => join(repository, 'fixtures', name);
const cluster = ['-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')];

const running: ServeProcess[] = [];
const shells: Shell[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const shell of shells.splice(0)) shell.remove();
});

async function serve(args: readonly string[] = [], shell = newShell()): Promise<ServeProcess> {
  const server = await startServe(args, shell);
  running.push(server);
  return server;
}

function newShell(): Shell {
  const shell = openShell();
  shells.push(shell);
  return shell;
}

describe('kdaemon serve', () => {
  test('serves what kdaemon writes beside it, and ends cleanly with nothing lost', async () => {
    const server = await serve();
    server.shell.ok(['apply', ...cluster]);
    await eventually(
      'four pods run',
      () => (server.shell.ok(['get', 'pods', '-A']).match(/Running/g)?.length ?? 0) === 4,
    );
    const response = await fetch(
      `${server.url}/apis/apps/v1/namespaces/kube-system/daemonsets/fluentd-elasticsearch`,
    );
    const { status } = (await response.json()) as { status: object };
    expect(status).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4 });
    const ended = await server.stop();
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toBe(
      `Serving ${server.shell.store} at ${server.url}\nTry: kubectl --kubeconfig ${server.kubeconfig} get nodes\nSIGINT or SIGTERM ends it.\n`,
    );
    expect(server.shell.ok(['get', 'pods', '-A', '--no-headers']).trim().split('\n')).toHaveLength(4);
    // The lease was given back: another one may start at once.
    await serve([], server.shell);
  });

  test('does not reconcile a store that another one reconciles', async () => {
    const first = await serve();
    const second = first.shell.run(['serve']);
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/^error: \S+ is reconciling this store already/);
    const reader = await serve(['--controllers=-*'], first.shell);
    expect((await fetch(`${reader.url}/readyz`)).status).toBe(200);
  });

  test('leaves DaemonSets alone when told to', async () => {
    const server = await serve(['--controllers=*,-daemonset']);
    server.shell.ok(['apply', ...cluster]);
    await eventually(
      'nodes are ready',
      () => (server.shell.ok(['get', 'nodes']).match(/ Ready /g)?.length ?? 0) === 4,
    );
    expect(server.shell.run(['get', 'pods', '-A']).stderr).toBe('No resources found\n');
    expect(server.shell.run(['serve', '--controllers=*,-nobody']).stderr).toMatch(
      /^error: "nobody" is not in the list of controllers: node, daemonset,/,
    );
  });

  test('gives namespaces what clients expect in them', async () => {
    const server = await serve();
    server.shell.ok(['create', 'namespace', 'fresh']);
    await eventually(
      'both are there',
      () => server.shell.ok(['get', 'sa,cm', '-n', 'fresh', '-o', 'name']).split('\n').length === 3,
    );
    expect(server.shell.ok(['get', 'sa,cm', '-n', 'fresh', '-o', 'name'])).toBe(
      'serviceaccount/default\nconfigmap/kube-root-ca.crt\n',
    );
    server.shell.ok(['delete', 'cm', '-n', 'fresh', 'kube-root-ca.crt']);
    await eventually(
      'it is back',
      () => server.shell.run(['get', 'cm', '-n', 'fresh', 'kube-root-ca.crt']).status === 0,
    );
  });

  test.each([
    [
      ['--address', '0.0.0.0'],
      /^error: 0\.0\.0\.0 can be reached from other machines: that needs TLS .* and a token/,
    ],
    [['--address', '0.0.0.0', '--tls'], /that needs TLS/],
    [['--address', '192.0.2.1', '--tls', '--token-file', 't'], /^error: cannot listen on 192\.0\.2\.1:0: /],
    [['--port', '70000'], /^error: --port 70000 is no port/],
    [['--tls-cert-file', 'x'], /go together/],
    [['--tls-cert-file', 'x', '--tls-private-key-file', 'y'], /^error: x does not exist/],
    [['more'], /^error: Unexpected args: \[more\]/],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = newShell().run(['serve', ...args]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  test('a token file must hold a token', () => {
    const shell = newShell();
    writeFileSync(join(shell.folder, 't'), 'short\n');
    expect(shell.run(['serve', '--token-file', 't']).stderr).toContain('one token of at least 16 characters');
  });
});

describe('kdaemon as a client of another kdaemon', () => {
  test('runs its commands over TLS, with the kubeconfig that was written', async () => {
    const server = await serve(['--tls', '--token-file', 'token']);
    const away = newShell();
    const far = ['--kubeconfig', server.kubeconfig];
    expect(away.ok([...far, 'apply', ...cluster])).toContain(
      'daemonset.apps/fluentd-elasticsearch created\n',
    );
    await eventually(
      'four pods run',
      () => (away.ok([...far, 'get', 'pods', '-A']).match(/Running/g)?.length ?? 0) === 4,
    );
    expect(away.ok([...far, 'get', 'nodes', '-o', 'name'])).toBe(
      server.shell.ok(['get', 'nodes', '-o', 'name']),
    );
    const gone = away.ok([...far, 'delete', 'ds', 'fluentd-elasticsearch', '-n', 'kube-system']);
    expect(gone).toContain('daemonset.apps "fluentd-elasticsearch" deleted');
    expect(away.run(['get', 'nodes']).stderr).toBe('No resources found\n');
    expect(away.run(['--server', 'http://127.0.0.1:1', 'get', 'nodes']).stderr).toBe(
      'error: The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
    );
  });
});

describe.skipIf(!hasKubectl)('over TLS with a token (skipped where kubectl is not installed)', () => {
  test('kubectl gets in with the kubeconfig that was written, and nobody else', async () => {
    const server = await serve(['--tls', '--token-file', 'token']);
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(server.ok(['get', 'namespaces', '-o', 'name'])).toContain('namespace/default\n');
    expect(server.ok(['get', 'cm', 'kube-root-ca.crt', '-o', 'jsonpath={.data}'])).toContain(
      'BEGIN CERTIFICATE',
    );
    const without = server.kubectl(['get', 'ns', '--token', 'wrong-wrong-wrong-wrong']);
    expect(without.stderr).toContain('You must be logged in to the server');
    for (const file of [
      server.kubeconfig,
      join(server.shell.folder, 'token'),
      `${server.shell.store}.tls/ca.key`,
    ]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const { stdout } = await server.stop();
    expect(stdout).not.toContain(readFileSync(join(server.shell.folder, 'token'), 'utf8').trim());
  });

  test('the authority and the token stay when it starts again', async () => {
    const first = await serve(['--tls', '--token-file', 'token']);
    const before = readFileSync(first.kubeconfig, 'utf8').replace(/server: .*/, '');
    await first.stop();
    const second = await serve(['--tls', '--token-file', 'token'], first.shell);
    expect(readFileSync(second.kubeconfig, 'utf8').replace(/server: .*/, '')).toBe(before);
  });
});
