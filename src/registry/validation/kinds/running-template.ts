import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsOf, isSet, numberOf, optionalFields, textOf } from '../json-fields.ts';
import {
  isEmptySelector,
  labelSelectorOf,
  selectsLabels,
  shownLabels,
  shownSelector,
  validateLabelSelector,
} from '../label-selector.ts';
import { requireNonNegative } from '../object-meta.ts';
import { validatePodTemplate } from '../pod/pod-template.ts';
import { requireReadOnlyDisks } from '../pod/volumes.ts';
import { validateCollisionCount } from './daemon-set.ts';

const STATUS_COUNTERS = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'updatedReplicas',
  'observedGeneration',
];

/** Checks a template whose pods run until they are deleted, against the selector that must find them. */
export function validateRunningTemplate(
  spec: Fields,
  selectorValue: unknown,
  owner: string,
  errors: FieldErrors,
): void {
  const template = optionalFields(spec.template);
  if (template === undefined) {
    errors.push(required('spec.template'));
    return;
  }
  const selector = labelSelectorOf(selectorValue);
  const labels = fieldsOf(template.metadata).labels;
  if (!isEmptySelector(selector) && selectsLabels(selector, labels) === false) {
    const problem = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', shownLabels(labels), problem));
  }
  validatePodTemplate(template, 'spec.template', errors);
  const podSpec = fieldsOf(template.spec);
  if (numberOf(spec.replicas) > 1)
    requireReadOnlyDisks(podSpec.volumes, 'spec.template.spec.volumes', errors);
  const restartPolicy = textOf(podSpec.restartPolicy);
  if (restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  }
  if (isSet(podSpec.activeDeadlineSeconds)) {
    const problem = `activeDeadlineSeconds in ${owner} is not Supported`;
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', problem));
  }
}

/** Checks a selector that must be there and say something. False when it cannot be compared with labels. */
export function validateOwnSelector(spec: Fields, owner: string, errors: FieldErrors): boolean {
  const selector = labelSelectorOf(spec.selector);
  if (selector === undefined) errors.push(required('spec.selector'));
  validateLabelSelector(selector, 'spec.selector', errors);
  if (isEmptySelector(selector)) {
    errors.push(invalid('spec.selector', shownSelector(selector), `empty selector is invalid for ${owner}`));
  }
  if (selector !== undefined && selectsLabels(selector, undefined) === undefined) {
    errors.push(invalid('spec.selector', shownSelector(selector), 'invalid label selector'));
    return false;
  }
  return selector !== undefined;
}

/** Refuses a change of the selector. */
export function requireSameSelector(next: Fields, previous: Fields, errors: FieldErrors): void {
  const selector = shownSelector(labelSelectorOf(fieldsOf(next.spec).selector));
  const before = shownSelector(labelSelectorOf(fieldsOf(previous.spec).selector));
  if (!deepEqual(selector, before)) errors.push(invalid('spec.selector', selector, 'field is immutable'));
}

/** Checks the counters that controllers write into `status`. */
export function validateReplicaStatus(next: Fields, previous: Fields, errors: FieldErrors): void {
  const status = fieldsOf(next.status);
  for (const name of STATUS_COUNTERS) requireNonNegative(numberOf(status[name]), `status.${name}`, errors);
  validateCollisionCount(status, fieldsOf(previous.status), errors);
}
