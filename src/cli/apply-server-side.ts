import type { Client } from '../api/client.ts';
import type { Json, KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { LAST_APPLIED } from '../api/well-known.ts';
import { takeOverClientSideApply } from '../domain/patch/apply/client-side-migration.ts';
import type { Invocation } from './command.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { fieldValidationOf } from './field-validation.ts';
import type { Flag } from './flags.ts';
import { type ReadyObject, send } from './manifest-objects.ts';
import { dryRunOf } from './output.ts';

/** Flags of `apply --server-side`. */
export const serverSideFlags: readonly Flag[] = [
  {
    name: 'server-side',
    type: 'bool',
    default: 'false',
    usage: 'If true, the registry merges the configuration and keeps track of who owns which field.',
  },
  {
    name: 'force-conflicts',
    type: 'bool',
    default: 'false',
    usage: 'If true, server-side apply takes over fields that other managers own.',
  },
];

/** The manager of server-side apply that does not say who it is. */
export const SERVER_SIDE_MANAGER = 'kubectl';
/** The manager that keeps the annotation of client-side apply alive. */
const ANNOTATION_MANAGER = 'kubectl-last-applied';

/** Throws CommandError, in kubectl's words, where the flags of server-side apply do not go together. */
export function checkServerSideFlags({ flags }: Pick<Invocation, 'flags'>): void {
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) {
    throw new CommandError('--force-conflicts only works with --server-side');
  }
  if (flags.bool('server-side') && dryRunOf(flags) === 'client') {
    throw new CommandError(
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    );
  }
}

/** Applies one object by server-side apply; takes over what client-side apply had set before. Throws StatusError. */
export async function applyOnServer(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  { resource, namespace, name, object }: ReadyObject,
): Promise<KubeObject> {
  const manager = flags.given('field-manager') ? flags.string('field-manager') : SERVER_SIDE_MANAGER;
  const dryRun = dryRunOf(flags) === 'server';
  const target: Target = { kind: resource, key: { namespace, name } };
  // Manifests are JSON.
  const manifest = object as unknown as Json;
  const request = {
    ...target,
    dryRun,
    verb: 'patch',
    patchType: 'apply',
    patch: manifest,
    fieldManager: manager,
    fieldValidation: fieldValidationOf(flags),
    force: flags.bool('force-conflicts'),
  } as const;
  try {
    const { object: applied } = await send(client, context, request);
    const annotation = applied.metadata.annotations?.[LAST_APPLIED];
    const taken = takeOverClientSideApply(applied.metadata.managedFields, manager, await context.now());
    if (taken === undefined || annotation === undefined || dryRun) return applied;
    if (manager === SERVER_SIDE_MANAGER) {
      const { apiVersion, kind } = object;
      const metadata = { name, ...(namespace === '' ? {} : { namespace }) };
      const patch: Json = {
        apiVersion,
        kind,
        metadata: { ...metadata, annotations: { [LAST_APPLIED]: annotation } },
      };
      await send(client, context, { ...request, patch, fieldManager: ANNOTATION_MANAGER });
    }
    await takeOver(client, context, target, manager);
    return (await send(client, context, request)).object;
  } catch (error) {
    if (error instanceof StatusError && error.status.reason === 'Conflict') throw conflictAdvice(error);
    throw error;
  }
}

/** The object that is applied. */
interface Target {
  readonly kind: KindRef;
  readonly key: ObjectKey;
}

/** Gives what client-side apply owned to this manager, unless somebody else wrote in between: then the next time. */
async function takeOver(client: Client, context: Context, target: Target, manager: string): Promise<void> {
  const live = await client.get(target.kind, target.key);
  const managers = takeOverClientSideApply(live.metadata.managedFields, manager, await context.now());
  if (managers === undefined) return;
  const [outcome] = await client.commit([
    {
      ...target,
      verb: 'patch',
      patchType: 'json',
      patch: [
        { op: 'replace', path: '/metadata/managedFields', value: managers },
        { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion ?? '' },
      ],
    },
  ]);
  if (outcome?.ok !== false) return;
  context.streams.err(
    `Warning: Error encountered while migrating managed fields: ${outcome.error.message ?? ''}\n`,
  );
}

/** What kubectl says of fields that others own. */
function conflictAdvice({ message }: StatusError): CommandError {
  return new CommandError(`${message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`);
}
