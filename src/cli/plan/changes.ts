import type { DaemonSet } from '../../api/apps.ts';
import type { Client, WriteRequest } from '../../api/client.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { DAEMON_SET } from '../../api/well-known.ts';
import { changeContainers } from '../../domain/container-changes.ts';
import { revisionData } from '../../domain/daemonset/revision-data.ts';
import { rollbackTarget } from '../../domain/rollout/history.ts';
import type { PlannedChange } from '../../sim/rollout-run.ts';
import { patchFor } from '../commands/apply.ts';
import { revisionsOf } from '../commands/rollout/revisions.ts';
import { CommandError } from '../errors.ts';
import { findObject } from '../find-object.ts';
import { withLastApplied } from '../last-applied.ts';
import { forCreation, type ReadyObject, withSource } from '../manifest-objects.ts';

/** `-f`: applies objects as `kdaemon apply` would, in their order. */
export function applying(objects: readonly ReadyObject[], source: string, atMs: number): PlannedChange {
  return {
    atMs,
    text: `apply ${source}`,
    async apply(client) {
      for (const ready of objects) {
        const request = await applyRequest(client, ready);
        if (request === undefined) continue;
        try {
          await commit(client, request);
        } catch (error) {
          throw withSource(error, request.verb === 'create' ? 'creating' : 'applying', ready.source);
        }
      }
    },
  };
}

async function applyRequest(client: Client, ready: ReadyObject): Promise<WriteRequest | undefined> {
  const { resource, namespace, name } = ready;
  const key = { namespace, name };
  const modified = withLastApplied(ready.object);
  const live = await findObject(client, resource, key);
  if (live === undefined) return { verb: 'create', kind: resource, namespace, object: forCreation(modified) };
  const patch = patchFor(live, modified, ready, true);
  if (Object.keys(patch).length === 0) return undefined;
  return { verb: 'patch', kind: resource, key, patchType: 'strategic', patch };
}

/** `--set-image c=image`: as `kdaemon set image` would. `*` stands for all containers. */
export function settingImages(
  key: ObjectKey,
  images: readonly (readonly [container: string, image: string])[],
  atMs: number,
): PlannedChange {
  return {
    atMs,
    text: `set image ${images.map(([container, image]) => `${container}=${image}`).join(',')}`,
    async apply(client) {
      const daemonSet = await client.get(DAEMON_SET, key);
      let { spec } = daemonSet.spec.template;
      for (const [name, image] of images) {
        const changed = changeContainers(
          spec,
          (one) => name === '*' || one === name,
          (container) => ({ ...container, image }),
        );
        if (changed.count === 0)
          throw new CommandError(`unable to find container named ${JSON.stringify(name)}`);
        spec = changed.spec;
      }
      const template = { ...daemonSet.spec.template, spec };
      await update(client, { ...daemonSet, spec: { ...daemonSet.spec, template } });
    },
  };
}

/** `--undo`: as `kdaemon rollout undo` would; revision 0 is the one before. */
export function undoing(key: ObjectKey, toRevision: number, atMs: number): PlannedChange {
  return {
    atMs,
    text: toRevision === 0 ? 'undo' : `undo to revision ${toRevision}`,
    async apply(client) {
      const object = await client.get(DAEMON_SET, key);
      const found = rollbackTarget(await revisionsOf(client, { kind: 'DaemonSet', object }), toRevision);
      if ('error' in found) throw new CommandError(found.error);
      const { template, current } = found.revision;
      if (current || template === undefined) return;
      await commit(client, {
        verb: 'patch',
        kind: DAEMON_SET,
        key,
        patchType: 'strategic',
        patch: revisionData(template),
      });
    },
  };
}

async function update(client: Client, daemonSet: DaemonSet): Promise<void> {
  const { namespace = '', name = '' } = daemonSet.metadata;
  await commit(client, { verb: 'update', kind: DAEMON_SET, key: { namespace, name }, object: daemonSet });
}

async function commit(client: Client, request: WriteRequest): Promise<void> {
  const [outcome] = await client.commit([request]);
  if (outcome?.ok === false) throw new StatusError(outcome.error);
}
