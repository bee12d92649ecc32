import { type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import {
  intOrStringOf,
  numberIn,
  requireAtMostHundredPercent,
  validateCountOrPercent,
} from '../int-or-percent.ts';
import { type Fields, fieldsOf, numberOf, optionalFields, optionalNumber, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

import {
  requireSameSelector,
  validateOwnSelector,
  validateReplicaStatus,
  validateRunningTemplate,
} from './running-template.ts';

/** apps/v1 Deployment. */
export const deploymentRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    validateDeploymentSpec(fieldsOf(object.spec), errors);
  },
  update(next, previous, errors) {
    if (next.spec === previous.spec) return;
    validateDeploymentSpec(fieldsOf(next.spec), errors);
    requireSameSelector(next, previous, errors);
  },
  status: validateReplicaStatus,
};

function validateDeploymentSpec(spec: Fields, errors: FieldErrors): void {
  requireNonNegative(numberOf(spec.replicas), 'spec.replicas', errors);
  if (validateOwnSelector(spec, 'deployment', errors)) {
    validateRunningTemplate(spec, spec.selector, 'ReplicaSet', errors);
  }
  validateDeploymentStrategy(fieldsOf(spec.strategy), errors);
  const minReady = numberOf(spec.minReadySeconds);
  requireNonNegative(minReady, 'spec.minReadySeconds', errors);
  requireNonNegative(numberOf(spec.revisionHistoryLimit), 'spec.revisionHistoryLimit', errors);
  const deadline = optionalNumber(spec.progressDeadlineSeconds);
  if (deadline === undefined) return;
  requireNonNegative(deadline, 'spec.progressDeadlineSeconds', errors);
  if (deadline <= minReady) {
    errors.push(invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
}

function validateDeploymentStrategy(strategy: Fields, errors: FieldErrors): void {
  const type = textOf(strategy.type);
  const rolling = optionalFields(strategy.rollingUpdate);
  const path = 'spec.strategy';
  if (type === 'Recreate') {
    if (rolling !== undefined) {
      const rule = "may not be specified when strategy `type` is 'Recreate'";
      errors.push(forbidden(`${path}.rollingUpdate`, rule));
    }
    return;
  }
  if (type !== 'RollingUpdate') {
    const shown = {
      Type: type,
      RollingUpdate:
        rolling === undefined
          ? null
          : {
              MaxUnavailable: intOrStringOf(rolling.maxUnavailable),
              MaxSurge: intOrStringOf(rolling.maxSurge),
            },
    };
    errors.push(notSupported(path, shown, ['Recreate', 'RollingUpdate']));
    return;
  }
  if (rolling === undefined) {
    errors.push(required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'));
    return;
  }
  const maxUnavailable = intOrStringOf(rolling.maxUnavailable);
  const maxSurge = intOrStringOf(rolling.maxSurge);
  validateCountOrPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors);
  validateCountOrPercent(maxSurge, `${path}.rollingUpdate.maxSurge`, errors);
  if (numberIn(maxUnavailable) === 0 && numberIn(maxSurge) === 0) {
    const rule = 'may not be 0 when `maxSurge` is 0';
    errors.push(invalid(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, rule));
  }
  requireAtMostHundredPercent(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors);
}
