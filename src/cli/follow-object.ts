import type { Client, ResourceInfo } from '../api/client.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { hasReason } from '../api/status.ts';
import type { Clock } from '../runtime/clock.ts';
import { pause } from '../runtime/pause.ts';
import { findObject } from './find-object.ts';
import { kindOf } from './object-names.ts';

/** How long to follow. */
interface FollowOptions {
  readonly clock: Clock;
  /** Milliseconds; 0 is for ever. */
  readonly timeout: number;
}

/** Between two looks at the store, in milliseconds. */
const INTERVAL = 50;

/**
 * Follows one object: its state now, and its state after each change, by whichever process. Ends with `deleted` when
 * it is gone or was never there, and with `timeout` when time is up.
 */
export async function* followObject(
  client: Client,
  resource: ResourceInfo,
  key: ObjectKey,
  { clock, timeout }: FollowOptions,
): AsyncGenerator<KubeObject | 'deleted' | 'timeout'> {
  const end = timeout > 0 ? clock.now() + timeout : Number.POSITIVE_INFINITY;
  let after = await client.revision();
  const first = await findObject(client, resource, key);
  if (first === undefined) {
    yield 'deleted';
    return;
  }
  yield first;
  let seen = Number(first.metadata.resourceVersion ?? 0);
  const isIt = ({ apiVersion, kind, metadata }: KubeObject): boolean =>
    kind === resource.kind &&
    kindOf({ apiVersion, kind }).group === resource.group &&
    metadata.name === key.name &&
    (metadata.namespace ?? '') === key.namespace;
  while (clock.now() < end) {
    const batch = await client.changes(after).catch((error: unknown) => {
      if (hasReason(error, 'Expired')) return undefined;
      throw error;
    });
    if (batch === undefined) {
      // The log was compacted past where we were: look at the object again.
      after = await client.revision();
      const now = await findObject(client, resource, key);
      yield now ?? 'deleted';
      if (now === undefined) return;
      seen = Number(now.metadata.resourceVersion ?? 0);
      continue;
    }
    after = batch.resourceVersion;
    for (const { type, object } of batch.events) {
      const revision = Number(object.metadata.resourceVersion ?? 0);
      if (!isIt(object) || revision <= seen) continue;
      seen = revision;
      if (type === 'DELETED') {
        yield 'deleted';
        return;
      }
      yield object;
    }
    if (!batch.more) await pause(Math.max(0, Math.min(INTERVAL, end - clock.now())));
  }
  yield 'timeout';
}
