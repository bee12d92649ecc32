import type { Client, PropagationPolicy } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason } from '../../api/status.ts';
import { pause } from '../../runtime/pause.ts';
import { type ChosenName, chosenNames } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { cascadeOf, deletedText } from '../deletion.ts';
import { CommandError } from '../errors.ts';
import { findObject } from '../find-object.ts';
import { attempt, fromManifests, manifestFlags, send, withSource } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { qualifiedName } from '../object-names.ts';
import { allFlag, nothingNamed } from '../objects-to-change.ts';
import { DRY_RUN_SUFFIX, type DryRun, dryRunFlag, dryRunOf } from '../output.ts';
import { liveReconciler } from '../reconcile-lease.ts';
import { isSelecting, selectionFlags } from '../selection.ts';

/** `kdaemon delete`. */
export const command: CommandSpec = {
  name: 'delete',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  description:
    'Delete resources by file names, stdin, resources and names, or by resources and label selector.\n\n The pods of a deleted DaemonSet go at the next "kdaemon reconcile".',
  examples: [
    '# Delete what a manifest names',
    'kdaemon delete -f daemonset.yaml',
    '',
    '# Delete a DaemonSet, and let its pods live',
    'kdaemon delete daemonset fluentd-elasticsearch -n kube-system --cascade=orphan',
    '',
    '# Delete a node',
    'kdaemon delete node worker-2',
  ],
  usage: 'kdaemon delete ([-f FILENAME] | TYPE [(NAME | -l label | --all)]) [options]',
  flags: [
    ...manifestFlags,
    {
      name: 'all',
      type: 'bool',
      default: 'false',
      usage: 'Delete all objects of the given kinds in the namespace.',
    },
    ...selectionFlags,
    {
      name: 'cascade',
      type: 'string',
      default: 'background',
      bare: 'background',
      usage: 'Must be "background", "orphan", or "foreground": what becomes of dependents.',
    },
    {
      name: 'force',
      type: 'bool',
      default: 'false',
      usage: 'Remove at once, without waiting for the kubelet.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that a pod gets to end; negative is its own.',
    },
    { name: 'now', type: 'bool', default: 'false', usage: 'The same as --grace-period=1.' },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'Take an absent object for a deleted one.',
    },
    {
      name: 'wait',
      type: 'bool',
      default: 'true',
      usage: 'Wait until the objects are gone, while somebody reconciles.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long to wait; 0 is as long as it takes.',
    },
    {
      name: 'interactive',
      short: 'i',
      type: 'bool',
      default: 'false',
      usage: 'Name the objects, and delete them only when told to.',
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: "''",
      usage: 'Output mode: "name" for short output.',
    },
    dryRunFlag,
  ],
  run: remove,
};

async function remove(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const options = optionsOf(invocation);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  if (invocation.args.length === 0 && !fromManifests(flags)) throw nothingNamed();
  const selecting = flags.bool(allFlag.name) || isSelecting(flags);
  const doomed = await chosenNames(invocation, client, failures, { wholeTypes: false, selecting });
  if (options.gracePeriodSeconds === 0) {
    context.streams.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  }
  if (flags.bool('interactive') && doomed.length > 0 && !(await isConfirmed(invocation, doomed))) {
    context.streams.out('deletion is cancelled\n');
    return;
  }
  const gone: Gone[] = [];
  let warned = !context.namespaceGiven || flags.bool('all-namespaces');
  for (const one of doomed) {
    await attempt(failures, async () => {
      if (!warned && !one.resource.namespaced) {
        warned = true;
        context.streams.err(
          'Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n',
        );
      }
      const object = await removeOne(invocation, client, one, options);
      if (object === undefined) return;
      context.streams.out(lineAbout(one, flags.string('output'), options));
      if (options.dryRun === 'none') gone.push({ ...one, uid: object.metadata.uid ?? '' });
    });
  }
  if (doomed.length === 0 && failures.length === 0) context.streams.out('No resources found\n');
  if (flags.bool('wait')) {
    await attempt(failures, () => waitUntilGone(invocation, client, gone));
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** Names the objects and asks; anything but y is no. */
async function isConfirmed(
  { context: { streams } }: Invocation,
  doomed: readonly ChosenName[],
): Promise<boolean> {
  const names = doomed.map(({ resource, name }) => `${qualifiedName(resource, name)}\n`).join('');
  streams.out(`You are about to delete the following ${doomed.length} resource(s):\n${names}`);
  streams.out('Do you want to continue? (y/N): ');
  return (await streams.readLine()).trim().toLowerCase() === 'y';
}

/** How objects are deleted. */
interface DeleteOptions {
  readonly propagationPolicy: PropagationPolicy;
  /** Absent: each kind's own. */
  readonly gracePeriodSeconds?: number;
  readonly dryRun: DryRun;
}

/** Reads the flags. Throws where they do not go together, before anything is deleted. */
function optionsOf(invocation: Invocation): DeleteOptions {
  const { flags } = invocation;
  const output = flags.string('output');
  if (output !== '' && output !== 'name') {
    throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
  }
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  }
  const propagationPolicy = cascadeOf(flags);
  const grace = graceOf(invocation);
  const dryRun = dryRunOf(flags);
  return { propagationPolicy, dryRun, ...(grace === undefined ? {} : { gracePeriodSeconds: grace }) };
}

/** Seconds of grace; undefined is each kind's own. */
function graceOf({ flags }: Invocation): number | undefined {
  const asked = flags.int('grace-period');
  if (flags.bool('now')) {
    if (flags.given('grace-period') && asked >= 0)
      throw new CommandError('--now and --grace-period cannot be specified together');
    return 1;
  }
  if (asked === 0 && !flags.bool('force')) return 1;
  if (asked < 0) return flags.bool('force') ? 0 : undefined;
  if (asked > 0 && flags.bool('force'))
    throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  return asked;
}

async function removeOne(
  { flags, context }: Invocation,
  client: Client,
  { resource, namespace, name, source }: ChosenName,
  { dryRun, ...options }: DeleteOptions,
): Promise<KubeObject | undefined> {
  const key = { namespace, name };
  try {
    if (dryRun === 'client') return await client.get(resource, key);
    const outcome = await send(client, context, {
      ...options,
      verb: 'delete',
      kind: resource,
      key,
      dryRun: dryRun === 'server',
    });
    return outcome.object;
  } catch (error) {
    // What was listed by --all may be gone by the time it is its turn.
    const isExpected = flags.bool('ignore-not-found') || flags.bool('all');
    if (hasReason(error, 'NotFound') && isExpected) return undefined;
    throw source === undefined ? error : withSource(error, 'deleting', source);
  }
}

function lineAbout(one: ChosenName, output: string, { gracePeriodSeconds, dryRun }: DeleteOptions): string {
  if (output === 'name') return `${qualifiedName(one.resource, one.name)}\n`;
  const did = gracePeriodSeconds === 0 ? 'force deleted' : 'deleted';
  return `${deletedText(one, did)}${DRY_RUN_SUFFIX[dryRun]}\n`;
}

/** A deleted object; one with the same name and another UID is a new one. */
interface Gone extends ChosenName {
  readonly uid: string;
}

/**
 * Waits until the objects are gone, as kubectl does, while a reconciler runs. Without one nothing would ever end the
 * wait: then a terminal gets a hint of what is left to do.
 */
async function waitUntilGone(
  { flags, context }: Invocation,
  client: Client,
  gone: readonly Gone[],
): Promise<void> {
  const timeout = flags.duration('timeout');
  const start = context.clock.now();
  for (const { resource, namespace, name, uid } of gone) {
    for (;;) {
      const left = await findObject(client, resource, { namespace, name });
      if (left === undefined || left.metadata.uid !== uid) break;
      // A cluster elsewhere has controllers of its own.
      if (!context.isRemote && (await liveReconciler(client, await context.now())) === undefined) {
        if (context.streams.errIsTerminal) {
          context.streams.err(
            'Some objects are still terminating: run "kdaemon reconcile" to let them go.\n',
          );
        }
        return;
      }
      if (timeout > 0 && context.clock.now() - start > timeout) {
        throw new CommandError(`timed out waiting for the condition on ${resource.plural}/${name}`);
      }
      await pause(50);
    }
  }
}
