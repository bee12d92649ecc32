import { addInvalid, type FieldErrors, forbidden, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, optionalFields, textList, textOf } from '../json-fields.ts';
import { labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { dnsLabel, qualifiedName } from '../name-rules.ts';
import { validateNodeSelector, validatePreferredSchedulingTerms, validateWeight } from './node-selector.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Checks a pod's affinity. */
export function validateAffinity(value: unknown, path: string, errors: FieldErrors): void {
  const affinity = optionalFields(value);
  if (affinity === undefined) return;
  const node = optionalFields(affinity.nodeAffinity);
  if (node !== undefined) {
    const needed = optionalFields(node[REQUIRED]);
    if (needed !== undefined) validateNodeSelector(needed, `${path}.nodeAffinity.${REQUIRED}`, errors);
    validatePreferredSchedulingTerms(
      fieldsList(node[PREFERRED]),
      `${path}.nodeAffinity.${PREFERRED}`,
      errors,
    );
  }
  for (const kind of ['podAffinity', 'podAntiAffinity'] as const) {
    const pods = optionalFields(affinity[kind]);
    if (pods === undefined) continue;
    fieldsList(pods[REQUIRED]).forEach((term, index) => {
      validatePodAffinityTerm(term, `${path}.${kind}.${REQUIRED}[${index}]`, errors);
    });
    fieldsList(pods[PREFERRED]).forEach((weighted, index) => {
      const at = `${path}.${kind}.${PREFERRED}[${index}]`;
      validateWeight(weighted.weight, `${at}.weight`, errors);
      validatePodAffinityTerm(fieldsOf(weighted.podAffinityTerm), `${at}.podAffinityTerm`, errors);
    });
  }
}

/** Checks `matchLabelKeys` and `mismatchLabelKeys`, which go into the label selector that must be there. */
export function validateLabelKeys(holder: Fields, name: string, path: string, errors: FieldErrors): void {
  const keys = textList(holder[name]);
  if (keys.length === 0) return;
  const selector = labelSelectorOf(holder.labelSelector);
  if (selector === undefined) {
    errors.push(forbidden(`${path}.${name}`, 'must not be specified when labelSelector is not set'));
  }
  keys.forEach((key, index) => {
    addInvalid(errors, `${path}.${name}[${index}]`, key, qualifiedName(key));
    if (selector?.matchExpressions?.some((expression) => expression.key === key)) {
      errors.push(
        invalid(`${path}.${name}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'),
      );
    }
  });
}

/** Checks the node label that spreads or gathers pods. */
export function validateTopologyKey(value: unknown, path: string, errors: FieldErrors): void {
  const key = textOf(value);
  if (key === '') errors.push(required(path, 'can not be empty'));
  else addInvalid(errors, path, key, qualifiedName(key));
}

function validatePodAffinityTerm(term: Fields, path: string, errors: FieldErrors): void {
  validateLabelSelector(labelSelectorOf(term.labelSelector), `${path}.labelSelector`, errors);
  validateLabelSelector(labelSelectorOf(term.namespaceSelector), `${path}.namespaceSelector`, errors);
  for (const namespace of textList(term.namespaces)) {
    addInvalid(errors, `${path}.namespace`, namespace, dnsLabel(namespace));
  }
  validateLabelKeys(term, 'matchLabelKeys', path, errors);
  validateLabelKeys(term, 'mismatchLabelKeys', path, errors);
  validateTopologyKey(term.topologyKey, `${path}.topologyKey`, errors);
}
