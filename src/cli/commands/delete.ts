import type { Client, PropagationPolicy, ResourceInfo } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import { pause } from '../../runtime/pause.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { ApiFailure } from '../exit.ts';
import { attempt, manifestEntries, manifestFlags, readyObject, send } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { qualifiedName } from '../object-names.ts';
import { type DryRun, dryRunFlag, dryRunOf } from '../output.ts';
import { liveReconciler } from '../reconcile-lease.ts';
import { parseTargets } from '../resource-arguments.ts';

const POLICIES: Readonly<Record<string, PropagationPolicy>> = {
  background: 'Background',
  true: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  false: 'Orphan',
};

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
    { name: 'all-namespaces', short: 'A', type: 'bool', default: 'false', usage: 'Look in all namespaces.' },
    {
      name: 'selector',
      short: 'l',
      type: 'string',
      default: "''",
      usage: 'Selector (label query) to filter on.',
    },
    { name: 'field-selector', type: 'string', default: "''", usage: 'Selector (field query) to filter on.' },
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

/** An object to delete. */
interface Doomed {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** The file that names it. */
  readonly source?: string;
}

async function remove(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const output = flags.string('output');
  if (output !== '' && output !== 'name') {
    throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
  }
  const policy = POLICIES[flags.string('cascade')];
  if (policy === undefined) {
    throw new CommandError(
      `invalid cascade value (${flags.string('cascade')}). Must be "background", "foreground", or "orphan"`,
    );
  }
  const grace = graceOf(invocation);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const doomed = await doomedObjects(invocation, client, failures);
  const dryRun = dryRunOf(flags.string('dry-run'));
  const gone: (Doomed & { readonly uid: string })[] = [];
  if (flags.bool('force') && grace === 0) {
    context.streams.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  }
  for (const one of doomed) {
    await attempt(failures, async () => {
      const object = await removeOne(invocation, client, one, policy, grace, dryRun);
      if (object === undefined) return;
      context.streams.out(deletedText(one, output, flags.bool('force') && grace === 0, dryRun));
      if (dryRun === 'none') gone.push({ ...one, uid: object.metadata.uid ?? '' });
    });
  }
  if (doomed.length === 0 && failures.length === 0) context.streams.out('No resources found\n');
  if (flags.bool('wait') && gone.length > 0) await waitUntilGone(invocation, client, gone);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
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

async function doomedObjects(
  { flags, args, context }: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly Doomed[]> {
  const found: Doomed[] = [];
  if (flags.given('filename')) {
    for await (const entry of manifestEntries(context, flags)) {
      const ready =
        entry.kind === 'problem'
          ? entry.message
          : await readyObject(client, context, entry.value, entry.source);
      if (typeof ready === 'string') failures.push(ready);
      else found.push(ready);
    }
    return found;
  }
  if (args.length === 0) {
    throw new CommandError(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    );
  }
  const targets = await parseTargets(client, args);
  const selecting = flags.bool('all') || flags.given('selector') || flags.given('field-selector');
  for (const { resource, name } of targets) {
    if (name !== undefined) {
      if (selecting) throw new CommandError('name cannot be provided when a selector is specified');
      found.push({ resource, namespace: resource.namespaced ? context.namespace : '', name });
      continue;
    }
    if (!selecting) throw new CommandError('resource(s) were provided, but no name was specified');
    const { items } = await client.list<KubeObject>(resource, {
      ...(resource.namespaced && !flags.bool('all-namespaces') ? { namespace: context.namespace } : {}),
      ...(flags.given('selector') ? { labelSelector: flags.string('selector') } : {}),
      ...(flags.given('field-selector') ? { fieldSelector: flags.string('field-selector') } : {}),
    });
    for (const { metadata } of items) {
      found.push({ resource, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
    }
  }
  return found;
}

async function removeOne(
  { flags, context }: Invocation,
  client: Client,
  { resource, namespace, name, source }: Doomed,
  propagationPolicy: PropagationPolicy,
  grace: number | undefined,
  dryRun: DryRun,
): Promise<KubeObject | undefined> {
  try {
    const key = { namespace, name };
    if (dryRun === 'client') return await client.get(resource, key);
    const outcome = await send(client, context, {
      verb: 'delete',
      kind: resource,
      key,
      propagationPolicy,
      dryRun: dryRun === 'server',
      ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    });
    return outcome.object;
  } catch (error) {
    if (hasReason(error, 'NotFound') && flags.bool('ignore-not-found')) return undefined;
    if (error instanceof StatusError && source !== undefined) {
      throw new ApiFailure(error.status, `error when deleting ${JSON.stringify(source)}`);
    }
    throw error;
  }
}

function deletedText(
  { resource, namespace, name }: Doomed,
  output: string,
  forced: boolean,
  dryRun: DryRun,
): string {
  if (output === 'name') return `${qualifiedName(resource, name)}\n`;
  const group = resource.group === '' ? '' : `.${resource.group}`;
  const from = namespace === '' ? '' : ` from ${namespace} namespace`;
  const suffix = dryRun === 'none' ? '' : dryRun === 'server' ? ' (server dry run)' : ' (dry run)';
  return `${resource.singular}${group} "${name}" ${forced ? 'force deleted' : 'deleted'}${from}${suffix}\n`;
}

/**
 * Waits until the objects are gone, as kubectl does, while a reconciler runs. Without one nothing would ever end the
 * wait: then a terminal gets a hint of what is left to do.
 */
async function waitUntilGone(
  { flags, context }: Invocation,
  client: Client,
  gone: readonly (Doomed & { readonly uid: string })[],
): Promise<void> {
  const timeout = flags.duration('timeout');
  const start = context.clock.now();
  for (const { resource, namespace, name, uid } of gone) {
    for (;;) {
      const left = await client.get<KubeObject>(resource, { namespace, name }).catch((error: unknown) => {
        if (hasReason(error, 'NotFound')) return undefined;
        throw error;
      });
      if (left === undefined || left.metadata.uid !== uid) break;
      if ((await liveReconciler(client, await context.now())) === undefined) {
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
