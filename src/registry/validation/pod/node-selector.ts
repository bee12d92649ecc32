import { addInvalid, type FieldErrors, forbidden, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, numberOf, textList, textOf } from '../json-fields.ts';
import { dnsSubdomain, labelValue, qualifiedName } from '../name-rules.ts';

/** Checks a v1.NodeSelector: at least one term. */
export function validateNodeSelector(selector: Fields, path: string, errors: FieldErrors): void {
  const terms = fieldsList(selector.nodeSelectorTerms);
  const at = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) errors.push(required(at, 'must have at least one node selector term'));
  terms.forEach((term, index) => {
    validateNodeSelectorTerm(term, `${at}[${index}]`, errors);
  });
}

/** Checks a list of v1.PreferredSchedulingTerm. */
export function validatePreferredSchedulingTerms(
  terms: readonly Fields[],
  path: string,
  errors: FieldErrors,
): void {
  terms.forEach((term, index) => {
    validateWeight(term.weight, `${path}[${index}].weight`, errors);
    const preference = term.preference;
    if (preference !== undefined) {
      validateNodeSelectorTerm(preference as Fields, `${path}[${index}].preference`, errors);
    }
  });
}

/** Checks the weight of a preference: 1 to 100. */
export function validateWeight(value: unknown, path: string, errors: FieldErrors): void {
  const weight = numberOf(value);
  if (weight < 1 || weight > 100) errors.push(invalid(path, weight, 'must be in the range 1-100'));
}

function validateNodeSelectorTerm(term: Fields, path: string, errors: FieldErrors): void {
  fieldsList(term.matchExpressions).forEach((requirement, index) => {
    validateLabelRequirement(requirement, `${path}.matchExpressions[${index}]`, errors);
  });
  fieldsList(term.matchFields).forEach((requirement, index) => {
    validateFieldRequirement(requirement, `${path}.matchFields[${index}]`, errors);
  });
}

function validateLabelRequirement(requirement: Fields, path: string, errors: FieldErrors): void {
  const operator = textOf(requirement.operator);
  const values = textList(requirement.values);
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        errors.push(
          forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) {
        errors.push(
          required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
        );
      }
      break;
    default:
      errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  const key = textOf(requirement.key);
  addInvalid(errors, `${path}.key`, key, qualifiedName(key));
  values.forEach((value, index) => {
    addInvalid(errors, `${path}.values[${index}]`, value, labelValue(value));
  });
}

function validateFieldRequirement(requirement: Fields, path: string, errors: FieldErrors): void {
  const operator = textOf(requirement.operator);
  const values = textList(requirement.values);
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const rule = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, rule));
  }
  const key = textOf(requirement.key);
  if (key !== 'metadata.name') errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
  else {
    values.forEach((value, index) => {
      addInvalid(errors, `${path}.values[${index}]`, value, dnsSubdomain(value));
    });
  }
}
