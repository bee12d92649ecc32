import type { ControllerRevision, DaemonSet } from '../../api/apps.ts';
import type { Client } from '../../api/client.ts';
import type { Node, Pod } from '../../api/core.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { CONTROLLER_REVISION, NODE, POD } from '../../api/well-known.ts';
import { nodeShouldRunDaemonPod } from '../../domain/daemonset/placement.ts';
import { daemonPodFactory } from '../../domain/daemonset/pod-template.ts';
import { controllerOf } from '../../domain/owner-references.ts';
import { builtinKind } from '../../registry/builtin-kinds.ts';
import type { Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { attempt } from '../manifest-objects.ts';
import { failureOf, readManifests } from '../manifests.ts';
import { kindOf } from '../object-names.ts';
import type { Subject } from './subjects.ts';

/** What a report needs of the cluster, for one DaemonSet. */
interface Surroundings {
  readonly pods: readonly Pod[];
  readonly revisions: readonly ControllerRevision[];
  readonly podsOnNode: (name: string) => readonly Pod[];
  readonly newPod: (nodeName: string) => Pod | undefined;
  readonly creationRefused?: string;
}

/** The cluster, read as far as the questions need it. */
export interface ClusterView {
  readonly nodes: readonly Node[];
  /** Of these names the ones that are nodes; the others go to `failures`. */
  existing(names: readonly string[], failures: (string | Error)[]): Promise<readonly string[]>;
  around(subject: Subject): Promise<Surroundings>;
}

/**
 * The cluster behind the client, with the nodes of `--nodes` in place of its own; pods in that file stand in for the
 * cluster's pods too. Throws CommandError where a file cannot be read or holds no node.
 */
export async function clusterView({ flags, context }: Invocation, client: Client): Promise<ClusterView> {
  const file = flags.given('nodes') ? await snapshotOf(flags.strings('nodes'), context.streams) : undefined;
  const nodes = file?.nodes ?? (await client.list(NODE)).items;
  let everyPod: Promise<readonly Pod[]> | undefined =
    file === undefined || file.pods.length === 0 ? undefined : Promise.resolve(file.pods);
  const allPods = (): Promise<readonly Pod[]> => {
    everyPod ??= client.list(POD).then(({ items }) => items);
    return everyPod;
  };
  const podsIn = async (namespace: string): Promise<readonly Pod[]> =>
    everyPod === undefined
      ? (await client.list(POD, { namespace })).items
      : (await allPods()).filter(({ metadata }) => metadata.namespace === namespace);

  return {
    nodes,
    async existing(names, failures) {
      const found = new Set(nodes.map(({ metadata }) => metadata.name));
      for (const name of names) {
        if (found.has(name)) continue;
        if (file !== undefined)
          failures.push(`no node ${JSON.stringify(name)} in ${flags.strings('nodes').join(', ')}`);
        else await attempt(failures, async () => void (await client.get(NODE, { namespace: '', name })));
      }
      return names.filter((name) => found.has(name));
    },
    async around({ daemonSet }) {
      const { namespace = '', uid } = daemonSet.metadata;
      const pods = await podsIn(namespace);
      const own = pods.filter((pod) => controllerOf(pod)?.uid === uid);
      const occupied = new Set(own.map(({ spec }) => spec.nodeName ?? ''));
      const waits = occupied.has('');
      const unoccupied = nodes.find(
        (node) =>
          !occupied.has(node.metadata.name ?? '') && nodeShouldRunDaemonPod(node, daemonSet).shouldRun,
      );
      const creation =
        unoccupied === undefined
          ? undefined
          : await tryCreation(client, daemonSet, unoccupied.metadata.name ?? '');
      const bound = waits || unoccupied !== undefined ? byNode(await allPods()) : new Map<string, Pod[]>();
      const { items: revisions } = await client.list(CONTROLLER_REVISION, { namespace });
      return {
        pods,
        revisions,
        podsOnNode: (name) => bound.get(name) ?? [],
        newPod: (nodeName) => creation?.pod(nodeName),
        ...(creation?.refused !== undefined && { creationRefused: creation.refused }),
      };
    },
  };
}

function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const map = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = pod.spec.nodeName ?? '';
    const onNode = map.get(name);
    if (onNode === undefined) map.set(name, [pod]);
    else onNode.push(pod);
  }
  return map;
}

/** Asks the API, without keeping anything, what it would make of a pod of the DaemonSet. */
async function tryCreation(
  client: Client,
  daemonSet: DaemonSet,
  nodeName: string,
): Promise<{ readonly pod: (nodeName: string) => Pod; readonly refused?: string }> {
  const template = daemonPodFactory(daemonSet, '');
  const { ownerReferences: _, ...metadata } = template(nodeName).metadata;
  const object = { ...template(nodeName), metadata };
  const namespace = daemonSet.metadata.namespace ?? '';
  const [outcome] = await client.commit([{ verb: 'create', kind: POD, namespace, object, dryRun: true }]);
  if (outcome === undefined) throw new Error('a write was left without an answer');
  const made = outcome.ok ? outcome.object : builtinKind(POD)?.applyDefaults(object);
  const spec = (made as Pod | undefined)?.spec ?? object.spec; // the answer to a pod is a pod
  const pod = (name: string): Pod => {
    const { affinity } = template(name).spec;
    return { ...object, spec: { ...spec, ...(affinity !== undefined && { affinity }) } };
  };
  return !outcome.ok && isAboutThePod(new StatusError(outcome.error))
    ? { pod, refused: outcome.error.message ?? outcome.error.reason ?? 'refused' }
    : { pod };
}

/** Whether the controller would be refused as well: not where it is this user who may not create pods. */
function isAboutThePod({ status, message }: StatusError): boolean {
  if (status.reason === 'Invalid') return true;
  return status.reason === 'Forbidden' && !message.includes('cannot create resource');
}

/** Nodes, and pods where there are any, of files such as `kubectl get nodes,pods -A -o yaml` writes. */
async function snapshotOf(
  files: readonly string[],
  streams: Invocation['context']['streams'],
): Promise<{ readonly nodes: readonly Node[]; readonly pods: readonly Pod[] }> {
  const nodes: Node[] = [];
  const pods: Pod[] = [];
  const failures: string[] = [];
  const entries = readManifests({
    files,
    recursive: false,
    validate: true,
    readInput: () => streams.readInput(),
  });
  for await (const entry of entries) {
    if (entry.kind === 'problem') failures.push(entry.message);
    else if (entry.value.kind === NODE.kind) nodes.push(decoded(NODE, entry.value, entry.source));
    else if (entry.value.kind === POD.kind) pods.push(decoded(POD, entry.value, entry.source));
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  if (nodes.length === 0) throw new CommandError(`no nodes in ${files.join(', ')}`);
  return { nodes, pods };
}

function decoded<T extends KubeObject>(kind: KindRef<T>, value: object, source: string): T {
  try {
    const served = builtinKind(kindOf({ apiVersion: 'v1', kind: kind.kind }));
    // A kind's decoder answers an object of the kind.
    return served?.decode(value, 'Ignore').object as T;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new CommandError(`${source}: ${error.message}`);
  }
}
