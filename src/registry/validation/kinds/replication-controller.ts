import { required } from '../field-error.ts';
import { fieldsOf, numberOf, textMap } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

import { validateRunningTemplate } from './running-template.ts';

/** v1 ReplicationController, whose selector is a plain map. */
export const replicationControllerRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    const spec = fieldsOf(object.spec);
    requireNonNegative(numberOf(spec.minReadySeconds), 'spec.minReadySeconds', errors);
    const selector = textMap(spec.selector);
    if (Object.keys(selector).length === 0) errors.push(required('spec.selector'));
    requireNonNegative(numberOf(spec.replicas), 'spec.replicas', errors);
    validateRunningTemplate(spec, { matchLabels: selector }, 'ReplicationController', errors);
  },
};
