import { addInvalid, type FieldErrors, invalid, required } from '../field-error.ts';
import { byteLength } from '../go-text.ts';
import { type Fields, fieldsOf, isSet, numberOf, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { pathSegment, qualifiedName } from '../name-rules.ts';
import { requireNonNegative } from '../object-meta.ts';

/** v1 Event. Its name is free; it lies in the namespace of what it is about, or in `default`. */
export const eventRules: KindRules = {
  nameRule: pathSegment,
  create(event, errors) {
    const namespace = textOf(fieldsOf(event.metadata).namespace);
    const about = textOf(fieldsOf(event.involvedObject).namespace);
    const matches = about === '' ? namespace === '' || namespace === 'default' : namespace === about;
    if (!matches) errors.push(invalid('involvedObject.namespace', about, 'does not match event.namespace'));
    if (isSet(event.eventTime)) validateNewEvent(event, errors);
  },
};

function validateNewEvent(event: Fields, errors: FieldErrors): void {
  const component = textOf(event.reportingComponent);
  if (component === '') errors.push(required('reportingComponent'));
  else addInvalid(errors, 'reportingComponent', component, qualifiedName(component));
  for (const field of ['reportingInstance', 'action', 'reason']) {
    if (textOf(event[field]) === '') errors.push(required(field));
  }
  for (const [field, maximum] of [
    ['reportingInstance', 128],
    ['action', 128],
    ['reason', 128],
    ['message', 1024],
  ] as const) {
    const text = textOf(event[field]);
    if (byteLength(text) > maximum) errors.push(invalid(field, '', `can have at most ${maximum} characters`));
  }
  requireNonNegative(numberOf(event.count), 'count', errors);
}
