import type { Client } from '../../api/client.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import { LAST_APPLIED } from '../../api/well-known.ts';
import { createThreeWayJsonMergePatch } from '../../domain/patch/merge-patch.ts';
import { createThreeWayMergePatch } from '../../domain/patch/strategic/three-way.ts';
import { lookupType } from '../../registry/schema/schema-node.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { ApiFailure } from '../exit.ts';
import {
  attempt,
  forCreation,
  manifestEntries,
  manifestFlags,
  type ReadyObject,
  readyObject,
  send,
} from '../manifest-objects.ts';
import { failureOf, noObjects } from '../manifests.ts';
import { changeText, type DryRun, dryRunFlag, dryRunOf, outputFlag } from '../output.ts';
import { compactJson } from '../printers/object-text.ts';
import { fieldValidationOf, withLastApplied, withSource } from './create.ts';

/** `kdaemon apply`. */
export const command: CommandSpec = {
  name: 'apply',
  summary: 'Apply a configuration to a resource by file name or stdin',
  description:
    'Apply a configuration to a resource by file name or stdin. The resource is created if it does not exist yet.\n\n JSON and YAML formats are accepted. What was applied is kept in an annotation, so that fields which others set stay.',
  examples: [
    '# Apply a manifest',
    'kdaemon apply -f daemonset.yaml',
    '',
    '# Apply what standard input says',
    'cat daemonset.json | kdaemon apply -f -',
  ],
  usage: 'kdaemon apply -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    {
      name: 'validate',
      type: 'string',
      default: 'strict',
      bare: 'strict',
      usage: 'Must be one of: strict (or true), warn, ignore (or false).',
    },
    {
      name: 'field-manager',
      type: 'string',
      default: 'kubectl-client-side-apply',
      usage: 'Name of the manager used to track field ownership.',
    },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      usage: 'Overrule what others changed since the last apply.',
    },
  ],
  run: apply,
};

async function apply({ flags, args, context }: Invocation): Promise<void> {
  if (args.length > 0)
    throw new CommandError(
      `Unexpected args: [${args.join(' ')}]\nSee 'kdaemon apply -h' for help and examples`,
    );
  if (!flags.given('filename')) throw new CommandError('must specify one of -f and -k');
  const client = await context.client();
  const validation = fieldValidationOf(flags.string('validate'));
  const failures: (string | Error)[] = [];
  const ready: ReadyObject[] = [];
  // All objects find their kinds before the first is applied: a definition does not serve its own file, as in kubectl.
  for await (const entry of manifestEntries(context, flags, validation !== 'Ignore')) {
    const found =
      entry.kind === 'problem'
        ? entry.message
        : await readyObject(client, context, entry.value, entry.source);
    if (typeof found === 'string') failures.push(found);
    else ready.push(found);
  }
  if (ready.length === 0 && failures.length === 0) throw noObjects('apply');
  const dryRun = dryRunOf(flags.string('dry-run'));
  for (const one of ready) {
    await attempt(failures, async () => {
      const { object, did } = await applyOne(
        { flags, args, context, commandPath: 'kdaemon apply' },
        client,
        one,
        dryRun,
      );
      context.streams.out(await changeText(object, did, flags.string('output'), dryRun));
    });
  }
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

async function applyOne(
  { flags, context }: Invocation,
  client: Client,
  ready: ReadyObject,
  dryRun: DryRun,
): Promise<{ readonly object: KubeObject; readonly did: string }> {
  const { resource, namespace, name, source } = ready;
  const modified = withLastApplied(ready.object);
  const common = {
    kind: resource,
    dryRun: dryRun === 'server',
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(flags.string('validate')),
  };
  const live = name === '' ? undefined : await liveObject(client, ready);
  if (live === undefined) {
    const object = forCreation(modified);
    if (dryRun === 'client') return { object, did: 'created' };
    try {
      return {
        object: (await send(client, context, { ...common, verb: 'create', namespace, object })).object,
        did: 'created',
      };
    } catch (error) {
      throw withSource(error, 'creating', source);
    }
  }
  if (live.metadata.annotations?.[LAST_APPLIED] === undefined) {
    context.streams.err(
      `Warning: resource ${resource.plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kdaemon apply. kdaemon apply should only be used on resources created declaratively by either kdaemon create --save-config or kdaemon apply. The missing annotation will be patched automatically.\n`,
    );
  }
  if (dryRun === 'client') return { object: modified, did: 'configured' };
  const patch = patchFor(live, modified, ready, flags.bool('overwrite'));
  if (Object.keys(patch).length === 0) return { object: live, did: 'unchanged' };
  if (live.metadata.deletionTimestamp !== undefined) {
    context.streams.err(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
  }
  const patchType = lookupType(resource) === undefined ? 'merge' : 'strategic';
  try {
    const outcome = await send(client, context, {
      ...common,
      verb: 'patch',
      key: { namespace, name },
      patchType,
      patch,
    });
    return { object: outcome.object, did: 'configured' };
  } catch (error) {
    if (!(error instanceof StatusError) || hasReason(error, 'Invalid')) throw error;
    const to = `Resource: "${resource.group === '' ? '' : `${resource.group}/`}${resource.version}, Resource=${resource.plural}", GroupVersionKind: "${resource.group === '' ? '' : `${resource.group}/`}${resource.version}, Kind=${resource.kind}"\nName: "${name}", Namespace: "${namespace}"`;
    throw new ApiFailure(
      error.status,
      `error when applying patch:\n${compactJson(patch)}\nto:\n${to}\nfor: ${JSON.stringify(source)}`,
    );
  }
}

async function liveObject(
  client: Client,
  { resource, namespace, name }: ReadyObject,
): Promise<KubeObject | undefined> {
  try {
    return await client.get(resource, { namespace, name });
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

type JsonObject = { readonly [key: string]: Json };

/** kubectl's three-way patch: the last applied manifest, the new one and the live object. Empty when nothing changes. */
function patchFor(
  live: KubeObject,
  modified: KubeObject,
  { resource, source }: ReadyObject,
  overwrite: boolean,
): JsonObject {
  const text = live.metadata.annotations?.[LAST_APPLIED] ?? '{}';
  let original: JsonObject;
  try {
    original = JSON.parse(text) as JsonObject;
  } catch {
    throw new PlainError(`error: ${JSON.stringify(source)}: the annotation ${LAST_APPLIED} is no JSON`);
  }
  // Objects of the API are JSON.
  const next = modified as unknown as JsonObject;
  const current = live as unknown as JsonObject;
  const schema = lookupType(resource);
  return schema === undefined
    ? createThreeWayJsonMergePatch(original, next, current)
    : createThreeWayMergePatch(original, next, current, schema, overwrite);
}
