import { isIP } from 'node:net';
import { deepEqual } from '../../../domain/deep-equal.ts';
import { type FieldErrors, forbidden, invalid } from '../field-error.ts';
import { type Fields, fieldsOf, textList, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain } from '../name-rules.ts';
import { sortedKeys } from '../object-meta.ts';
import { validateTaints } from '../pod/tolerations.ts';
import { validateResourceName } from '../resource-names.ts';
import { validateAmount } from '../resource-quantities.ts';

const CIDR_RULE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** v1 Node. Status is optional and checked for its amounts only. */
export const nodeRules: KindRules = {
  nameRule: dnsSubdomain,
  create(node, errors) {
    const spec = fieldsOf(node.spec);
    validateTaints(spec.taints, 'spec.taints', errors);
    validateAmounts(fieldsOf(node.status), errors);
    validatePodCidrs(textList(spec.podCIDRs), errors);
  },
  update(next, previous, errors) {
    const spec = fieldsOf(next.spec);
    const before = fieldsOf(previous.spec);
    if (spec.taints !== before.taints) validateTaints(spec.taints, 'spec.taints', errors);
    if (next.status !== previous.status) validateAmounts(fieldsOf(next.status), errors);
    if (!deepEqual(spec, before)) validateSetOnce(spec, before, errors);
  },
  status(next, previous, errors) {
    if (next.status !== previous.status) validateAmounts(fieldsOf(next.status), errors);
  },
};

function validateSetOnce(next: Fields, previous: Fields, errors: FieldErrors): void {
  const before = textList(previous.podCIDRs);
  const after = textList(next.podCIDRs);
  if (!deepEqual(after, before)) {
    if (before.length === 0) validatePodCidrs(after, errors);
    else
      errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  const provider = textOf(previous.providerID);
  if (provider !== '' && provider !== textOf(next.providerID)) {
    errors.push(
      forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'),
    );
  }
}

function validateAmounts(status: Fields, errors: FieldErrors): void {
  for (const list of ['capacity', 'allocatable']) {
    const amounts = fieldsOf(status[list]);
    for (const resource of sortedKeys(amounts)) {
      const path = `status.${list}[${resource}]`;
      validateResourceName(resource, path, errors);
      validateAmount(resource, amounts[resource], path, errors);
    }
  }
}

function validatePodCidrs(cidrs: readonly string[], errors: FieldErrors): void {
  const families = cidrs.map(cidrFamily);
  cidrs.forEach((cidr, index) => {
    if (families[index] === 0) errors.push(invalid(`spec.podCIDRs[${index}]`, cidr, CIDR_RULE));
  });
  if (cidrs.length > 1 && families.every((family) => family !== 0)) {
    if (cidrs.length > 2 || families[0] === families[1]) {
      errors.push(invalid('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'));
    }
  }
}

function cidrFamily(cidr: string): 0 | 4 | 6 {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  const family = isIP(address);
  if (rest.length > 0 || !/^[0-9]{1,3}$/.test(bits) || (family !== 4 && family !== 6)) return 0;
  return Number(bits) <= (family === 4 ? 32 : 128) ? family : 0;
}
