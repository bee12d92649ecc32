import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

let shell: Shell;
beforeEach(() => {
  shell = openShell();
});
afterEach(() => shell.remove());

const fixture = (name: string): string => join(repository, 'fixtures', name);
const DAEMON_SET = 'fluentd-elasticsearch';
const NAMESPACE = ['-n', 'kube-system'];

describe('kdaemon why', () => {
  test('reads a cluster through its API server', async () => {
    const server: ServeProcess = await startServe(['--controllers=-*'], shell);
    try {
      shell.ok(['create', '-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')]);
      const args = ['why', `ds/${DAEMON_SET}`, ...NAMESPACE];
      const remote = shell.run([...args, '--kubeconfig', server.kubeconfig], {
        env: { KDAEMON_STORE: join(shell.folder, 'none.db') },
      });
      expect(remote).toEqual({ status: 0, stdout: shell.ok(args), stderr: '' });
      expect(remote.stdout).toContain(
        'wait: the taint node.kubernetes.io/not-ready:NoSchedule goes by itself',
      );
    } finally {
      await server.stop();
    }
  });

  test('takes what get prints of another cluster as the nodes', () => {
    shell.ok(['create', '-f', fixture('nodes.yaml')]);
    shell.ok(['reconcile']);
    writeFileSync(join(shell.folder, 'nodes.yaml'), shell.ok(['get', 'nodes,pods', '-A', '-o', 'yaml']));
    const args = ['why', '-f', fixture('daemonset.yaml'), '--nodes', 'nodes.yaml', '-o', 'name'];
    const { stdout } = shell.run(args, { env: { KDAEMON_STORE: join(shell.folder, 'none.db') } });
    expect(stdout).toBe('node/cp-1\nnode/worker-1\nnode/worker-2\nnode/worker-3\n');
  });
});
