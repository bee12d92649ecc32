import type { WriteRequest } from '../../../src/api/client.ts';
import type { Json } from '../../../src/api/meta.ts';
import { DAEMON_SET, NODE } from '../../../src/api/well-known.ts';
import { daemonSet, namespace, node } from './world.ts';

/** What is there before, each step settled without faults, and what a user then does. */
export interface FaultScenario {
  readonly name: string;
  readonly before: readonly (readonly WriteRequest[])[];
  readonly act: readonly WriteRequest[];
}

/** Pods that take their time, so that a rollout has waves. */
const annotations = { 'kdaemon.dev/simulate': 'ready=5s,stop=2s' };
const agent = (rollingUpdate: Json): WriteRequest => ({
  verb: 'create',
  kind: DAEMON_SET,
  namespace,
  object: daemonSet({
    annotations,
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate } },
  }),
});
const nodes = [1, 2, 3, 4, 5].map(
  (number): WriteRequest => ({
    verb: 'create',
    kind: NODE,
    namespace: '',
    object: node(`worker-${number}`),
  }),
);
const image = (version: number): WriteRequest => ({
  verb: 'patch',
  kind: DAEMON_SET,
  key: { namespace, name: 'agent' },
  patchType: 'merge',
  patch: {
    spec: {
      template: { spec: { containers: [{ name: 'agent', image: `example.test/agent:${version}` }] } },
    },
  },
});

const byTwo = { maxUnavailable: 2 };
const bySurge = { maxUnavailable: 0, maxSurge: 2 };

/** What people do with DaemonSets, on five nodes. Faults use worker-2 and worker-3: they stay. */
export const SCENARIOS: readonly FaultScenario[] = [
  { name: 'a DaemonSet is created', before: [nodes], act: [agent(byTwo)] },
  { name: 'a rolling update, two at a time', before: [nodes, [agent(byTwo)]], act: [image(2)] },
  { name: 'a rolling update with surge', before: [nodes, [agent(bySurge)]], act: [image(2)] },
  { name: 'a rollback', before: [nodes, [agent(byTwo)], [image(2)]], act: [image(1)] },
  {
    name: 'a node is removed',
    before: [nodes, [agent(byTwo)]],
    act: [{ verb: 'delete', kind: NODE, key: { namespace: '', name: 'worker-4' } }],
  },
  {
    name: 'a deletion in the foreground',
    before: [nodes, [agent(byTwo)]],
    act: [
      {
        verb: 'delete',
        kind: DAEMON_SET,
        key: { namespace, name: 'agent' },
        propagationPolicy: 'Foreground',
      },
    ],
  },
];
