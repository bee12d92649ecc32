import { addInvalid, duplicate, type FieldErrors, invalid, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsList, isSet, textOf } from '../json-fields.ts';
import { labelValue, qualifiedName } from '../name-rules.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Checks a pod's tolerations. */
export function validateTolerations(value: unknown, path: string, errors: FieldErrors): void {
  fieldsList(value).forEach((toleration, index) => {
    validateToleration(toleration, `${path}[${index}]`, errors);
  });
}

/** Checks a node's taints; each key may be there once per effect. */
export function validateTaints(value: unknown, path: string, errors: FieldErrors): void {
  const seen = new Set<string>();
  fieldsList(value).forEach((taint, index) => {
    const at = `${path}[${index}]`;
    const key = textOf(taint.key);
    const effect = textOf(taint.effect);
    const text = textOf(taint.value);
    addInvalid(errors, `${at}.key`, key, qualifiedName(key));
    const problems = labelValue(text);
    if (problems.length > 0) errors.push(invalid(`${at}.value`, text, problems.join(';')));
    if (effect === '') errors.push(required(`${at}.effect`));
    else validateEffect(effect, `${at}.effect`, errors);
    const identity = `${effect} ${key}`;
    if (seen.has(identity)) {
      errors.push(duplicate(at, shownTaint(taint), 'taints must be unique by key and effect pair'));
    }
    seen.add(identity);
  });
}

function validateToleration(toleration: Fields, path: string, errors: FieldErrors): void {
  const key = textOf(toleration.key);
  const operator = textOf(toleration.operator);
  const text = textOf(toleration.value);
  const effect = textOf(toleration.effect);
  if (key !== '') addInvalid(errors, `${path}.key`, key, qualifiedName(key));
  else if (operator !== 'Exists') {
    const rule = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(`${path}.operator`, operator, rule));
  }
  if (isSet(toleration.tolerationSeconds) && effect !== 'NoExecute') {
    errors.push(
      invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    );
  }
  validateOperator(operator, text, `${path}.operator`, errors);
  if (effect !== '') validateEffect(effect, `${path}.effect`, errors);
}

/**
 * `Gt` and `Lt` exist in the API but stand behind a feature that is off by default: the error then names all four
 * operators, as recorded.
 */
function validateOperator(operator: string, text: string, path: string, errors: FieldErrors): void {
  if (operator === 'Equal' || operator === '') {
    const problems = labelValue(text);
    if (problems.length > 0) errors.push(invalid(path, text, problems.join(';')));
  } else if (operator === 'Exists') {
    if (text !== '') errors.push(invalid(path, text, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === 'Gt' || operator === 'Lt') {
    errors.push(notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt']));
  } else errors.push(notSupported(path, operator, ['Equal', 'Exists']));
}

function validateEffect(effect: string, path: string, errors: FieldErrors): void {
  if (!EFFECTS.includes(effect)) errors.push(notSupported(path, effect, EFFECTS));
}

function shownTaint(taint: Fields): unknown {
  return {
    Key: textOf(taint.key),
    Value: textOf(taint.value),
    Effect: textOf(taint.effect),
    TimeAdded: taint.timeAdded ?? null,
  };
}
