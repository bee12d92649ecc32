import type { DaemonSet } from '../../src/api/apps.ts';
import { DAEMON_SET, NODE } from '../../src/api/well-known.ts';
import { simulatedNode } from '../../src/cli/commands/create-node.ts';
import { localClient } from '../../src/registry/local-client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';

/** A cluster to be reconciled. */
export interface Fleet {
  readonly nodes: number;
  readonly daemonSets: number;
}

/** The name of a node, from 1. */
export const nodeName = (number: number): string => `worker-${String(number).padStart(5, '0')}`;

/** An agent as clusters run it: its pods are about 2.2 kB. `number` counts from 1. */
export function agent(number: number, version = '1.0'): DaemonSet {
  const name = `agent-${number}`;
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'agents' },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: { labels },
        spec: {
          tolerations: [
            { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
          ],
          containers: [
            {
              name: 'agent',
              image: `agent:${version}`,
              ports: [{ name: 'metrics', containerPort: 9000 + number }],
              resources: { requests: { cpu: '10m', memory: '20Mi' }, limits: { memory: '20Mi' } },
              volumeMounts: [{ name: 'varlog', mountPath: '/var/log', readOnly: true }],
            },
          ],
          volumes: [{ name: 'varlog', hostPath: { path: '/var/log' } }],
        },
      },
    },
  } as unknown as DaemonSet;
}

/** Fills a new store with the nodes and DaemonSets of a fleet; nothing is reconciled yet. */
export async function seed(file: string, { nodes, daemonSets }: Fleet): Promise<void> {
  const store = openSqliteStore(file);
  const client = localClient({ store, clock: systemClock(), random: systemRandom });
  const shape = { labels: {}, taints: [], cpu: '4', memory: '8Gi', pods: '110' };
  const outcomes = await client.commit([
    {
      verb: 'create',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      namespace: '',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'agents' } },
    },
    ...Array.from({ length: nodes }, (_, index) => ({
      verb: 'create' as const,
      kind: NODE,
      namespace: '',
      object: simulatedNode(nodeName(index + 1), shape),
    })),
    ...Array.from({ length: daemonSets }, (_, index) => ({
      verb: 'create' as const,
      kind: DAEMON_SET,
      namespace: 'agents',
      object: agent(index + 1),
    })),
  ]);
  await store.close();
  const refused = outcomes.find(({ ok }) => !ok);
  if (refused !== undefined) throw new Error(`the fleet was refused: ${JSON.stringify(refused)}`);
}
