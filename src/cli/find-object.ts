import type { Client } from '../api/client.ts';
import type { KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import { hasReason } from '../api/status.ts';

/** An object; undefined where there is none. Throws what a read throws for any other reason than NotFound. */
export async function findObject<T extends KubeObject>(
  client: Client,
  kind: KindRef<T>,
  key: ObjectKey,
): Promise<T | undefined> {
  try {
    return await client.get(kind, key);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
