import type { PodTemplateSpec } from '../../api/core.ts';
import { fnv32a } from './fnv32a.ts';
import { dumpPodTemplate } from './go-dump.ts';
import { safeEncode } from './safe-encode.ts';

/**
 * The `controller-revision-hash` that a Kubernetes 1.37 control plane gives a pod template: its name in labels of pods
 * and in names of ControllerRevisions. The template must be defaulted, as stored. `collisionCount` is the DaemonSet's
 * `status.collisionCount`; absent and 0 give different hashes. Another minor version of Kubernetes may give another
 * hash, so revisions are to be matched by their data.
 */
export function templateHash(template: PodTemplateSpec, collisionCount?: number): string {
  const hash = fnv32a(new TextEncoder().encode(dumpPodTemplate(template)));
  return safeEncode(String(collisionCount === undefined ? hash : fnv32a(countBytes(collisionCount), hash)));
}

/** The count as upstream feeds it to the hash: 8 bytes, of which the first four hold it, lowest first. */
function countBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
}
