import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { DAEMON_SET } from '../../api/well-known.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { misuse } from '../errors.ts';
import { fieldValidationOf, validateFlag } from '../field-validation.ts';
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
import { hintAtNextStep } from '../reconciler-hint.ts';
import {
  clusterRoleBindingCommand,
  clusterRoleCommand,
  roleBindingCommand,
  roleCommand,
} from './create/roles.ts';
import { secretCommand } from './create/secret.ts';
import { priorityClassCommand, quotaCommand, serviceAccountCommand } from './create/small-kinds.ts';
import { cronJobCommand, deploymentCommand, jobCommand } from './create/workloads.ts';
import { configMapCommand } from './create-configmap.ts';
import { namespaceCommand } from './create-namespace.ts';
import { createNode } from './create-node.ts';

/** `kdaemon create`. */
export const command: CommandSpec = {
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  description: 'Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.',
  examples: [
    '# Create a DaemonSet from a file',
    'kdaemon create -f daemonset.yaml',
    '',
    '# Create what standard input says',
    'cat daemonset.json | kdaemon create -f -',
    '',
    '# Create three nodes, worker-1 to worker-3',
    'kdaemon create node worker --count 3 --label disk=ssd',
  ],
  usage: 'kdaemon create -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    validateFlag,
    {
      name: 'save-config',
      type: 'bool',
      default: 'false',
      usage:
        'If true, the configuration of the object is saved in its annotation, for "kdaemon apply" on this object in the future.',
    },
    fieldManagerFlag('kubectl-create'),
  ],
  subcommands: [
    clusterRoleCommand,
    clusterRoleBindingCommand,
    configMapCommand,
    cronJobCommand,
    deploymentCommand,
    jobCommand,
    namespaceCommand,
    createNode,
    priorityClassCommand,
    quotaCommand,
    roleCommand,
    roleBindingCommand,
    secretCommand,
    serviceAccountCommand,
  ],
  async run(invocation) {
    const { flags, args, context, commandPath } = invocation;
    if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
    requireManifests(flags);
    await createFromFiles(invocation, await context.client());
  },
};

/** Objects are created as they are read: a definition serves what follows it in its file, as with kubectl. */
async function createFromFiles({ flags, context }: Invocation, client: Client): Promise<void> {
  const validate = fieldValidationOf(flags) !== 'Ignore';
  const printer = changePrinter(context.streams, flags);
  const failures: (string | Error)[] = [];
  let seen = 0;
  let daemonSets = 0;
  for await (const ready of readyObjects(client, { flags, context }, failures, { validate })) {
    seen += 1;
    if (ready.resource.kind === DAEMON_SET.kind) daemonSets += 1;
    await attempt(failures, async () => {
      await printer.print(await createOne({ flags, context }, client, ready), 'created');
    });
  }
  await printer.end();
  if (daemonSets > 0) await hintAtNextStep(client, context);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  if (seen === 0) throw noObjects('create');
}

async function createOne(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  ready: ReadyObject,
): Promise<KubeObject> {
  const dryRun = dryRunOf(flags);
  const object = forCreation(flags.bool('save-config') ? withLastApplied(ready.object) : ready.object);
  if (dryRun === 'client') return object;
  try {
    const outcome = await send(client, context, {
      verb: 'create',
      kind: ready.resource,
      namespace: ready.namespace,
      object,
      dryRun: dryRun === 'server',
      fieldManager: flags.string('field-manager'),
      fieldValidation: fieldValidationOf(flags),
    });
    return outcome.object;
  } catch (error) {
    throw withSource(error, 'creating', ready.source);
  }
}
