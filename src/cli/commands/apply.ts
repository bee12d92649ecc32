import type { Client } from '../../api/client.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { DAEMON_SET, LAST_APPLIED } from '../../api/well-known.ts';
import { isObject, type JsonObject } from '../../domain/patch/json-object.ts';
import { createThreeWayJsonMergePatch } from '../../domain/patch/merge-patch.ts';
import { PatchError } from '../../domain/patch/patch-error.ts';
import { createThreeWayMergePatch } from '../../domain/patch/strategic/three-way.ts';
import { matchesRequirements } from '../../domain/selectors/labels.ts';
import { parseLabelSelector } from '../../domain/selectors/parse-labels.ts';
import { lookupType } from '../../registry/schema/schema-node.ts';
import { checkPruneFlags, prunedKinds, pruneFlags, pruneOthers } from '../apply-prune.ts';
import { applyOnServer, checkServerSideFlags, serverSideFlags } from '../apply-server-side.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
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
import { compactJson } from '../printers/object-text.ts';
import { hintAtNextStep } from '../reconciler-hint.ts';
import { setLastAppliedCommand } from './apply-set-last-applied.ts';
import { viewLastAppliedCommand } from './apply-view-last-applied.ts';

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
    '',
    '# Apply, and let the registry keep track of who owns which field',
    'kdaemon apply --server-side -f daemonset.yaml',
    '',
    '# Apply all manifests of a folder, and delete what was in it before',
    'kdaemon apply -f agents/ --prune -l team=agents',
  ],
  usage: 'kdaemon apply -f FILENAME [options]',
  flags: [
    ...manifestFlags,
    dryRunFlag,
    outputFlag,
    managedFieldsFlag,
    validateFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      usage:
        'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
    },
    ...serverSideFlags,
    ...pruneFlags,
  ],
  subcommands: [setLastAppliedCommand, viewLastAppliedCommand],
  run: apply,
};

async function apply(invocation: Invocation): Promise<void> {
  const { flags, args, context, commandPath } = invocation;
  if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
  checkServerSideFlags(invocation);
  checkPruneFlags(invocation);
  requireManifests(flags);
  const printer = changePrinter(context.streams, flags, { together: true });
  const client = await context.client();
  const pruned = flags.bool('prune') ? await prunedKinds(invocation, client) : [];
  const failures: (string | Error)[] = [];
  const ready = await objectsToApply(invocation, client, failures);
  if (ready.length === 0 && failures.length === 0) throw noObjects('apply');
  for (const one of ready) {
    await attempt(failures, async () => {
      const { object, did } = await applyOne({ flags, context }, client, one);
      await printer.print(object, did);
    });
  }
  await printer.end();
  if (flags.bool('prune') && failures.length === 0) {
    const single = changePrinter(context.streams, flags);
    for (const object of await pruneOthers(invocation, client, ready, pruned)) {
      await single.print(object, 'pruned');
    }
  }
  if (ready.some(({ resource }) => resource.kind === DAEMON_SET.kind)) await hintAtNextStep(client, context);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** All objects find their kinds before the first is applied: a definition does not serve its own file, as in kubectl. */
async function objectsToApply(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly ReadyObject[]> {
  const { flags } = invocation;
  const validate = fieldValidationOf(flags) !== 'Ignore';
  const selected = parseLabelSelector(flags.string('selector'));
  const ready: ReadyObject[] = [];
  for await (const one of readyObjects(client, invocation, failures, { validate })) {
    if (matchesRequirements(selected, one.object.metadata.labels)) ready.push(one);
  }
  return ready;
}

/** An object after it was applied, and the word for what became of it. */
interface Applied {
  readonly object: KubeObject;
  readonly did: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

async function applyOne(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  ready: ReadyObject,
): Promise<Applied> {
  const { resource, namespace, name, source } = ready;
  requireName(ready);
  if (flags.bool('server-side')) {
    return { object: await applyOnServer({ flags, context }, client, ready), did: 'serverside-applied' };
  }
  const dryRun = dryRunOf(flags);
  const modified = withLastApplied(ready.object);
  const common = {
    kind: resource,
    dryRun: dryRun === 'server',
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(flags),
  };
  const live = await findObject<KubeObject>(client, ready.resource, {
    namespace: ready.namespace,
    name: ready.name,
  });
  if (live === undefined) {
    const object = forCreation(modified);
    if (dryRun === 'client') return { object, did: 'created' };
    try {
      const outcome = await send(client, context, { ...common, verb: 'create', namespace, object });
      return { object: outcome.object, did: 'created' };
    } catch (error) {
      throw withSource(error, 'creating', source);
    }
  }
  if (dryRun === 'client') return { object: modified, did: 'configured' };
  if (live.metadata.annotations?.[LAST_APPLIED] === undefined) {
    context.streams.err(
      `Warning: resource ${resource.plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kdaemon apply. kdaemon apply should only be used on resources created declaratively by either kdaemon create --save-config or kdaemon apply. The missing annotation will be patched automatically.\n`,
    );
  }
  const patch = patchFor(live, modified, ready, flags.bool('overwrite'));
  if (Object.keys(patch).length === 0) return { object: live, did: 'unchanged' };
  const patchType = lookupType(resource) === undefined ? 'merge' : 'strategic';
  try {
    const key = { namespace, name };
    const { object } = await send(client, context, { ...common, verb: 'patch', key, patchType, patch });
    if (object.metadata.deletionTimestamp !== undefined) {
      context.streams.err(
        `Warning: Detected changes to resource ${name} which is currently being deleted.\n`,
      );
    }
    return { object, did: 'configured' };
  } catch (error) {
    const doing = `applying patch:\n${compactJson(patch)}\nto:\n${description(ready)}\nfor:`;
    throw withSource(error, doing, source);
  }
}

/** What was applied must be found again: a generated name can't be. Throws CommandError in kubectl's words. */
function requireName(ready: ReadyObject): void {
  if (ready.name !== '') return;
  const { generateName } = ready.object.metadata;
  throw new CommandError(
    generateName === undefined || generateName === ''
      ? `error when retrieving current configuration of:\n${description(ready)}\nfrom server for: ${JSON.stringify(ready.source)}: resource name may not be empty`
      : `from ${generateName}: cannot use generate name with apply`,
  );
}

/** An object as kubectl describes it in errors. */
function description({ resource, namespace, name }: ReadyObject): string {
  const version = resource.group === '' ? `/${resource.version}` : `${resource.group}/${resource.version}`;
  return `Resource: "${version}, Resource=${resource.plural}", GroupVersionKind: "${version}, Kind=${resource.kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}`;
}

/**
 * kubectl's three-way patch: the last applied manifest, the new one and the live object. Empty when nothing changes.
 * Throws CommandError where the live object can't be compared with.
 */
export function patchFor(
  live: KubeObject,
  modified: KubeObject,
  ready: ReadyObject,
  overwrite: boolean,
): JsonObject {
  try {
    const original = lastApplied(live);
    // Objects of the API are JSON.
    const next = modified as unknown as JsonObject;
    const current = live as unknown as JsonObject;
    const schema = lookupType(ready.resource);
    return schema === undefined
      ? createThreeWayJsonMergePatch(original, next, current)
      : createThreeWayMergePatch(original, next, current, schema, overwrite);
  } catch (error) {
    if (!(error instanceof PatchError || error instanceof SyntaxError)) throw error;
    throw new CommandError(
      `error when creating patch with:\noriginal:\n${live.metadata.annotations?.[LAST_APPLIED] ?? ''}\nmodified:\n${compactJson(modified)}\ncurrent:\n${compactJson(live)}\nfor: ${JSON.stringify(ready.source)}: ${error.message}`,
    );
  }
}

/** The manifest that was applied last. Throws SyntaxError where the annotation is no JSON object. */
function lastApplied({ metadata }: KubeObject): JsonObject {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return {};
  const value = JSON.parse(text) as Json;
  if (!isObject(value)) throw new SyntaxError(`the annotation ${LAST_APPLIED} is no JSON object`);
  return value;
}
