import type { Client } from '../../api/client.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { LAST_APPLIED } from '../../api/well-known.ts';
import { matchesRequirements } from '../../domain/selectors/labels.ts';
import { parseLabelSelector } from '../../domain/selectors/parse-labels.ts';
import { lookupType } from '../../registry/schema/schema-node.ts';
import { SERVER_SIDE_MANAGER, serverSideFlags } from '../apply-server-side.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse, QuietExit } from '../errors.ts';
import { describeFailure } from '../exit.ts';
import { findObject } from '../find-object.ts';
import {
  attempt,
  forCreation,
  manifestFlags,
  type ReadyObject,
  readyObjects,
  requireManifests,
  send,
} from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { managedFieldsFlag } from '../output.ts';
import { withoutManagedFields } from '../printers/object-text.ts';
import { selectionFlags } from '../selection.ts';
import { patchFor } from './apply.ts';
import { maskedSecrets } from './diff/masked-secrets.ts';
import { showDifferences } from './diff/show-differences.ts';

/** `kdaemon diff`. */
export const command: CommandSpec = {
  name: 'diff',
  summary: 'Diff the live version against a would-be applied version',
  description:
    'Diff configurations specified by file name or stdin between the objects as they are, and as they would be if applied.\n\n The output is YAML, compared line by line. The environment variable KUBECTL_EXTERNAL_DIFF names a program to compare with instead; it gets two folders, and may have parameters: KUBECTL_EXTERNAL_DIFF="colordiff -N -u".\n\n Exit status: 0 No differences were found. 1 Differences were found. >1 kdaemon or the program failed.',
  examples: [
    '# What applying a manifest would change',
    'kdaemon diff -f daemonset.yaml',
    '',
    '# The same for standard input',
    'cat daemonset.yaml | kdaemon diff -f -',
  ],
  usage: 'kdaemon diff -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags.filter(({ name }) => name === 'selector'),
    managedFieldsFlag,
    {
      name: 'field-manager',
      type: 'string',
      default: 'kubectl-client-side-apply',
      usage: 'Name of the manager used to track field ownership.',
    },
    ...serverSideFlags,
    { name: 'prune', type: 'bool', default: 'false', usage: 'Not supported: leave it out.', hidden: true },
    {
      name: 'concurrency',
      type: 'int',
      default: '1',
      usage: 'Taken for the sake of scripts; objects are compared one after another.',
      hidden: true,
    },
  ],
  run: diff,
};

async function diff(invocation: Invocation): Promise<void> {
  const { context, commandPath } = invocation;
  let code: number;
  try {
    code = await compareAll(invocation);
  } catch (error) {
    // 1 means that there are differences, so a failure is 2.
    const { text } = describeFailure(error, commandPath, context.env.KDAEMON_DEBUG !== undefined);
    context.streams.err(text);
    code = 2;
  }
  if (code !== 0) throw new QuietExit(code);
}

async function compareAll(invocation: Invocation): Promise<number> {
  const { flags, args, context, commandPath } = invocation;
  if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
  requireManifests(flags);
  if (flags.bool('prune')) throw new CommandError('diff has no --prune yet: leave it out');
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) {
    throw new CommandError('--force-conflicts only works with --server-side');
  }
  const client = await context.client();
  const selected = parseLabelSelector(flags.string('selector'));
  const failures: (string | Error)[] = [];
  const compared: Compared[] = [];
  for await (const ready of readyObjects(client, invocation, failures, { validate: true })) {
    if (matchesRequirements(selected, ready.object.metadata.labels)) {
      await attempt(failures, async () => {
        compared.push(await compare(invocation, client, ready));
      });
    }
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  return showDifferences(context, compared);
}

/** An object as it is, and as it would be. */
export interface Compared {
  /** `apps.v1.DaemonSet.default.x`. */
  readonly fileName: string;
  readonly live: KubeObject | undefined;
  readonly merged: KubeObject;
}

async function compare(invocation: Invocation, client: Client, ready: ReadyObject): Promise<Compared> {
  const { flags } = invocation;
  const { resource, namespace, name } = ready;
  const key = { namespace, name };
  const live = await findObject(client, resource, key);
  const merged = flags.bool('server-side')
    ? await appliedOnServer(invocation, client, ready)
    : await appliedHere(invocation, client, ready, live);
  const group = resource.group === '' ? '' : `${resource.group}.`;
  const shown = flags.bool(managedFieldsFlag.name)
    ? { live, merged }
    : { live: live && withoutManagedFields(live), merged: withoutManagedFields(merged) };
  const isSecret = resource.kind === 'Secret' && resource.group === '';
  return {
    fileName: `${group}${resource.version}.${resource.kind}.${namespace}.${name}`,
    ...(isSecret ? maskedSecrets(shown.live, shown.merged) : shown),
  };
}

/** The object as client-side apply would leave it. */
async function appliedHere(
  { flags, context }: Invocation,
  client: Client,
  ready: ReadyObject,
  live: KubeObject | undefined,
): Promise<KubeObject> {
  const { resource, namespace, name } = ready;
  const common = { kind: resource, dryRun: true, fieldManager: flags.string('field-manager') };
  const outcome =
    live === undefined
      ? await send(client, context, {
          ...common,
          verb: 'create',
          namespace,
          object: forCreation(ready.object),
        })
      : await send(client, context, {
          ...common,
          verb: 'patch',
          key: { namespace, name },
          patchType: lookupType(resource) === undefined ? 'merge' : 'strategic',
          patch: patchFor(live, withoutLastApplied(ready.object), ready, true),
        });
  return outcome.object;
}

/** The object as server-side apply would leave it. */
async function appliedOnServer(
  { flags, context }: Invocation,
  client: Client,
  { resource, namespace, name, object }: ReadyObject,
): Promise<KubeObject> {
  const outcome = await send(client, context, {
    verb: 'patch',
    kind: resource,
    key: { namespace, name },
    patchType: 'apply',
    patch: object as unknown as Json, // a manifest is JSON
    fieldManager: flags.given('field-manager') ? flags.string('field-manager') : SERVER_SIDE_MANAGER,
    force: flags.bool('force-conflicts'),
    dryRun: true,
  });
  return outcome.object;
}

/** The manifest's object with `annotations`, even empty ones: then those of the live object are not taken away whole. */
function withoutLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _mark, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}
