import type { WriteOutcome, WriteRequest } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { DEFINITIONS } from '../kind-lookup.ts';
import { kindPrefix } from '../object-keys.ts';
import { writeBatch } from '../write-batch.ts';
import type { WriteEnvironment } from '../write-lookups.ts';
import { CLEANUP_FINALIZER, groupOf, namesOf, storageVersion } from './definition.ts';

const DEFINITION: KindRef = {
  group: DEFINITIONS.group,
  version: 'v1',
  kind: 'CustomResourceDefinition',
};

/** How many instances are deleted by one commit. */
const INSTANCES_AT_ONCE = 1_000;

/**
 * What upstream's finalizing controller does after writes that concern it: a definition on its way out has its
 * instances deleted, and goes when the last of them is gone. Instances with finalizers hold it until they go.
 */
export async function finishDefinitions(
  environment: WriteEnvironment,
  requests: readonly WriteRequest[],
  outcomes: readonly WriteOutcome[],
): Promise<readonly WriteOutcome[]> {
  let finished = outcomes;
  for (let index = 0; index < requests.length; index++) {
    const request = requests[index];
    const outcome = outcomes[index];
    if (request === undefined || outcome?.ok !== true || request.dryRun === true) continue;
    if (outcome.did === 'deleting' && isDefinition(request.kind)) {
      const last = await finish(environment, outcome.object);
      if (last !== undefined) finished = finished.with(index, { ...outcome, did: 'deleted', object: last });
    } else if (outcome.did === 'deleted' && request.kind.group.includes('.') && !isDefinition(request.kind)) {
      const definition = await definitionOf(environment, request.kind);
      if (definition !== undefined) await finish(environment, definition);
    }
  }
  return finished;
}

const isDefinition = ({ group, kind }: KindRef): boolean =>
  group === DEFINITION.group && kind === DEFINITION.kind;

/** The definition behind a custom kind, when it is on its way out. */
async function definitionOf({ kinds }: WriteEnvironment, ref: KindRef): Promise<KubeObject | undefined> {
  try {
    const { definition } = await kinds.resolve(ref, 'delete');
    return definition?.metadata.deletionTimestamp === undefined ? undefined : definition;
  } catch {
    // The kind is gone with its definition: nothing is left to finish.
    return undefined;
  }
}

/** Deletes instances and, when none is left, the definition; its last state if it went. */
async function finish(
  environment: WriteEnvironment,
  definition: KubeObject,
): Promise<KubeObject | undefined> {
  const { finalizers = [], name = '' } = definition.metadata;
  if (!finalizers.includes(CLEANUP_FINALIZER)) return undefined;
  const prefix = kindPrefix({ group: groupOf(definition), resource: namesOf(definition).plural });
  await deleteInstances(environment, definition, prefix);
  if ((await environment.store.count({ prefix })) > 0) return undefined;
  const [outcome] = await writeBatch(environment, [
    {
      verb: 'patch',
      kind: DEFINITION,
      key: { namespace: '', name },
      patchType: 'merge',
      patch: { metadata: { finalizers: finalizers.filter((one) => one !== CLEANUP_FINALIZER) } },
    },
  ]);
  return outcome?.ok === true && outcome.did === 'deleted' ? outcome.object : undefined;
}

async function deleteInstances(
  environment: WriteEnvironment,
  definition: KubeObject,
  prefix: string,
): Promise<void> {
  const kind: KindRef = {
    group: groupOf(definition),
    version: storageVersion(definition),
    kind: namesOf(definition).kind,
  };
  const { store, states } = environment;
  let after: string | undefined;
  for (;;) {
    const page = await store.list(
      { prefix },
      { limit: INSTANCES_AT_ONCE, ...(after === undefined ? {} : { after }) },
    );
    const living = page.entries
      .map((entry) => states.decode(entry).metadata)
      .filter(({ deletionTimestamp }) => deletionTimestamp === undefined);
    await writeBatch(
      environment,
      living.map(({ namespace = '', name = '' }) => ({ verb: 'delete', kind, key: { namespace, name } })),
    );
    after = page.entries.at(-1)?.key;
    if (!page.more || after === undefined) return;
  }
}
