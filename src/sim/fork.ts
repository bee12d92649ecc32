import type { Client } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { hasReason, StatusError } from '../api/status.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NAMESPACE, NODE, POD } from '../api/well-known.ts';
import { formatRfc3339 } from '../domain/rfc3339.ts';
import { bootstrapWrites } from '../registry/bootstrap.ts';
import { builtinKind } from '../registry/builtin-kinds.ts';
import { LateText } from '../registry/late-text.ts';
import { localClient } from '../registry/local-client.ts';
import { objectKey, termsOf } from '../registry/object-keys.ts';
import type { Clock } from '../runtime/clock.ts';
import { kindKey, kindKeyOf } from '../runtime/kind-key.ts';
import type { Random } from '../runtime/random.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { Store, Write } from '../store/store.ts';
import { namespaceNamed } from './assumed-surroundings.ts';

/** A kind that a plan looks at, and its plural in the store's keys. */
interface ForkedKind {
  readonly kind: KindRef;
  readonly plural: string;
  /** Whether a plan can do without it, where it may not be read or is not there. */
  readonly optional: boolean;
}

const PRIORITY_CLASS: KindRef = { group: 'scheduling.k8s.io', version: 'v1', kind: 'PriorityClass' };
/** The budgets that people expect to slow a rollout down; see the findings. */
export const POD_DISRUPTION_BUDGET: KindRef = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
};

const forkedKinds: readonly ForkedKind[] = [
  { kind: NODE, plural: 'nodes', optional: false },
  { kind: POD, plural: 'pods', optional: false },
  { kind: DAEMON_SET, plural: 'daemonsets', optional: false },
  { kind: CONTROLLER_REVISION, plural: 'controllerrevisions', optional: true },
  { kind: NAMESPACE, plural: 'namespaces', optional: true },
  { kind: PRIORITY_CLASS, plural: 'priorityclasses', optional: true },
  { kind: POD_DISRUPTION_BUDGET, plural: 'poddisruptionbudgets', optional: true },
];
const forkedByKey = new Map(forkedKinds.map((one) => [kindKey(one.kind), one]));

/**
 * Everything of a cluster that a plan looks at. It only reads. Throws StatusError where nodes, pods or DaemonSets may
 * not be read.
 */
export async function readCluster(client: Client): Promise<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for (const { kind, optional } of forkedKinds) {
    try {
      objects.push(...(await client.list(kind)).items);
    } catch (error) {
      const isMissing = hasReason(error, 'NotFound') || hasReason(error, 'Forbidden');
      if (!(error instanceof StatusError && optional && isMissing)) throw error;
    }
  }
  return objects;
}

/** What a fork is made with. */
export interface ForkParts {
  readonly clock: Clock;
  readonly random: Random;
}

/** A copy of a cluster in memory. */
export interface Fork {
  readonly client: Client;
  readonly store: Store;
}

/**
 * An API over a copy in memory. Objects go in as they are, without validation: a real cluster has accepted them. Those
 * that lack a UID or a time of creation, as in files written by hand, get one, and such pods get the API's defaults.
 * Namespaces that objects name are made.
 */
export async function forkCluster(
  objects: readonly KubeObject[],
  { clock, random }: ForkParts,
): Promise<Fork> {
  const created = formatRfc3339(clock.now());
  const writes = new Map<string, Write>(
    bootstrapWrites(clock.now(), random).map((write) => [write.key, write]),
  );
  const add = (object: KubeObject): void => {
    const forked = forkedByKey.get(kindKeyOf(object));
    if (forked === undefined) return;
    const { namespace = '', name = '' } = object.metadata;
    const key = storeKey(forked, namespace, name);
    const complete = identified(isPodByHand(object) ? defaulted(object) : object, created, random);
    const value = new LateText(complete);
    writes.set(key, { op: 'put', key, value, terms: termsOf(complete), expect: { kind: 'absent' } });
  };
  for (const name of new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))) {
    if (name !== '') add(namespaceNamed(name));
  }
  objects.forEach(add);
  const store = memoryStore();
  await store.commit([...writes.values()]);
  return { client: localClient({ store, clock, random, writesLate: true }), store };
}

function storeKey({ kind, plural }: ForkedKind, namespace: string, name: string): string {
  return objectKey({ group: kind.group, resource: plural }, { namespace, name });
}

/** Whether it is a pod that no API server has seen: they all say this. */
function isPodByHand(object: KubeObject): object is Pod {
  return object.kind === POD.kind && (object as Pod).spec.enableServiceLinks === undefined; // the kind says so
}

/** The pod with the API's defaults: without them it could not be changed any more. */
function defaulted(pod: Pod): KubeObject {
  return builtinKind(POD)?.applyDefaults(pod) ?? pod;
}

/** The object with a UID and a time of creation, and without what only costs room. */
function identified(object: KubeObject, created: string, random: Random): KubeObject {
  const { managedFields: _left, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: metadata.uid ?? random.uuid(),
      creationTimestamp: metadata.creationTimestamp ?? created,
    },
  };
}
