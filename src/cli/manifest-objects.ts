import type { Client, ResourceInfo, WriteOutcome, WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { hasReason, StatusError } from '../api/status.ts';
import { builtinResources } from '../registry/schema/builtin-resources.ts';
import type { Context } from './context.ts';
import { CommandError, QuietExit } from './errors.ts';
import { ApiFailure } from './exit.ts';
import type { Flag, FlagValues } from './flags.ts';
import { type ManifestEntry, type ManifestObject, readManifests } from './manifests.ts';
import { kindOf } from './object-names.ts';

/** Flags of commands that read manifests. */
export const manifestFlags: readonly Flag[] = [
  {
    name: 'filename',
    short: 'f',
    type: 'strings',
    default: '[]',
    usage: 'Filename or directory of files that contain the objects; - is standard input.',
  },
  {
    name: 'kustomize',
    short: 'k',
    type: 'string',
    default: "''",
    usage: 'Not supported: what a kustomization builds can be read from standard input.',
    hidden: true,
  },
  {
    name: 'recursive',
    short: 'R',
    type: 'bool',
    default: 'false',
    usage: 'Process the directory used in -f, --filename recursively.',
  },
];

/** An object of a manifest that is ready to be sent. */
export interface ReadyObject {
  readonly resource: ResourceInfo;
  readonly object: KubeObject;
  readonly namespace: string;
  readonly name: string;
  /** How kubectl names the file in errors. */
  readonly source: string;
  /** Whether the file itself names the namespace. */
  readonly hasOwnNamespace: boolean;
}

/**
 * Entries of all manifests that the flags name. `validate`: a document without apiVersion or kind stops its file, as
 * it does where kubectl validates. Throws CommandError for a kustomization.
 */
export function manifestEntries(
  context: Context,
  flags: FlagValues,
  { validate }: { readonly validate: boolean },
): AsyncGenerator<ManifestEntry> {
  if (flags.given('kustomize')) {
    const folder = flags.string('kustomize');
    throw new CommandError(
      `kustomizations are not supported: pipe what "kubectl kustomize ${folder}" prints into -f -`,
    );
  }
  return readManifests({
    files: flags.strings('filename'),
    recursive: flags.bool('recursive'),
    validate,
    readInput: () => context.streams.readInput(),
  });
}

/** Whether manifests say what is meant. */
export function fromManifests(flags: FlagValues): boolean {
  return flags.given('filename') || flags.given('kustomize');
}

/** Throws kubectl's refusal of a command line without manifests. */
export function requireManifests(flags: FlagValues): void {
  if (!fromManifests(flags)) throw new CommandError('must specify one of -f and -k');
}

/** How manifests are read. */
export interface ManifestRules {
  /** As in `manifestEntries`. */
  readonly validate: boolean;
  /** Objects of other kinds are passed over, whatever is wrong with them; absent: every kind is wanted. */
  readonly wants?: (kind: string) => boolean;
}

/**
 * The objects of all manifests that the flags name, ready to be sent, as they are read. What cannot be made ready goes
 * to `failures`, and the others follow. Throws as `manifestEntries` does.
 */
export async function* readyObjects(
  client: Client,
  { flags, context }: { readonly flags: FlagValues; readonly context: Context },
  failures: (string | Error)[],
  { validate, wants }: ManifestRules,
): AsyncGenerator<ReadyObject> {
  for await (const entry of manifestEntries(context, flags, { validate })) {
    if (entry.kind === 'object' && wants?.(entry.value.kind) === false) continue;
    const ready =
      entry.kind === 'problem'
        ? entry.message
        : await readyObject(client, context, entry.value, entry.source);
    if (typeof ready === 'string') failures.push(ready);
    else yield ready;
  }
}

/** Finds the resource and the namespace of an object, or says in kubectl's words why that can't be. */
export async function readyObject(
  client: Client,
  context: Context,
  value: ManifestObject,
  source: string,
): Promise<ReadyObject | string> {
  // The reader has checked that metadata, where there is one, is an object.
  const { apiVersion = '', metadata: given } = value as unknown as Partial<KubeObject>;
  const metadata = given ?? {};
  const ref = kindOf({ apiVersion, kind: value.kind });
  const serves = (one: ResourceInfo): boolean =>
    one.group === ref.group && one.version === ref.version && one.kind === ref.kind;
  const resource = builtinResources().find(serves) ?? (await client.resources()).find(serves);
  const name = metadata.name ?? '';
  if (resource === undefined) {
    return `resource mapping not found for name: "${name}" namespace: "${metadata.namespace ?? ''}" from "${source}": no matches for kind "${ref.kind}" in version "${apiVersion}"\nensure CRDs are installed first`;
  }
  const hasOwnNamespace = metadata.namespace !== undefined;
  if (!resource.namespaced) {
    const object = { ...value, apiVersion, metadata };
    return { resource, object, namespace: '', name, source, hasOwnNamespace };
  }
  const own = metadata.namespace ?? '';
  if (context.namespaceGiven && own !== '' && own !== context.namespace) {
    return `the namespace from the provided object "${own}" does not match the namespace "${context.namespace}". You must pass '--namespace=${own}' to perform this operation.`;
  }
  const namespace = own === '' ? context.namespace : own;
  return {
    resource,
    object: { ...value, apiVersion, metadata: { ...metadata, namespace } },
    namespace,
    name,
    source,
    hasOwnNamespace,
  };
}

/** kubectl takes the resourceVersion out of what it creates. */
export function forCreation(object: KubeObject): KubeObject {
  if (object.metadata.resourceVersion === undefined) return object;
  const { resourceVersion: _given, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Sends one write; prints its warnings. Throws StatusError on a refusal. */
export async function send(
  client: Client,
  context: Context,
  request: WriteRequest,
): Promise<WriteOutcome & { ok: true }> {
  const [outcome] = await client.commit([request]);
  if (outcome === undefined) throw new Error('a write was left without an answer');
  return accepted(context, outcome);
}

/** Prints the warnings of an outcome. Throws StatusError where it is a refusal. */
export function accepted(context: Context, outcome: WriteOutcome): WriteOutcome & { ok: true } {
  for (const warning of outcome.warnings) context.streams.err(`Warning: ${warning}\n`);
  if (!outcome.ok) throw new StatusError(outcome.error);
  return outcome;
}

/**
 * A refusal together with what was being done, such as `creating` or `deleting`, and the file it is about. Refusals
 * of content (`Invalid`) name the object themselves.
 */
export function withSource(error: unknown, doing: string, source: string): unknown {
  if (!(error instanceof StatusError) || hasReason(error, 'Invalid')) return error;
  return new ApiFailure(error.status, `error when ${doing} ${JSON.stringify(source)}`);
}

/** Runs `work` and keeps its failure, so that the next object has its turn; a closed pipe ends everything. */
export async function attempt(failures: (string | Error)[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof QuietExit || !(error instanceof Error)) throw error;
    failures.push(error);
  }
}
