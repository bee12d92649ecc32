import type { Client, ResourceInfo } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { LAST_APPLIED } from '../api/well-known.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import type { Flag } from './flags.ts';
import { type ReadyObject, send } from './manifest-objects.ts';
import { dryRunOf } from './output.ts';

/** Flags of `apply --prune`. */
export const pruneFlags: readonly Flag[] = [
  {
    name: 'prune',
    type: 'bool',
    default: 'false',
    usage: 'Delete objects that were applied before and are in no manifest any more. Wants -l or --all.',
  },
  {
    name: 'all',
    type: 'bool',
    default: 'false',
    usage: 'Prune among all objects of the kinds, instead of those that -l selects.',
  },
  {
    name: 'prune-allowlist',
    type: 'strings',
    default: '[]',
    usage: 'The kinds to prune, as <group/version/kind>, instead of the usual ones.',
  },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    default: "''",
    usage: 'Apply and prune only objects with these labels. (e.g. -l key1=value1,key2=value2)',
  },
];

/** The kinds that are pruned unless --prune-allowlist says otherwise. Cluster-scoped ones only without -n. */
const NAMESPACED = [
  'core/v1/ConfigMap',
  'core/v1/Endpoints',
  'core/v1/PersistentVolumeClaim',
  'core/v1/Pod',
  'core/v1/ReplicationController',
  'core/v1/Secret',
  'core/v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
];
const CLUSTER_SCOPED = ['core/v1/Namespace', 'core/v1/PersistentVolume'];

/** Throws CommandError, in kubectl's words, where it does not say what to prune among. */
export function checkPruneFlags({ flags }: Pick<Invocation, 'flags'>): void {
  if (!flags.bool('prune')) return;
  if (flags.string('selector') === '' && !flags.bool('all')) {
    throw new CommandError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    );
  }
}

/**
 * Deletes what was applied before, is of these kinds, and is not among the objects applied now, in their namespaces;
 * resolves to what went. Throws StatusError where a deletion is refused.
 */
export async function pruneOthers(
  { flags, context }: Invocation,
  client: Client,
  ready: readonly ReadyObject[],
  kinds: readonly ResourceInfo[],
): Promise<readonly KubeObject[]> {
  const kept = new Set(ready.map(({ resource, namespace, name }) => placeOf(resource, namespace, name)));
  const namespaces = new Set(ready.filter(({ namespace }) => namespace !== '').map((one) => one.namespace));
  const labelSelector = flags.string('selector');
  const gone: KubeObject[] = [];
  const pruneIn = async (resource: ResourceInfo, namespace: string): Promise<void> => {
    for (const object of (await client.list(resource, { namespace, labelSelector })).items) {
      const { annotations = {}, uid = '', name = '' } = object.metadata;
      if (annotations[LAST_APPLIED] === undefined || kept.has(placeOf(resource, namespace, name))) continue;
      gone.push(object);
      const dryRun = dryRunOf(flags);
      if (dryRun === 'client') continue;
      await send(client, context, {
        verb: 'delete',
        kind: resource,
        key: { namespace, name },
        preconditions: { uid },
        propagationPolicy: 'Background',
        dryRun: dryRun === 'server',
      });
    }
  };
  for (const namespace of namespaces) {
    for (const resource of kinds.filter(({ namespaced }) => namespaced)) await pruneIn(resource, namespace);
  }
  for (const resource of kinds.filter(({ namespaced }) => !namespaced)) await pruneIn(resource, '');
  return gone;
}

/** The kinds that --prune looks at. Throws CommandError for one of the allowlist that there is not. */
export async function prunedKinds(
  { flags, context }: Invocation,
  client: Client,
): Promise<readonly ResourceInfo[]> {
  const asked = flags.strings('prune-allowlist');
  const served = await client.resources();
  if (asked.length === 0) {
    const usual = context.namespaceGiven ? NAMESPACED : [...NAMESPACED, ...CLUSTER_SCOPED];
    return usual.flatMap((text) => resourceNamed(text, served) ?? []);
  }
  return asked.map((text) => {
    if (text.split('/').length !== 3) {
      throw new CommandError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    }
    const found = resourceNamed(text, served);
    if (found !== undefined) return found;
    const [, apiVersion = '', kind = ''] = /^(?:core\/)?(.*)\/([^/]*)$/.exec(text) ?? [];
    throw new CommandError(`no matches for kind "${kind}" in version "${apiVersion}"`);
  });
}

function placeOf({ group, kind }: ResourceInfo, namespace: string, name: string): string {
  return [group, kind, namespace, name].join('/');
}

/** The resource of `apps/v1/DaemonSet`; the core group is `core`. */
function resourceNamed(text: string, served: readonly ResourceInfo[]): ResourceInfo | undefined {
  const [group, version, kind] = text.split('/');
  return served.find(
    (one) => one.group === (group === 'core' ? '' : group) && one.version === version && one.kind === kind,
  );
}
