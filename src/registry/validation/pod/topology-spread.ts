import { duplicate, type FieldErrors, invalid, notSupported } from '../field-error.ts';
import { fieldsList, isSet, numberOf, optionalNumber, textOf } from '../json-fields.ts';
import { labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { validateLabelKeys, validateTopologyKey } from './affinity.ts';

const WHEN_UNSATISFIABLE = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSION_POLICIES = ['Honor', 'Ignore'];

/** Checks a pod's topology spread constraints. */
export function validateTopologySpread(value: unknown, path: string, errors: FieldErrors): void {
  const constraints = fieldsList(value);
  const pairOf = (index: number): string => {
    const constraint = constraints[index];
    return `{${textOf(constraint?.topologyKey)}, ${textOf(constraint?.whenUnsatisfiable)}}`;
  };
  constraints.forEach((constraint, index) => {
    const at = `${path}[${index}]`;
    const maxSkew = numberOf(constraint.maxSkew);
    if (maxSkew <= 0) errors.push(invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero'));
    validateTopologyKey(constraint.topologyKey, `${at}.topologyKey`, errors);
    const action = textOf(constraint.whenUnsatisfiable);
    if (!WHEN_UNSATISFIABLE.includes(action)) {
      errors.push(notSupported(`${at}.whenUnsatisfiable`, action, WHEN_UNSATISFIABLE));
    }
    const pair = pairOf(index);
    if (constraints.some((_, later) => later > index && pairOf(later) === pair)) {
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    }
    const minDomains = optionalNumber(constraint.minDomains);
    if (minDomains !== undefined) {
      if (minDomains <= 0) errors.push(invalid(`${at}.minDomains`, minDomains, 'must be greater than zero'));
      if (action !== 'DoNotSchedule') {
        const problem = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
        errors.push(invalid(`${at}.minDomains`, minDomains, problem));
      }
    }
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      if (!isSet(constraint[name])) continue;
      const policy = textOf(constraint[name]);
      if (!INCLUSION_POLICIES.includes(policy)) {
        errors.push(notSupported(`${at}.${name}`, policy, INCLUSION_POLICIES));
      }
    }
    validateLabelKeys(constraint, 'matchLabelKeys', at, errors);
    validateLabelSelector(labelSelectorOf(constraint.labelSelector), `${at}.labelSelector`, errors);
  });
}
