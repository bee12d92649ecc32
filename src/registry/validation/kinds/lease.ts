import { invalid } from '../field-error.ts';
import { fieldsOf, optionalNumber } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';

/** coordination.k8s.io/v1 Lease. */
export const leaseRules: KindRules = {
  nameRule: dnsSubdomain,
  create(lease, errors) {
    const spec = fieldsOf(lease.spec);
    const duration = optionalNumber(spec.leaseDurationSeconds);
    if (duration !== undefined && duration <= 0) {
      errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
    }
    const transitions = optionalNumber(spec.leaseTransitions);
    if (transitions !== undefined && transitions < 0) {
      errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
    }
  },
};
