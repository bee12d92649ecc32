import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { noSuchResource } from '../../registry/status-errors.ts';
import { scaleOf } from '../../server/scale.ts';
import type { Chosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { attempt, manifestFlags } from '../manifest-objects.ts';
import { failureOf, noObjects } from '../manifests.ts';
import { allFlag, isClientSide, objectsToChange, sendPatch } from '../objects-to-change.ts';
import { changePrinter, dryRunFlag, dryRunOf, managedFieldsFlag, outputFlag } from '../output.ts';
import { selectionFlags } from '../selection.ts';

/** `kdaemon scale`. */
export const command: CommandSpec = {
  name: 'scale',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  description:
    'Set a new size for a deployment, replica set, replication controller, or stateful set.\n\n A DaemonSet has no size: it runs one pod on each node that its template fits.',
  examples: ['# Let a deployment have three pods', 'kdaemon scale deployment/web --replicas=3'],
  usage:
    'kdaemon scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags.map((flag) => (flag.name === 'selector' ? flag : { ...flag, hidden: true })),
    allFlag,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    { name: 'replicas', type: 'int', default: '0', usage: 'The new number of pods. Required.' },
    {
      name: 'current-replicas',
      type: 'int',
      default: '-1',
      usage: 'Scale only if this is the present size; -1 is any.',
    },
    {
      name: 'resource-version',
      type: 'string',
      default: "''",
      usage: 'Scale only if this is the resource version of the object.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'Taken for the sake of scripts.',
      hidden: true,
    },
  ],
  run: scale,
};

async function scale(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  if (!flags.given('replicas')) throw new CommandError('required flag(s) "replicas" not set');
  if (flags.int('replicas') < 0) {
    throw new CommandError(
      'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    );
  }
  const printer = changePrinter(context.streams, flags);
  dryRunOf(flags);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const { objects } = await objectsToChange(invocation, client, failures, { args, selects: true });
  if (objects.length === 0) {
    const [failure] = failures;
    const why = failure instanceof Error ? failure.message : failure;
    throw why === undefined ? noObjects('scale') : new CommandError(`no objects passed to scale ${why}`);
  }
  if (flags.string('resource-version') !== '' && objects.length > 1) {
    throw new CommandError('cannot use --resource-version with multiple resources');
  }
  await attempt(failures, async () => {
    // The first object that can't be scaled ends the work, as in kubectl.
    for (const one of objects) await printer.print(await scaleOne(invocation, client, one), 'scaled');
  });
  await printer.end();
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

async function scaleOne(invocation: Invocation, client: Client, one: Chosen): Promise<KubeObject> {
  const { flags } = invocation;
  if (!one.resource.subresources.includes('scale')) throw noSuchResource();
  const { spec } = scaleOf(one.object) as { readonly spec?: { readonly replicas?: number } };
  const [wanted, current] = [flags.int('current-replicas'), spec?.replicas ?? 0];
  if (wanted !== -1 && wanted !== current) {
    throw new CommandError(`Expected replicas to be ${wanted}, was ${current}`);
  }
  const version = flags.string('resource-version');
  if (version !== '' && version !== one.object.metadata.resourceVersion) {
    throw new CommandError(
      `Expected resource version to be ${version}, was ${one.object.metadata.resourceVersion ?? ''}`,
    );
  }
  if (isClientSide(invocation)) return one.object;
  return await sendPatch(invocation, client, one, {
    fieldManager: 'kubectl',
    patchType: 'merge',
    patch: { spec: { replicas: flags.int('replicas') } },
  });
}
