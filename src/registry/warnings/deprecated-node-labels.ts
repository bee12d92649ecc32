import {
  type Fields,
  fieldsList,
  fieldsOf,
  optionalFields,
  textList,
  textOf,
} from '../validation/json-fields.ts';
import { labelValue } from '../validation/name-rules.ts';

const REPLACED: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

/** What to use in place of a node label that is on its way out; undefined for all others. */
export function nodeLabelDeprecation(label: string): string | undefined {
  return Object.hasOwn(REPLACED, label) ? REPLACED[label] : undefined;
}

/** Warnings about node labels that a node affinity asks for. `path` is that of `nodeAffinity`. */
export function nodeAffinityWarnings(affinity: Fields, path: string): readonly string[] {
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  const terms = fieldsList(fieldsOf(affinity[required]).nodeSelectorTerms);
  return [
    ...terms.flatMap((term, index) => termWarnings(term, `${path}.${required}.nodeSelectorTerms[${index}]`)),
    ...fieldsList(affinity[preferred]).flatMap((term, index) => {
      const preference = optionalFields(term.preference);
      return preference === undefined
        ? []
        : termWarnings(preference, `${path}.${preferred}[${index}].preference`);
    }),
  ];
}

function termWarnings(term: Fields, path: string): readonly string[] {
  return fieldsList(term.matchExpressions).flatMap((requirement, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const key = textOf(requirement.key);
    const deprecation = nodeLabelDeprecation(key);
    const warnings = deprecation === undefined ? [] : [`${at}.key: ${key} is ${deprecation}`];
    textList(requirement.values).forEach((value, valueIndex) => {
      for (const problem of labelValue(value)) {
        warnings.push(`${at}.values[${valueIndex}]: ${value} is invalid, ${problem}`);
      }
    });
    return warnings;
  });
}
