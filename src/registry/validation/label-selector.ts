import type { LabelSelector } from '../../api/meta.ts';
import { matchesLabelSelector } from '../../domain/selectors/labels.ts';
import { addInvalid, type FieldErrors, forbidden, invalid, required } from './field-error.ts';
import { sortedMap } from './go-text.ts';
import { fieldsOf, optionalFields, textList, textMap, textOf } from './json-fields.ts';
import { labelValue, qualifiedName } from './name-rules.ts';
import { validateLabels } from './object-meta.ts';

/** A decoded `metav1.LabelSelector`, or undefined when there is none. */
export function labelSelectorOf(value: unknown): LabelSelector | undefined {
  // Decoding has checked the selector's shape.
  return optionalFields(value) as LabelSelector | undefined;
}

/** Checks a label selector. None at all is no error here. */
export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (selector === undefined) return;
  validateLabels(textMap(selector.matchLabels), `${path}.matchLabels`, errors);
  selector.matchExpressions?.forEach((expression, index) => {
    const { key = '', operator = '', values = [] } = expression;
    const at = `${path}.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.push(
          forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
    } else errors.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'));
    addInvalid(errors, `${at}.key`, key, qualifiedName(key));
    values.forEach((value, valueIndex) => {
      addInvalid(errors, `${at}.values[${valueIndex}]`, value, labelValue(value));
    });
  });
}

/**
 * Whether a selector selects these labels. A selector that is broken (bad operator, key or value) answers
 * undefined: upstream then leaves the comparison out. No selector selects nothing.
 */
export function selectsLabels(selector: LabelSelector | undefined, labels: unknown): boolean | undefined {
  const problems: FieldErrors = [];
  validateLabelSelector(selector, '', problems);
  return problems.length > 0 ? undefined : matchesLabelSelector(selector, textMap(labels));
}

/** Whether a selector is there but says nothing. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return false;
  return (
    Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
  );
}

/** A selector as an error shows it: fields in their Go order. */
export function shownSelector(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const { matchLabels, matchExpressions = [] } = selector;
  return {
    matchLabels:
      matchLabels !== undefined && Object.keys(matchLabels).length > 0 ? sortedMap(matchLabels) : undefined,
    matchExpressions: matchExpressions.length > 0 ? matchExpressions.map(shownRequirement) : undefined,
  };
}

/** Labels as an error shows them: sorted, `null` when there are none at all. */
export function shownLabels(labels: unknown): unknown {
  const map = optionalFields(labels);
  return map === undefined ? null : sortedMap(map);
}

function shownRequirement(value: unknown): unknown {
  const requirement = fieldsOf(value);
  const values = textList(requirement.values);
  return {
    key: textOf(requirement.key),
    operator: textOf(requirement.operator),
    values: values.length > 0 ? values : undefined,
  };
}
