import type { FieldErrors } from '../field-error.ts';
import { type Fields, fieldsOf, numberOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

import {
  requireSameSelector,
  validateOwnSelector,
  validateReplicaStatus,
  validateRunningTemplate,
} from './running-template.ts';

/** apps/v1 ReplicaSet. */
export const replicaSetRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    validateReplicaSetSpec(fieldsOf(object.spec), errors);
  },
  update(next, previous, errors) {
    if (next.spec === previous.spec) return;
    validateReplicaSetSpec(fieldsOf(next.spec), errors);
    requireSameSelector(next, previous, errors);
  },
  status: validateReplicaStatus,
};

/** The error of an empty selector names deployments here too: upstream's words. */
function validateReplicaSetSpec(spec: Fields, errors: FieldErrors): void {
  requireNonNegative(numberOf(spec.replicas), 'spec.replicas', errors);
  requireNonNegative(numberOf(spec.minReadySeconds), 'spec.minReadySeconds', errors);
  if (validateOwnSelector(spec, 'deployment', errors)) {
    validateRunningTemplate(spec, spec.selector, 'ReplicaSet', errors);
  }
}
