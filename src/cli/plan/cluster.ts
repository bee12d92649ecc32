import { existsSync } from 'node:fs';
import type { Node } from '../../api/core.ts';
import type { Json, KubeObject } from '../../api/meta.ts';
import { readDocuments } from '../../domain/yaml/documents.ts';
import { YamlError } from '../../domain/yaml/yaml-error.ts';
import { readCluster } from '../../sim/fork.ts';
import type { Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { decodingProblem, flattenLists } from '../manifests/decode-document.ts';
import { readText } from '../manifests/read-text.ts';
import type { ManifestObject } from '../manifests.ts';

/** Where a plan starts from. */
export interface StartingCluster {
  readonly objects: readonly KubeObject[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The cluster to plan on: what `--from` holds, else an API server's or the store's, with other nodes where `--nodes` gives
 * some. Nothing is written; a store that does not exist is an empty cluster.
 */
export async function startingCluster(invocation: Invocation): Promise<StartingCluster> {
  const { flags, context } = invocation;
  const from = flags.string('from');
  if (from !== '' && context.isRemote)
    throw new CommandError('--from and --server cannot be specified together');
  const { objects, now } =
    from !== ''
      ? { objects: await objectsIn(invocation, from), now: context.clock.now() }
      : !context.isRemote && !existsSync(context.storeFile)
        ? { objects: [], now: context.clock.now() }
        : { objects: await readCluster(await context.client()), now: await context.now() };
  const nodes = flags.string('nodes');
  if (nodes === '') return { objects, now };
  const given = (await objectsIn(invocation, nodes)).filter(isNode);
  if (given.length === 0) throw new CommandError(`${nodes} holds no nodes`);
  return { objects: withNodes(objects, given), now };
}

const isNode = (object: KubeObject): object is Node => object.kind === 'Node' && object.apiVersion === 'v1';

/** The cluster with these nodes instead of its own; pods of nodes that are not among them are left out. */
function withNodes(objects: readonly KubeObject[], nodes: readonly Node[]): readonly KubeObject[] {
  const names = new Set(nodes.map(({ metadata }) => metadata.name ?? ''));
  const stays = (object: KubeObject): boolean => {
    if (object.kind === 'Node') return false;
    if (object.kind !== 'Pod') return true;
    const { spec } = object as KubeObject & { readonly spec?: { readonly nodeName?: string } };
    return names.has(spec?.nodeName ?? '');
  };
  return [...nodes, ...objects.filter(stays)];
}

/** The objects of a file: a List as `kubectl get -o json` prints it, or a stream of documents. */
async function objectsIn({ context }: Invocation, file: string): Promise<readonly KubeObject[]> {
  if (file !== '-' && !existsSync(file))
    throw new CommandError(`the path ${JSON.stringify(file)} does not exist`);
  const text = file === '-' ? await context.streams.readInput() : await readText(file);
  try {
    return documentsIn(text).flatMap((document) => {
      const problem = decodingProblem(document);
      if (problem !== undefined)
        throw new CommandError(`unable to decode ${JSON.stringify(file)}: ${problem}`);
      return flattenLists(document).map((value) => {
        if (typeof value === 'string') throw new CommandError(value);
        return asObject(value, file);
      });
    });
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new CommandError(`error parsing ${file}: ${error.message}`);
  }
}

/** Dumps of large clusters are one JSON document, which Node's own parser reads many times faster than a stream. */
function documentsIn(text: string): readonly Json[] {
  try {
    return [JSON.parse(text) as Json];
  } catch {
    return [...readDocuments(text)].map(({ value }) => value);
  }
}

function asObject(value: ManifestObject, file: string): KubeObject {
  const { apiVersion, metadata, kind } = value;
  const isMetadata = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (
    typeof apiVersion !== 'string' ||
    !isMetadata ||
    typeof (metadata as { name?: unknown }).name !== 'string'
  )
    throw new CommandError(`${file}: a ${kind} has no apiVersion or no name`);
  return value as unknown as KubeObject; // its identity was checked; the rest is taken as a cluster printed it
}
