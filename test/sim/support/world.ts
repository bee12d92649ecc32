import { defaultAgents } from '../../../src/agents/all.ts';
import type { KubeletOptions } from '../../../src/agents/kubelet/kubelet.ts';
import type { DaemonSet } from '../../../src/api/apps.ts';
import type { Client, WriteOutcome, WriteRequest } from '../../../src/api/client.ts';
import type { Event, Node, Pod } from '../../../src/api/core.ts';
import type { Json, KindRef, KubeObject } from '../../../src/api/meta.ts';
import { DAEMON_SET, EVENT, NODE, POD } from '../../../src/api/well-known.ts';
import { type ControllerOptions, defaultControllers } from '../../../src/controllers/all.ts';
import { createReportCollector, type ReportCollector } from '../../../src/controllers/report.ts';
import type { VirtualClock } from '../../../src/runtime/clock.ts';
import { createManager, type Manager } from '../../../src/runtime/manager.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import {
  type FixedPoint,
  type FixedPointOptions,
  runToFixedPoint,
} from '../../../src/runtime/run-to-fixed-point.ts';
import { memoryClient } from '../../support/memory-client.ts';

/** A whole cluster under a virtual clock: store, API, control plane, scheduler and kubelets. */
export interface World {
  readonly client: Client;
  readonly clock: VirtualClock;
  readonly manager: Manager;
  readonly reports: ReportCollector;
  /** Commits requests; throws on a refusal. */
  do(...requests: readonly WriteRequest[]): Promise<readonly WriteOutcome[]>;
  create(...objects: readonly KubeObject[]): Promise<void>;
  patch(kind: KindRef, name: string, patch: Json, subresource?: string): Promise<void>;
  remove(kind: KindRef, name: string, options?: object): Promise<void>;
  /** Runs to the fixed point. */
  settle(options?: Partial<FixedPointOptions>): Promise<FixedPoint>;
  pods(labelSelector?: string): Promise<readonly Pod[]>;
  nodes(): Promise<readonly Node[]>;
  daemonSet(name?: string): Promise<DaemonSet>;
  events(): Promise<readonly Event[]>;
}

/** Choices for a world. */
export interface WorldOptions {
  readonly seed?: number;
  readonly kubelet?: KubeletOptions;
  readonly controllers?: ControllerOptions;
  /** Puts a wrapper between the manager and the API. */
  readonly wrap?: (client: Client) => Client;
}

/** The namespace of everything in these tests. */
export const namespace = 'default';

const isNamespaced = (kind: KindRef): boolean => !['Node', 'Namespace', 'PriorityClass'].includes(kind.kind);

/** A manager with everything in it over a client. */
export function fullManager(
  client: Client,
  clock: VirtualClock,
  options: WorldOptions = {},
): { readonly manager: Manager; readonly reports: ReportCollector } {
  const reports = createReportCollector();
  const manager = createManager({
    client: options.wrap?.(client) ?? client,
    clock,
    random: seededRandom((options.seed ?? 1) + 1),
    controllers: [
      ...defaultControllers({ onSync: reports.onSync, ...options.controllers }),
      ...defaultAgents(options.kubelet),
    ],
  });
  return { manager, reports };
}

/** An empty cluster. */
export function world(options: WorldOptions = {}): World {
  const { client, clock } = memoryClient(options.seed === undefined ? {} : { seed: options.seed });
  const { manager, reports } = fullManager(client, clock, options);
  const keyOf = (kind: KindRef, name: string) => ({ namespace: isNamespaced(kind) ? namespace : '', name });

  const self: World = {
    client,
    clock,
    manager,
    reports,
    async do(...requests) {
      const outcomes = await client.commit(requests);
      for (const outcome of outcomes) {
        if (!outcome.ok) throw new Error(outcome.error.message ?? outcome.error.reason ?? 'refused');
      }
      return outcomes;
    },
    async create(...objects) {
      await self.do(
        ...objects.map((object): WriteRequest => {
          const slash = object.apiVersion.indexOf('/');
          const kind = {
            group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
            version: object.apiVersion.slice(slash + 1),
            kind: object.kind,
          };
          return { verb: 'create', kind, namespace: isNamespaced(kind) ? namespace : '', object };
        }),
      );
    },
    async patch(kind, name, patch, subresource) {
      await self.do({
        verb: 'patch',
        kind,
        key: keyOf(kind, name),
        patchType: 'merge',
        patch,
        ...(subresource === undefined ? {} : { subresource }),
      });
    },
    async remove(kind, name, deleteOptions = {}) {
      await self.do({ verb: 'delete', kind, key: keyOf(kind, name), ...deleteOptions });
    },
    settle: (more = {}) => runToFixedPoint({ manager, clock, ...more }),
    async pods(labelSelector) {
      return (await client.list(POD, labelSelector === undefined ? {} : { labelSelector })).items;
    },
    nodes: async () => (await client.list(NODE)).items,
    daemonSet: (name = 'agent') => client.get(DAEMON_SET, { namespace, name }),
    events: async () => (await client.list(EVENT)).items,
  };
  return self;
}

/** A node that its simulated kubelet will take over. */
export function node(
  name: string,
  more: { labels?: Record<string, string>; spec?: object; status?: NonNullable<Node['status']> } = {},
): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...more.labels },
    },
    spec: { ...more.spec },
    ...(more.status === undefined ? {} : { status: more.status }),
  };
}

/** A DaemonSet `agent` with one container `agent`. */
export function daemonSet(
  more: {
    readonly name?: string;
    readonly image?: string;
    readonly spec?: object;
    readonly template?: object;
    readonly annotations?: Record<string, string>;
    readonly container?: object;
  } = {},
): DaemonSet {
  const { name = 'agent', image = 'example.test/agent:1' } = more;
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name },
          ...(more.annotations === undefined ? {} : { annotations: more.annotations }),
        },
        spec: { containers: [{ name: 'agent', image, ...more.container }], ...more.template },
      },
      ...more.spec,
    },
  };
}

/** The node names of pods, sorted. */
export function nodesOf(pods: readonly Pod[]): readonly string[] {
  return pods.map(({ spec }) => spec.nodeName ?? '').sort();
}
