import { type FieldErrors, invalid, required } from '../field-error.ts';
import { goJson } from '../go-text.ts';
import { type Fields, isSet, numberOf, optionalFields } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { requireImmutable, requireNonNegative } from '../object-meta.ts';

/** apps/v1 ControllerRevision. */
export const controllerRevisionRules: KindRules = {
  nameRule: dnsSubdomain,
  create(object, errors) {
    if (!isSet(object.data)) errors.push(required('data', 'data is mandatory'));
    else if (optionalFields(object.data) === undefined) {
      errors.push(invalid('data', goJson(object.data), 'data must be a valid JSON object'));
    }
    validateRevision(object, errors);
  },
  update(next, previous, errors) {
    validateRevision(next, errors);
    if (next.data !== previous.data) requireImmutable(next.data, previous.data, 'data', errors);
  },
};

function validateRevision(object: Fields, errors: FieldErrors): void {
  requireNonNegative(numberOf(object.revision), 'revision', errors);
}
