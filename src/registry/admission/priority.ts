import type { Pod, PodSpec } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { groupResource, type ServedKind } from '../served-kind.ts';
import { forbidden } from '../status-errors.ts';
import { at } from '../strategies/generic.ts';

interface Priority {
  readonly className?: string;
  readonly value: number;
  readonly preemptionPolicy: string;
}

const NO_CLASS: Priority = { value: 0, preemptionPolicy: 'PreemptLowerPriority' };

/**
 * Resolves a pod's priority class into `priority` and `preemptionPolicy` (Priority admission). Throws 403 for an
 * unknown class and for values that contradict the class.
 */
export function admitPriority(kind: ServedKind, pod: Pod, classes: readonly KubeObject[]): PodSpec {
  const { spec } = pod;
  const priority = priorityOf(kind, pod, classes);
  const givenPolicy = spec.preemptionPolicy;
  if (spec.priority !== undefined && spec.priority !== priority.value) {
    throw refused(
      kind,
      pod,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; ` +
        `priority admission controller computed ${priority.value} from the given PriorityClass name`,
    );
  }
  if (givenPolicy !== undefined && givenPolicy !== priority.preemptionPolicy) {
    throw refused(
      kind,
      pod,
      `the string value of PreemptionPolicy (${String(givenPolicy)}) must not be provided in pod spec; ` +
        `priority admission controller computed ${priority.preemptionPolicy} from the given PriorityClass name`,
    );
  }
  return {
    ...spec,
    ...(priority.className === undefined ? {} : { priorityClassName: priority.className }),
    priority: priority.value,
    preemptionPolicy: priority.preemptionPolicy,
  };
}

function priorityOf(kind: ServedKind, pod: Pod, classes: readonly KubeObject[]): Priority {
  const { priorityClassName = '' } = pod.spec;
  if (priorityClassName === '') {
    const defaults = classes.filter((one) => at(one, 'globalDefault') === true).map(asPriority);
    return defaults.sort((a, b) => a.value - b.value)[0] ?? NO_CLASS;
  }
  const found = classes.find((one) => one.metadata.name === priorityClassName);
  if (found === undefined)
    throw refused(kind, pod, `no PriorityClass with name ${priorityClassName} was found`);
  return asPriority(found);
}

function asPriority(priorityClass: KubeObject): Priority {
  const value = at(priorityClass, 'value');
  const preemptionPolicy = at(priorityClass, 'preemptionPolicy');
  return {
    ...(priorityClass.metadata.name === undefined ? {} : { className: priorityClass.metadata.name }),
    value: typeof value === 'number' ? value : 0,
    preemptionPolicy: typeof preemptionPolicy === 'string' ? preemptionPolicy : NO_CLASS.preemptionPolicy,
  };
}

function refused(kind: ServedKind, pod: Pod, because: string): Error {
  return forbidden(groupResource(kind), pod.metadata.name ?? '', because);
}
