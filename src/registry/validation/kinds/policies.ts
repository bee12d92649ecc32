import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden, invalid, notSupported } from '../field-error.ts';
import { intOrStringOf, requireAtMostHundredPercent, validateCountOrPercent } from '../int-or-percent.ts';
import { type Fields, fieldsOf, isSet, numberOf, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { dnsSubdomain } from '../name-rules.ts';

const HIGHEST_USER_PRIORITY = 1000000000;
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2000000000,
  'system-node-critical': 2000001000,
};
const PREEMPTION_POLICIES = ['Never', 'PreemptLowerPriority'];

/** scheduling.k8s.io/v1 PriorityClass. Names with the prefix `system-` are the system's. */
export const priorityClassRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    const name = textOf(fieldsOf(object.metadata).name);
    const value = numberOf(object.value);
    if (name.startsWith('system-')) {
      const problem = systemClassProblem(name, object);
      if (problem !== undefined) {
        const rule = "priority class names with 'system-' prefix are reserved for system use only. error: ";
        errors.push(forbidden('metadata.name', rule + problem));
      }
    } else if (value > HIGHEST_USER_PRIORITY) {
      errors.push(
        forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`),
      );
    }
    const policy = object.preemptionPolicy;
    if (isSet(policy) && !PREEMPTION_POLICIES.includes(textOf(policy))) {
      errors.push(notSupported('preemptionPolicy', textOf(policy), PREEMPTION_POLICIES));
    }
  },
  update(next, previous, errors) {
    if (numberOf(next.value) !== numberOf(previous.value)) {
      errors.push(forbidden('value', 'may not be changed in an update.'));
    }
    if (!deepEqual(next.preemptionPolicy, previous.preemptionPolicy)) {
      errors.push(invalid('preemptionPolicy', next.preemptionPolicy, 'field is immutable'));
    }
  },
};

/** policy/v1 PodDisruptionBudget. */
export const podDisruptionBudgetRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    const spec = fieldsOf(object.spec);
    if (isSet(spec.minAvailable) && isSet(spec.maxUnavailable)) {
      errors.push(invalid('spec', shownBudget(spec), 'minAvailable and maxUnavailable cannot be both set'));
    }
    for (const field of ['minAvailable', 'maxUnavailable']) {
      if (!isSet(spec[field])) continue;
      const value = intOrStringOf(spec[field]);
      validateCountOrPercent(value, `spec.${field}`, errors);
      requireAtMostHundredPercent(value, `spec.${field}`, errors);
    }
    validateLabelSelector(labelSelectorOf(spec.selector), 'spec.selector', errors);
  },
};

/** networking.k8s.io/v1 NetworkPolicy: selectors only. */
export const networkPolicyRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors: FieldErrors) {
    const selector = labelSelectorOf(fieldsOf(object.spec).podSelector);
    validateLabelSelector(selector, 'spec.podSelector', errors);
  },
};

function systemClassProblem(name: string, object: Fields): string | undefined {
  const value = Object.hasOwn(SYSTEM_PRIORITIES, name) ? SYSTEM_PRIORITIES[name] : undefined;
  if (value === undefined) return `${name} is not a known system priority class`;
  if (numberOf(object.value) !== value) return `value of ${name} PriorityClass must be ${value}`;
  if (object.globalDefault === true) return `globalDefault of ${name} PriorityClass must be false`;
  return undefined;
}

function shownBudget(spec: Fields): unknown {
  return {
    MinAvailable: spec.minAvailable ?? null,
    Selector: spec.selector ?? null,
    MaxUnavailable: spec.maxUnavailable ?? null,
    UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
  };
}
