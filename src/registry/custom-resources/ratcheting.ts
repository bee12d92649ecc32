import type { KubeObject } from '../../api/meta.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { at } from '../strategies/generic.ts';
import type { FieldError } from '../validation/field-error.ts';
import { stepsOf } from '../verbs/field-path.ts';

/**
 * The errors of an update that it is to blame for. What the schema did not allow before and what the update does not
 * touch may stay (upstream's validation ratcheting); a missing field is its parent's fault.
 */
export function changedErrors(
  errors: readonly FieldError[],
  next: KubeObject,
  previous: KubeObject,
): readonly FieldError[] {
  return errors.filter(({ type, field }) => {
    const steps = stepsOf(field);
    const blamed = type === 'Required' ? steps.slice(0, -1) : steps;
    return !deepEqual(at(next, ...blamed), at(previous, ...blamed));
  });
}
