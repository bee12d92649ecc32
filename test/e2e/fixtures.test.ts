import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';

const folder = join(repository, 'fixtures/manifests');

/** Where each fixture's pods belong on fixtures/nodes.yaml, worked out by hand from its selectors and tolerations. */
const placed: Readonly<Record<string, { readonly daemonSet: string; readonly nodes: readonly string[] }>> = {
  'apparmor-loader.yaml': {
    daemonSet: 'kube-system/apparmor-loader',
    nodes: ['worker-1', 'worker-2', 'worker-3'],
  },
  'calico-node.yaml': {
    daemonSet: 'kube-system/calico-node',
    nodes: ['cp-1', 'worker-1', 'worker-2', 'worker-3'],
  },
  'ceph.yaml': { daemonSet: 'kube-system/ceph-rbd-node', nodes: ['worker-1', 'worker-2', 'worker-3'] },
  'datadog-agent.yaml': {
    daemonSet: 'kube-system/datadog-agent',
    nodes: ['worker-1', 'worker-2', 'worker-3'],
  },
  'falco.yaml': { daemonSet: 'kube-system/falco', nodes: ['cp-1', 'worker-1', 'worker-2', 'worker-3'] },
  'fluentd.yaml': { daemonSet: 'kube-system/fluentd', nodes: ['cp-1', 'worker-1', 'worker-2', 'worker-3'] },
  'glusterfs.yaml': { daemonSet: 'default/glusterfs', nodes: ['gluster-1'] },
  'logstash.yaml': { daemonSet: 'kube-system/logstash', nodes: ['worker-1', 'worker-2', 'worker-3'] },
  'node-exporter.yaml': {
    daemonSet: 'kube-system/node-exporter',
    nodes: ['cp-1', 'worker-1', 'worker-2', 'worker-3'],
  },
  'weave-net.yaml': {
    daemonSet: 'kube-system/weave-net',
    nodes: ['cp-1', 'worker-1', 'worker-2', 'worker-3'],
  },
};

describe('fixtures/manifests', () => {
  let shell: Shell;
  beforeAll(() => {
    shell = openShell();
    shell.ok(['create', '-f', join(repository, 'fixtures/nodes.yaml')]);
  });
  afterAll(() => shell.remove());

  test('has one file for each of the ten systems, and the custom resource of one', () => {
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(placed), 'calico-ippool.yaml'].sort());
  });

  test.each(Object.entries(placed))(
    '%s is applied and every pod is ready where it belongs',
    (file, { daemonSet, nodes }) => {
      if (file === 'glusterfs.yaml') {
        shell.ok([
          'create',
          'node',
          'gluster-1',
          '--label',
          'storagenode=glusterfs',
          '--taint',
          'storage=only:NoExecute',
        ]);
        const tainted = shell.run(['apply', '-f', join(folder, file)]);
        expect(tainted.status).toBe(0);
        shell.ok(['reconcile']);
        expect(podNodes(shell, daemonSet)).toEqual([]);
        shell.ok(['delete', 'node', 'gluster-1']);
        shell.ok([
          'create',
          'node',
          'gluster-1',
          '--label',
          'storagenode=glusterfs',
          '--label',
          'kubernetes.io/os=linux',
          '--taint',
          'spot=true:PreferNoSchedule',
        ]);
      } else {
        expect(shell.ok(['apply', '-f', join(folder, file)])).toContain(
          `daemonset.apps/${daemonSet.split('/')[1]} created\n`,
        );
      }
      shell.ok(['reconcile']);
      expect(podNodes(shell, daemonSet)).toEqual(nodes);
      const [namespace = '', name = ''] = daemonSet.split('/');
      const { status } = JSON.parse(shell.ok(['get', 'ds', name, '-n', namespace, '-o', 'json']));
      expect(status).toMatchObject({
        desiredNumberScheduled: nodes.length,
        numberReady: nodes.length,
        numberAvailable: nodes.length,
      });
      expect(shell.ok(['apply', '-f', join(folder, file)])).not.toMatch(/created|configured/);
      shell.ok(['delete', '-f', join(folder, file)]);
      shell.ok(['reconcile']);
      expect(podNodes(shell, daemonSet)).toEqual([]);
      if (file === 'glusterfs.yaml') shell.ok(['delete', 'node', 'gluster-1']);
    },
  );

  test('a custom resource is refused before its definition, and kept with its defaults after', () => {
    const early = shell.run(['apply', '-f', join(folder, 'calico-ippool.yaml')]);
    expect(early.status).toBe(1);
    expect(early.stderr).toContain(
      'no matches for kind "IPPool" in version "network.example.org/v1"\nensure CRDs are installed first',
    );
    shell.ok(['apply', '-f', join(folder, 'calico-node.yaml')]);
    expect(shell.ok(['apply', '-f', join(folder, 'calico-ippool.yaml')])).toBe(
      'ippool.network.example.org/default-pool created\n',
    );
    expect(JSON.parse(shell.ok(['get', 'ippool', 'default-pool', '-o', 'json'])).spec).toEqual({
      blockSize: 26,
      cidr: '192.168.0.0/16',
      natOutgoing: true,
    });
  });
});

/** Nodes of a DaemonSet's pods, sorted. */
function podNodes(shell: Shell, daemonSet: string): string[] {
  const [namespace = '', name = ''] = daemonSet.split('/');
  const pods = JSON.parse(shell.ok(['get', 'pods', '-n', namespace, '-o', 'json'])) as {
    items: { metadata: { ownerReferences?: { name: string }[] }; spec: { nodeName: string } }[];
  };
  return pods.items
    .filter((pod) => pod.metadata.ownerReferences?.[0]?.name === name)
    .map((pod) => pod.spec.nodeName)
    .sort();
}
