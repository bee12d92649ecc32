import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import {
  intOrStringOf,
  numberIn,
  requireAtMostHundredPercent,
  validateCountOrPercent,
} from '../int-or-percent.ts';
import { type Fields, fieldsOf, isSet, numberOf, optionalFields, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import {
  isEmptySelector,
  labelSelectorOf,
  selectsLabels,
  shownLabels,
  shownSelector,
  validateLabelSelector,
} from '../label-selector.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';
import { validatePodTemplate } from '../pod/pod-template.ts';
import { requireReadOnlyDisks } from '../pod/volumes.ts';

const COUNTERS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
];

/** apps/v1 DaemonSet. */
export const daemonSetRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    validateSpec(fieldsOf(object.spec), errors);
  },
  update(next, previous, errors) {
    const spec = fieldsOf(next.spec);
    if (spec === previous.spec) return;
    const selector = labelSelectorOf(spec.selector);
    const before = labelSelectorOf(fieldsOf(previous.spec).selector);
    if (!deepEqual(shownSelector(selector), shownSelector(before))) {
      errors.push(invalid('spec.selector', shownSelector(selector), 'field is immutable'));
    }
    validateSpec(spec, errors);
  },
  status(next, previous, errors) {
    const status = fieldsOf(next.status);
    for (const name of COUNTERS) requireNonNegative(numberOf(status[name]), `status.${name}`, errors);
    validateCollisionCount(status, fieldsOf(previous.status), errors);
  },
};

/** Refuses a collision count that goes down or away. */
export function validateCollisionCount(next: Fields, previous: Fields, errors: FieldErrors): void {
  if (isSet(next.collisionCount)) {
    requireNonNegative(numberOf(next.collisionCount), 'status.collisionCount', errors);
  }
  if (isSet(previous.collisionCount) && numberOf(next.collisionCount) < numberOf(previous.collisionCount)) {
    errors.push(invalid('status.collisionCount', numberOf(next.collisionCount), 'cannot be decremented'));
  }
}

function validateSpec(spec: Fields, errors: FieldErrors): void {
  const selector = labelSelectorOf(spec.selector);
  const template = fieldsOf(spec.template);
  const labels = fieldsOf(template.metadata).labels;
  validateLabelSelector(selector, 'spec.selector', errors);
  if (selectsLabels(selector, labels) === false) {
    const problem = '`selector` does not match template `labels`';
    errors.push(invalid('spec.template.metadata.labels', shownLabels(labels), problem));
  }
  if (isEmptySelector(selector)) {
    errors.push(invalid('spec.selector', shownSelector(selector), 'empty selector is invalid for daemonset'));
  }
  validatePodTemplate(template, 'spec.template', errors);
  const podSpec = fieldsOf(template.spec);
  requireReadOnlyDisks(podSpec.volumes, 'spec.template.spec.volumes', errors);
  const restartPolicy = textOf(podSpec.restartPolicy);
  if (restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  }
  if (isSet(podSpec.activeDeadlineSeconds)) {
    const problem = 'activeDeadlineSeconds in DaemonSet is not Supported';
    errors.push(forbidden('spec.template.spec.activeDeadlineSeconds', problem));
  }
  requireNonNegative(numberOf(spec.minReadySeconds), 'spec.minReadySeconds', errors);
  validateUpdateStrategy(fieldsOf(spec.updateStrategy), errors);
  requireNonNegative(numberOf(spec.revisionHistoryLimit), 'spec.revisionHistoryLimit', errors);
}

function validateUpdateStrategy(strategy: Fields, errors: FieldErrors): void {
  const path = 'spec.updateStrategy';
  const type = textOf(strategy.type);
  const rolling = optionalFields(strategy.rollingUpdate);
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    errors.push(
      notSupported(path, { Type: type, RollingUpdate: shownRolling(rolling) }, ['RollingUpdate', 'OnDelete']),
    );
    return;
  }
  if (rolling === undefined) {
    errors.push(required(`${path}.rollingUpdate`));
    return;
  }
  const maxUnavailable = intOrStringOf(rolling.maxUnavailable);
  const maxSurge = intOrStringOf(rolling.maxSurge);
  const unavailablePath = `${path}.rollingUpdate.maxUnavailable`;
  const surgePath = `${path}.rollingUpdate.maxSurge`;
  validateCountOrPercent(maxUnavailable, unavailablePath, errors);
  validateCountOrPercent(maxSurge, surgePath, errors);
  requireAtMostHundredPercent(maxUnavailable, unavailablePath, errors);
  requireAtMostHundredPercent(maxSurge, surgePath, errors);
  const hasUnavailable = numberIn(maxUnavailable) !== 0;
  const hasSurge = numberIn(maxSurge) !== 0;
  if (hasUnavailable && hasSurge) {
    errors.push(invalid(surgePath, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  } else if (!hasUnavailable && !hasSurge) {
    errors.push(required(unavailablePath, 'cannot be 0 when maxSurge is 0'));
  }
}

function shownRolling(rolling: Fields | undefined): unknown {
  if (rolling === undefined) return null;
  return {
    MaxUnavailable: intOrStringOf(rolling.maxUnavailable),
    MaxSurge: intOrStringOf(rolling.maxSurge),
  };
}
