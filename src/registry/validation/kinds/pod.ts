import type { ObjectMeta } from '../../../api/meta.ts';
import { deepEqual } from '../../../domain/deep-equal.ts';
import { addInvalid, type FieldErrors, forbidden, invalid, required } from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  fieldsOf,
  itemsOf,
  optionalNumber,
  textMap,
  textOf,
} from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { dnsSubdomain, rangeText } from '../name-rules.ts';
import { validateIp } from '../pod/pod-dns.ts';
import { validatePodSpec } from '../pod/pod-spec.ts';
import { validatePodAnnotations } from '../pod/pod-template.ts';
import { validateTolerations } from '../pod/tolerations.ts';

const CHANGEABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');
const MAX_INT32 = 2 ** 31 - 1;

/**
 * v1 Pod. That projected tokens need a service account is not checked: a server's admission gives every pod one before
 * validation, so the rule never refuses anything there.
 */
export const podRules: KindRules = {
  nameRule: dnsSubdomain,
  create(pod, errors) {
    const spec = fieldsOf(pod.spec);
    const annotations = textMap(fieldsOf(pod.metadata).annotations);
    validatePodAnnotations(annotations, spec, 'metadata.annotations', errors);
    validatePodSpec(spec, metadataOf(pod), 'spec', errors);
    for (const list of ['containers', 'initContainers']) forbidPaddedImages(spec, list, errors);
    if (itemsOf(spec.ephemeralContainers).length > 0) {
      errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
    }
    if (textOf(spec.nodeName) !== '' && itemsOf(spec.schedulingGates).length > 0) {
      errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
    }
  },
  update(next, previous, errors) {
    if (next.spec !== previous.spec) validateSpecUpdate(fieldsOf(next.spec), fieldsOf(previous.spec), errors);
  },
  status(next, previous, errors) {
    const nodeName = textOf(fieldsOf(next.spec).nodeName);
    if (nodeName !== textOf(fieldsOf(previous.spec).nodeName)) {
      errors.push(invalid('spec.nodeName', nodeName, 'may not be changed directly'));
    }
    validateStatus(fieldsOf(next.status), errors);
  },
};

function metadataOf(pod: Fields): ObjectMeta {
  // Decoding has checked the metadata of every object.
  return fieldsOf(pod.metadata) as ObjectMeta;
}

function validateStatus(status: Fields, errors: FieldErrors): void {
  const nominated = textOf(status.nominatedNodeName);
  if (nominated !== '') addInvalid(errors, 'status.nominatedNodeName', nominated, dnsSubdomain(nominated));
  fieldsList(status.podIPs).forEach((address, index) => {
    validateIp(textOf(address.ip), `status.podIPs[${index}].ip`, errors);
  });
  fieldsList(status.hostIPs).forEach((address, index) => {
    validateIp(textOf(address.ip), `status.hostIPs[${index}].ip`, errors);
  });
}

function forbidPaddedImages(spec: Fields, list: string, errors: FieldErrors): void {
  fieldsList(spec[list]).forEach((container, index) => {
    const image = textOf(container.image);
    if (image !== image.trim()) {
      errors.push(
        invalid(`spec.${list}[${index}].image`, image, 'must not have leading or trailing whitespace'),
      );
    }
  });
}

function validateSpecUpdate(next: Fields, previous: Fields, errors: FieldErrors): void {
  for (const [list, what] of [
    ['containers', 'containers'],
    ['initContainers', 'initContainers'],
  ] as const) {
    const containers = fieldsList(next[list]);
    if (containers.length !== itemsOf(previous[list]).length) {
      errors.push(forbidden(`spec.${list}`, `pod updates may not add or remove ${what}`));
      return;
    }
    containers.forEach((container, index) => {
      if (textOf(container.image) === '') errors.push(required(`spec.${list}[${index}].image`));
    });
    forbidPaddedImages(next, list, errors);
  }
  validateDeadlineUpdate(next, previous, errors);
  validateTolerationUpdate(next, previous, errors);
  validateTolerations(next.tolerations, 'spec.tolerations', errors);
  if (errors.length === 0 && !deepEqual(withUnchangeables(next, previous), previous)) {
    errors.push(
      forbidden(
        'spec',
        `pod updates may not change fields other than ${CHANGEABLE}\n${differences(next, previous)}`,
      ),
    );
  }
}

function validateDeadlineUpdate(next: Fields, previous: Fields, errors: FieldErrors): void {
  const path = 'spec.activeDeadlineSeconds';
  const before = optionalNumber(previous.activeDeadlineSeconds);
  const after = optionalNumber(next.activeDeadlineSeconds);
  if (after !== undefined) {
    if (after < 0 || after > MAX_INT32) errors.push(invalid(path, after, rangeText(0, MAX_INT32)));
    else if (before !== undefined && before < after) {
      errors.push(invalid(path, after, 'must be less than or equal to previous value'));
    }
  } else if (before !== undefined) {
    errors.push(invalid(path, null, 'must not update from a positive integer to nil value'));
  }
}

function validateTolerationUpdate(next: Fields, previous: Fields, errors: FieldErrors): void {
  const after = fieldsList(next.tolerations);
  const kept = fieldsList(previous.tolerations).every((toleration) =>
    after.some((one) => deepEqual(withoutSeconds(one), withoutSeconds(toleration))),
  );
  if (kept) return;
  const problem = 'existing toleration can not be modified except its tolerationSeconds';
  errors.push(forbidden('spec.tolerations', problem));
}

function withoutSeconds({ tolerationSeconds: _seconds, ...rest }: Fields): Fields {
  return rest;
}

/** The new spec with everything that may change put back: what is left must equal the old spec. */
function withUnchangeables(next: Fields, previous: Fields): Fields {
  const restored: Record<string, unknown> = { ...next };
  for (const list of ['containers', 'initContainers']) {
    if (next[list] === undefined) continue;
    const before = fieldsList(previous[list]);
    restored[list] = fieldsList(next[list]).map((container, index) => ({
      ...container,
      image: before[index]?.image,
    }));
  }
  restored.activeDeadlineSeconds = previous.activeDeadlineSeconds;
  restored.tolerations = previous.tolerations;
  const before = optionalNumber(previous.terminationGracePeriodSeconds) ?? 0;
  if (before < 0 && next.terminationGracePeriodSeconds === 1) {
    restored.terminationGracePeriodSeconds = previous.terminationGracePeriodSeconds;
  }
  return restored;
}

/** The fields that were changed though they may not be, one a line. */
function differences(next: Fields, previous: Fields): string {
  const restored = withUnchangeables(next, previous);
  const names = new Set([...Object.keys(restored), ...Object.keys(previous)]);
  return [...names]
    .filter((name) => !deepEqual(restored[name], previous[name]))
    .map((name) => `spec.${name}`)
    .join('\n');
}
