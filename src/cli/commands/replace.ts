import type { Client, WriteRequest } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason } from '../../api/status.ts';
import { LAST_APPLIED } from '../../api/well-known.ts';
import { pause } from '../../runtime/pause.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { cascadeOf, deletedText } from '../deletion.ts';
import { CommandError } from '../errors.ts';
import { fieldValidationOf, validateFlag } from '../field-validation.ts';
import { findObject } from '../find-object.ts';
import { withLastApplied } from '../last-applied.ts';
import {
  attempt,
  forCreation,
  manifestFlags,
  type ReadyObject,
  readyObjects,
  requireManifests,
  send,
  withSource,
} from '../manifest-objects.ts';
import { failureOf, noObjects } from '../manifests.ts';
import { fieldManagerFlag } from '../objects-to-change.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { liveReconciler } from '../reconcile-lease.ts';
import { requireSubresource, subresourceFlag } from '../subresource-flag.ts';

/** `kdaemon replace`. */
export const command: CommandSpec = {
  name: 'replace',
  summary: 'Replace a resource by file name or stdin',
  description:
    'Replace a resource by file name or stdin.\n\n The manifest is the whole object: fields that it leaves out go. With --force the object is deleted and created anew.',
  examples: [
    '# Replace a DaemonSet by what a manifest says',
    'kdaemon replace -f daemonset.yaml',
    '',
    '# Delete it, and create it again',
    'kdaemon replace --force -f daemonset.yaml',
  ],
  usage: 'kdaemon replace -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    validateFlag,
    fieldManagerFlag('kubectl-replace'),
    subresourceFlag('replace'),
    {
      name: 'save-config',
      type: 'bool',
      default: 'false',
      usage: 'If true, the manifest is kept in the annotation that "kdaemon apply" compares with.',
    },
    {
      name: 'force',
      type: 'bool',
      default: 'false',
      usage: 'If true, delete the object and create it again.',
    },
    {
      name: 'cascade',
      type: 'string',
      default: 'background',
      bare: 'background',
      usage: 'Must be "background", "orphan", or "foreground": what becomes of dependents with --force.',
    },
    {
      name: 'grace-period',
      type: 'int',
      default: '-1',
      usage: 'Seconds that a pod gets to end with --force; negative is its own.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long --force waits for the object to be gone; 0 is five minutes.',
    },
  ],
  run: replace,
};

async function replace(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  requireOptions(invocation);
  const printer = changePrinter(context.streams, flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const validate = fieldValidationOf(flags) !== 'Ignore';
  let found = 0;
  for await (const ready of readyObjects(client, invocation, failures, { validate })) {
    found += 1;
    await attempt(failures, async () => {
      const object = flags.bool('force')
        ? await recreate(invocation, client, ready)
        : await replaceOne(invocation, client, ready);
      await printer.print(object, 'replaced');
    });
  }
  if (found === 0 && failures.length === 0) throw noObjects('replace');
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

function requireOptions({ flags }: Invocation): void {
  const dryRun = dryRunOf(flags);
  cascadeOf(flags);
  if (flags.int('grace-period') >= 0 && !flags.bool('force')) {
    throw new CommandError('--grace-period must have --force specified');
  }
  if (flags.duration('timeout') !== 0 && !flags.bool('force')) {
    throw new CommandError('--timeout must have --force specified');
  }
  requireManifests(flags);
  if (flags.bool('force') && dryRun !== 'none') {
    throw new CommandError('--dry-run can not be used when --force is set');
  }
}

/** The manifest with its annotation brought up to date, where it has one or --save-config asks for one. */
function annotated({ flags }: Invocation, object: KubeObject): KubeObject {
  const has = object.metadata.annotations?.[LAST_APPLIED] !== undefined;
  return has || flags.bool('save-config') ? withLastApplied(object) : object;
}

function writeOptions({
  flags,
}: Invocation): Pick<WriteRequest, 'dryRun' | 'fieldManager' | 'fieldValidation'> {
  return {
    dryRun: dryRunOf(flags) === 'server',
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(flags),
  };
}

async function replaceOne(
  invocation: Invocation,
  client: Client,
  { resource, namespace, name, source, object: given }: ReadyObject,
): Promise<KubeObject> {
  const { flags, context } = invocation;
  const object = annotated(invocation, given);
  if (dryRunOf(flags) === 'client') return object;
  const subresource = flags.string('subresource');
  const key = { namespace, name };
  try {
    requireSubresource(resource, subresource);
    const { resourceVersion = (await client.get(resource, key)).metadata.resourceVersion } = object.metadata;
    const locked = {
      ...object,
      metadata: { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    };
    const outcome = await send(client, context, {
      ...writeOptions(invocation),
      ...(subresource === '' ? {} : { subresource }),
      verb: 'update',
      kind: resource,
      key,
      object: locked,
    });
    return outcome.object;
  } catch (error) {
    throw withSource(error, 'replacing', source);
  }
}

async function recreate(invocation: Invocation, client: Client, ready: ReadyObject): Promise<KubeObject> {
  const { context } = invocation;
  await deleteFirst(invocation, client, ready);
  try {
    const outcome = await send(client, context, {
      ...writeOptions(invocation),
      verb: 'create',
      kind: ready.resource,
      namespace: ready.namespace,
      object: forCreation(annotated(invocation, ready.object)),
    });
    return outcome.object;
  } catch (error) {
    throw withSource(error, 'creating', ready.source);
  }
}

const FIVE_MINUTES = 300_000;

/** Deletes an object that is there, and waits until it is gone; without a reconciler nothing would end the wait. */
async function deleteFirst(
  { flags, context }: Invocation,
  client: Client,
  { resource, namespace, name, source }: ReadyObject,
): Promise<void> {
  const key = { namespace, name };
  const grace = flags.int('grace-period');
  const propagationPolicy = cascadeOf(flags);
  try {
    const { did } = await send(client, context, {
      verb: 'delete',
      kind: resource,
      key,
      propagationPolicy,
      // A grace of 0 would take objects away under a kubelet that still runs them; kubectl makes it 1 here.
      ...(grace < 0 ? {} : { gracePeriodSeconds: Math.max(grace, 1) }),
    });
    context.streams.out(`${deletedText({ resource, namespace, name })}\n`);
    if (did === 'deleted') return;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return;
    throw withSource(error, 'deleting', source);
  }
  const start = context.clock.now();
  const timeout = flags.duration('timeout') > 0 ? flags.duration('timeout') : FIVE_MINUTES;
  while ((await findObject(client, resource, key)) !== undefined) {
    if ((await liveReconciler(client, await context.now())) === undefined) {
      throw new CommandError(
        `${resource.plural}/${name} is still terminating: run "kdaemon reconcile" to let it go, then create it again`,
      );
    }
    if (context.clock.now() - start > timeout) {
      throw new CommandError('timed out waiting for the condition');
    }
    await pause(50);
  }
}
