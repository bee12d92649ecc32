import type { PodSpec, Toleration } from '../../api/core.ts';
import { TAINT_NOT_READY, TAINT_UNREACHABLE } from '../../api/well-known.ts';

/** How long pods stay on a node that is not ready or not reachable, unless they say otherwise. Seconds. */
const DEFAULT_SECONDS = 300;

/** Adds the default NoExecute tolerations for the two node conditions that the pod does not tolerate itself. */
export function admitTolerations(spec: PodSpec): PodSpec {
  const given = spec.tolerations ?? [];
  const missing = [TAINT_NOT_READY, TAINT_UNREACHABLE].filter(
    (key) => !given.some((one) => covers(one, key)),
  );
  if (missing.length === 0) return spec;
  const added = missing.map(
    (key): Toleration => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: DEFAULT_SECONDS,
    }),
  );
  return { ...spec, tolerations: [...given, ...added] };
}

function covers(toleration: Toleration, key: string): boolean {
  const { key: own = '', effect = '' } = toleration;
  return (own === key || own === '') && (effect === 'NoExecute' || effect === '');
}
