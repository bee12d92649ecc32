import type { PodChoice, PodsAtOnce } from '../api/client.ts';
import type { Pod } from '../api/core.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { type Entry, type KeyRange, type ReadsAtOnce, StoreError } from '../store/store.ts';
import { kindPrefix, namespacePrefix, nodeTerm, objectKey, ownerTerm } from './object-keys.ts';
import { expired } from './status-errors.ts';

const PODS = { group: '', resource: 'pods' };

/** Pods read from a store that answers at once. */
export function podsAtOnce(store: ReadsAtOnce, decode: (entry: Entry) => KubeObject): PodsAtOnce {
  // What lies under the keys of pods is pods.
  const read = (entry: Entry): Pod => decode(entry) as Pod;

  const list = (range: KeyRange, resourceVersion: string, limit = 0): readonly Entry[] => {
    try {
      return store.list(range, { at: Number(resourceVersion), limit }).entries;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'compacted')
        throw expired(`too old resource version: ${resourceVersion}`);
      throw error;
    }
  };

  return {
    get(key: ObjectKey, resourceVersion) {
      const wanted = objectKey(PODS, key);
      const newest = store.get(wanted);
      if (newest !== null && newest.modRevision <= Number(resourceVersion)) return read(newest);
      // Written since, or gone: the log knows what was there. Of the keys with this beginning, the key itself is the first.
      const [then] = list({ prefix: wanted }, resourceVersion, 1);
      return then?.key === wanted ? read(then) : undefined;
    },
    list: (choice, resourceVersion) => list(rangeOf(choice), resourceVersion).map(read),
  };
}

function rangeOf(choice: PodChoice): KeyRange {
  const prefix = kindPrefix(PODS);
  if ('nodeName' in choice) return { prefix, term: nodeTerm(choice.nodeName) };
  if ('ownerUid' in choice) return { prefix, term: ownerTerm(choice.ownerUid) };
  return { prefix: choice.namespace === '' ? prefix : namespacePrefix(PODS, choice.namespace) };
}
