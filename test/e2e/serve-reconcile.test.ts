import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../support/kdaemon.ts';
import { freePort } from './free-port.ts';
import { apiAt, type Loose } from './serve-api.ts';
import { eventually, type ServeProcess, startServe } from './serve-process.ts';

const NODES = 6;
const WITHOUT = '--controllers=-daemonset';
const PODS = '/api/v1/namespaces/default/pods';
const DAEMON_SET = '/apis/apps/v1/namespaces/default/daemonsets/agent';

const manifest = (image: string): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image }] } },
    },
  });

/** A `kdaemon reconcile --watch` over a server. */
interface Reconciler {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

let running: Reconciler[] = [];

/** `where`: the flags that lead to the server. */
function startReconciler(shell: ServeProcess['shell'], ...where: readonly string[]): Reconciler {
  const child = spawn(
    process.execPath,
    [join(repository, 'bin/kdaemon.js'), 'reconcile', '--watch', '--lease-duration', '1s', ...where],
    { cwd: shell.folder, env: { PATH: process.env.PATH, HOME: shell.folder, TZ: 'UTC' } },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const reconciler: Reconciler = {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
      return child.exitCode;
    },
  };
  running.push(reconciler);
  return reconciler;
}

describe('reconcile --server is the DaemonSet controller of a server that has none', () => {
  let server: ServeProcess;
  let api: ReturnType<typeof apiAt>;

  beforeAll(async () => {
    server = await startServe([WITHOUT]);
    api = apiAt(server.url);
    server.shell.ok(['create', 'node', 'n', '--count', String(NODES)]);
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.end('SIGKILL')));
    running = [];
  });
  afterAll(async () => {
    await server?.stop();
    server?.shell.remove();
  });

  const remote = (...args: readonly string[]): string => server.shell.ok([...args, '-s', server.url]);
  const images = async (): Promise<readonly string[]> =>
    (await api.get(PODS)).items.map((pod: Loose) => pod.spec.containers[0].image);

  /** One pod of this image on every node, and the status says so. */
  async function rolledOut(image: string): Promise<void> {
    await api.until(DAEMON_SET, `${image} on every node`, ({ status, metadata }: Loose) => {
      const { observedGeneration, updatedNumberScheduled, numberAvailable } = status ?? {};
      return (
        observedGeneration === metadata.generation &&
        updatedNumberScheduled === NODES &&
        numberAvailable === NODES
      );
    });
    await api.until(PODS, 'no pod too many', ({ items }: Loose) => items.length === NODES);
    const { items } = await api.get(PODS);
    expect(new Set(items.map((pod: Loose) => pod.spec.nodeName)).size).toBe(NODES);
    expect(new Set(items.map((pod: Loose) => pod.spec.containers[0].image))).toEqual(new Set([image]));
  }

  const apply = (image: string): void => {
    server.shell.ok(['apply', '-s', server.url, '-f', '-'], manifest(image));
  };

  test('a DaemonSet is rolled out, updated and rolled back', async () => {
    apply('example.test/agent:1');
    expect(await images()).toEqual([]);
    expect(remote('reconcile')).toBe(
      `daemonset.apps/agent (default): ${NODES} pods created; ${NODES} of ${NODES} available, ${NODES} up-to-date\n`,
    );
    await rolledOut('example.test/agent:1');
    apply('example.test/agent:2');
    expect(remote('reconcile')).toBe(
      `daemonset.apps/agent (default): ${NODES} pods updated; ${NODES} of ${NODES} available, ${NODES} up-to-date\n`,
    );
    await rolledOut('example.test/agent:2');
    remote('rollout', 'undo', 'ds/agent');
    const { daemonSets, settled, jumps } = JSON.parse(remote('reconcile', '-o', 'json'));
    expect([daemonSets[0].podsUpdated, daemonSets[0].revision.number, settled, jumps]).toEqual([
      NODES,
      3,
      true,
      [],
    ]);
    await rolledOut('example.test/agent:1');
    expect(remote('reconcile')).toContain('agent (default): unchanged;');
  });

  test('another one finishes the work of one that was killed in the middle', async () => {
    const first = startReconciler(server.shell, '-s', server.url);
    await eventually('it leads', () => first.stderr().includes('Reconciling'));
    apply('example.test/agent:3');
    await api.until(PODS, 'the update has begun', ({ items }: Loose) =>
      items.some((pod: Loose) => pod.spec.containers[0].image === 'example.test/agent:3'),
    );
    await first.end('SIGKILL');
    expect((await images()).filter((image) => image === 'example.test/agent:3').length).toBeLessThan(NODES);
    startReconciler(server.shell, '-s', server.url);
    await rolledOut('example.test/agent:3');
  });

  test('of two only one works, and the other follows when it ends', async () => {
    const first = startReconciler(server.shell, '-s', server.url);
    await eventually('the first leads', () => first.stderr().includes('Reconciling'));
    const second = startReconciler(server.shell, '-s', server.url);
    await eventually('the second waits', () =>
      /^Waiting for \S+_[0-9a-f-]{36}, which is/m.test(second.stderr()),
    );
    expect(server.shell.run(['reconcile', '-s', server.url])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: \S+ is reconciling this server already\n$/),
    });
    apply('example.test/agent:4');
    await rolledOut('example.test/agent:4');
    expect(second.stdout()).toBe('');
    expect(await first.end('SIGTERM')).toBe(0);
    await eventually('the second leads', () => second.stderr().includes('Reconciling'));
    apply('example.test/agent:5');
    await rolledOut('example.test/agent:5');
    expect(await second.end('SIGTERM')).toBe(0);
    const { spec } = await api.get(
      '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kdaemon-controllers',
    );
    expect(spec).toMatchObject({ holderIdentity: '', leaseTransitions: expect.any(Number) });
  });

  test('the local command leaves the store to it', async () => {
    const first = startReconciler(server.shell, '-s', server.url);
    await eventually('it leads', () => first.stderr().includes('Reconciling'));
    expect(server.shell.run(['reconcile'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('already'),
    });
  });

  test('a server that goes away is waited for, and a token that is renewed is read again', async () => {
    const token = join(server.shell.folder, 'token');
    const port = await freePort();
    const start = (): Promise<ServeProcess> =>
      startServe(['--port', String(port), WITHOUT, '--token-file', token]);
    writeFileSync(token, 'the-first-token-of-this-test\n', { mode: 0o600 });
    let other = await start();
    const { shell, url } = other;
    const kubeconfig = join(shell.folder, 'with-a-token-file');
    writeFileSync(
      kubeconfig,
      `{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],
        clusters: [{name: a, cluster: {server: "${url}"}}], users: [{name: a, user: {tokenFile: "${token}"}}]}`,
    );
    try {
      shell.ok(['create', 'node', 'n', '--count', '3']);
      const watcher = startReconciler(shell, '--kubeconfig', kubeconfig);
      await eventually('it leads', () => watcher.stderr().includes('Reconciling'));
      await other.stop();
      await eventually('it says so', () =>
        watcher.stderr().includes('was refused - did you specify the right host'),
      );
      writeFileSync(token, 'the-second-token-of-this-test\n', { mode: 0o600 });
      other = await startServe(['--port', String(port), WITHOUT, '--token-file', token], shell);
      shell.ok(['apply', '-f', '-'], manifest('example.test/agent:1'));
      await eventually(
        'the pods run',
        () =>
          shell
            .ok(['get', 'pods', '--no-headers'])
            .split('\n')
            .filter((row) => row.includes(' Running ')).length === 3,
      );
      expect(watcher.process.exitCode).toBeNull();
    } finally {
      await other.stop();
      shell.remove();
    }
  });

  test('a server that is not there is one clear error', () => {
    expect(server.shell.run(['reconcile', '-s', '127.0.0.1:1'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'error: The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
    });
  });
});
