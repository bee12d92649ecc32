import type { Client, WriteRequest } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import { StatusError } from '../../api/status.ts';
import { DAEMON_SET, POD } from '../../api/well-known.ts';
import { decideDrain, drainNotes } from '../../domain/drain.ts';
import { parseLabelSelector } from '../../domain/selectors/parse-labels.ts';
import { SelectorError } from '../../domain/selectors/selector-error.ts';
import { pause } from '../../runtime/pause.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError, QuietExit } from '../errors.ts';
import { describeFailure } from '../exit.ts';
import { findObject } from '../find-object.ts';
import { send } from '../manifest-objects.ts';
import { type ChosenNode, chosenNodes, cordonNode, nodeSelectorFlag } from '../node-arguments.ts';
import { qualifiedName } from '../object-names.ts';
import { DRY_RUN_SUFFIX, dryRunFlag, dryRunOf } from '../output.ts';
import { liveReconciler } from '../reconcile-lease.ts';

/** `kdaemon drain`. */
export const command: CommandSpec = {
  name: 'drain',
  summary: 'Drain node in preparation for maintenance',
  description:
    'Drain node in preparation for maintenance.\n\n The node is made unschedulable, and its pods are evicted. Pods of DaemonSets would come back at once, whatever the node says: they are left alone with --ignore-daemonsets, and without it the node is not drained.\n\n While somebody reconciles, drain waits until the pods are gone.',
  examples: [
    '# Drain a node, its DaemonSet pods aside',
    'kdaemon drain worker-1 --ignore-daemonsets',
    '',
    '# Evict pods too that nothing will bring back',
    'kdaemon drain worker-1 --ignore-daemonsets --force',
  ],
  usage: 'kdaemon drain NODE [options]',
  flags: [
    nodeSelectorFlag,
    dryRunFlag,
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Taken for the sake of scripts.',
      hidden: true,
    },
    {
      name: 'delete-emptydir-data',
      type: 'bool',
      default: 'false',
      usage: 'Go on even if there are pods with emptyDir volumes, whose data is lost.',
    },
    {
      name: 'disable-eviction',
      type: 'bool',
      default: 'false',
      usage: 'Delete the pods instead of evicting them, past all disruption budgets.',
    },
    {
      name: 'force',
      type: 'bool',
      default: 'false',
      usage: 'Go on even if there are pods that no controller would bring back.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that a pod gets to end; negative is its own.',
    },
    { name: 'ignore-daemonsets', type: 'bool', default: 'false', usage: 'Leave pods of DaemonSets alone.' },
    {
      name: 'pod-selector',
      type: 'string',
      default: "''",
      usage: 'Label selector to filter pods on the node.',
    },
    {
      name: 'skip-wait-for-delete-timeout',
      type: 'int',
      default: '0',
      usage: 'Do not wait for pods that have been terminating for longer than this many seconds; 0 is never.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long to go on; 0 is as long as it takes.',
    },
  ],
  run: drain,
};

async function drain(invocation: Invocation): Promise<void> {
  const { context, commandPath } = invocation;
  requireOptions(invocation);
  const client = await context.client();
  const nodes = await chosenNodes(invocation, client);
  for (const chosen of nodes) await cordonNode(invocation, client, chosen, true);
  const failed: { readonly name: string; readonly lines: readonly string[]; readonly text: string }[] = [];
  for (const chosen of nodes) {
    const name = chosen.node.metadata.name ?? '';
    try {
      await drainNode(invocation, client, chosen);
    } catch (error) {
      if (error instanceof QuietExit || !(error instanceof Error)) throw error;
      const problems = error instanceof Undrainable ? error.problems : [error.message];
      const text = problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`;
      const lines =
        error instanceof StatusError ? [describeFailure(error, commandPath).text.trimEnd()] : problems;
      failed.push({ name, lines, text });
      context.streams.err(
        `error: unable to drain node ${JSON.stringify(name)} due to error: ${text}, continuing command...\n`,
      );
    }
  }
  if (failed.length === 0) return;
  const pending = failed.map(({ name }) => ` ${name}\n`).join('');
  context.streams.err(`There are pending nodes to be drained:\n${pending}`);
  const [only] = failed;
  const lines = failed.length === 1 && only !== undefined ? only.lines : failed.map(({ text }) => text);
  throw new PlainError(lines.join('\n'));
}

function requireOptions({ flags }: Invocation): void {
  dryRunOf(flags);
  try {
    parseLabelSelector(flags.string('pod-selector'));
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new CommandError('--pod-selector=<pod_selector> must be a valid label selector');
  }
}

/** Pods that keep a node from being drained, one problem for each reason. */
class Undrainable extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join(', '));
    this.name = 'Undrainable';
    this.problems = problems;
  }
}

async function drainNode(
  invocation: Invocation,
  client: Client,
  { resource, node }: ChosenNode,
): Promise<void> {
  const { flags, context } = invocation;
  const name = node.metadata.name ?? '';
  const { items } = await client.list(POD, {
    fieldSelector: `spec.nodeName=${name}`,
    labelSelector: flags.string('pod-selector'),
  });
  const pods = await withoutLongGone(invocation, items);
  const hasDaemonSet = await daemonSetLookup(client, pods);
  const rules = {
    ignoreDaemonSets: flags.bool('ignore-daemonsets'),
    force: flags.bool('force'),
    deleteEmptyDirData: flags.bool('delete-emptydir-data'),
  };
  const decisions = pods.map((pod) => decideDrain(pod, rules, hasDaemonSet));
  const errors = drainNotes(decisions, 'error');
  if (errors.length > 0) throw new Undrainable(errors.map((error) => `cannot delete ${error}`));
  const warnings = drainNotes(decisions, 'warning');
  if (warnings.length > 0) context.streams.err(`Warning: ${warnings.join('; ')}\n`);
  const doomed = decisions.filter(({ remove }) => remove).map(({ pod }) => pod);
  await removePods(invocation, client, doomed);
  context.streams.out(`${qualifiedName(resource, name)} drained${DRY_RUN_SUFFIX[dryRunOf(flags)]}\n`);
}

async function withoutLongGone(
  { flags, context }: Invocation,
  pods: readonly Pod[],
): Promise<readonly Pod[]> {
  const seconds = flags.int('skip-wait-for-delete-timeout');
  if (seconds <= 0) return pods;
  const now = await context.now();
  return pods.filter(({ metadata: { deletionTimestamp } }) => {
    return deletionTimestamp === undefined || now - Date.parse(deletionTimestamp) <= seconds * 1000;
  });
}

/** Which of the DaemonSets that control these pods exist. */
async function daemonSetLookup(
  client: Client,
  pods: readonly Pod[],
): Promise<(namespace: string, name: string) => boolean> {
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? ''));
  const found = new Set<string>();
  for (const namespace of namespaces) {
    const { items } = await client.list(DAEMON_SET, { namespace });
    for (const { metadata } of items) found.add(`${namespace}/${metadata.name ?? ''}`);
  }
  return (namespace, name) => found.has(`${namespace}/${name}`);
}

async function removePods(invocation: Invocation, client: Client, pods: readonly Pod[]): Promise<void> {
  const { flags, context } = invocation;
  const dryRun = dryRunOf(flags);
  const suffix = DRY_RUN_SUFFIX[dryRun];
  const evicts = !flags.bool('disable-eviction');
  if (evicts || dryRun !== 'none') {
    for (const { metadata } of pods) {
      context.streams.out(
        `${evicts ? 'evicting' : 'deleting'} pod ${metadata.namespace ?? ''}/${metadata.name ?? ''}${suffix}\n`,
      );
    }
  }
  if (dryRun === 'client') return;
  for (const pod of pods) await send(client, context, removalOf(invocation, pod, evicts));
  if (dryRun === 'server') return;
  const left = await waitUntilGone(invocation, client, pods);
  for (const pod of pods.filter((one) => !left.includes(one))) {
    context.streams.out(`pod/${pod.metadata.name ?? ''} ${evicts ? 'evicted' : 'deleted'}\n`);
  }
  if (left.length > 0) {
    context.streams.err(
      `${left.length} of ${pods.length} pods are still terminating: run "kdaemon reconcile" to let them go.\n`,
    );
  }
}

function removalOf({ flags }: Invocation, { metadata }: Pod, evicts: boolean): WriteRequest {
  const { namespace = '', name = '', uid = '' } = metadata;
  const grace = flags.int('grace-period');
  const options = {
    preconditions: { uid },
    ...(grace < 0 ? {} : { gracePeriodSeconds: grace }),
  };
  const dryRun = dryRunOf(flags) === 'server';
  if (!evicts) return { verb: 'delete', kind: POD, key: { namespace, name }, dryRun, ...options };
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { namespace, name },
    deleteOptions: options,
  };
  return { verb: 'create', kind: POD, namespace, subresource: 'eviction', dryRun, object: eviction };
}

/** Waits until pods are gone, while a reconciler runs. Resolves to those that are left when there is none. */
async function waitUntilGone(
  { flags, context }: Invocation,
  client: Client,
  pods: readonly Pod[],
): Promise<readonly Pod[]> {
  const timeout = flags.duration('timeout');
  const start = context.clock.now();
  let left = pods;
  for (;;) {
    left = await remaining(client, left);
    if (left.length === 0) return [];
    if ((await liveReconciler(client, await context.now())) === undefined) return left;
    if (timeout > 0 && context.clock.now() - start > timeout) {
      throw new CommandError('global timeout reached: the pods are still terminating');
    }
    await pause(50);
  }
}

async function remaining(client: Client, pods: readonly Pod[]): Promise<readonly Pod[]> {
  const left: Pod[] = [];
  for (const pod of pods) {
    const { namespace = '', name = '', uid } = pod.metadata;
    const found = await findObject(client, POD, { namespace, name });
    if (found !== undefined && found.metadata.uid === uid) left.push(pod);
  }
  return left;
}
