import type { PodSpec } from '../api/core.ts';
import type { KubeObject } from '../api/meta.ts';

/** Where kinds keep the spec of their pods, innermost last. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The spec of the pods that an object is or makes; undefined for other kinds. */
export function podSpecOf(object: KubeObject): PodSpec | undefined {
  let value: unknown = object;
  for (const step of PATHS[object.kind] ?? ['']) value = isFields(value) ? value[step] : undefined;
  // Objects of the registry have the shape of their kind.
  return isFields(value) ? (value as unknown as PodSpec) : undefined;
}

/** The object with another spec of its pods. */
export function withPodSpec(object: KubeObject, spec: PodSpec): KubeObject {
  const put = (value: unknown, [step, ...rest]: readonly string[]): unknown =>
    step === undefined
      ? spec
      : { ...(isFields(value) ? value : {}), [step]: put(isFields(value) ? value[step] : undefined, rest) };
  return put(object, PATHS[object.kind] ?? []) as KubeObject;
}
