import { addInvalid, type FieldErrors, forbidden, invalid } from '../field-error.ts';
import { goQuote } from '../go-text.ts';
import { type Fields, fieldsList, fieldsOf, itemsOf, textMap, textOf } from '../json-fields.ts';
import { sortedKeys, validateAnnotations, validateLabels } from '../object-meta.ts';
import { validatePodSpec } from './pod-spec.ts';

/** Prefix of the annotations with which AppArmor profiles used to be chosen, followed by a container's name. */
export const APP_ARMOR_ANNOTATION_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';

/** Checks a pod template. Its labels and annotations are reported beside `metadata`, as upstream does. */
export function validatePodTemplate(template: Fields, path: string, errors: FieldErrors): void {
  const metadata = fieldsOf(template.metadata);
  const spec = fieldsOf(template.spec);
  const annotations = textMap(metadata.annotations);
  validateLabels(textMap(metadata.labels), `${path}.labels`, errors);
  validateAnnotations(annotations, `${path}.annotations`, errors);
  validatePodAnnotations(annotations, spec, `${path}.annotations`, errors);
  validatePodSpec(spec, undefined, `${path}.spec`, errors);
  if (itemsOf(spec.ephemeralContainers).length > 0) {
    errors.push(
      forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'),
    );
  }
}

/** Checks the annotations that mean something for pods. */
export function validatePodAnnotations(
  annotations: Readonly<Record<string, string>>,
  spec: Fields,
  path: string,
  errors: FieldErrors,
): void {
  if ('kubernetes.io/config.mirror' in annotations && textOf(spec.nodeName) === '') {
    const problem = 'must set spec.nodeName if mirror pod annotation is set';
    errors.push(
      invalid(`${path}[kubernetes.io/config.mirror]`, annotations['kubernetes.io/config.mirror'], problem),
    );
  }
  for (const key of sortedKeys(annotations)) {
    if (!key.startsWith(APP_ARMOR_ANNOTATION_PREFIX)) continue;
    const container = key.slice(APP_ARMOR_ANNOTATION_PREFIX.length);
    if (!hasContainer(spec, container))
      errors.push(invalid(`${path}[${key}]`, container, 'container not found'));
    const profile = annotations[key] ?? '';
    if (!isAppArmorProfile(profile)) {
      addInvalid(errors, `${path}[${key}]`, profile, [`invalid AppArmor profile name: ${goQuote(profile)}`]);
    }
  }
}

function hasContainer(spec: Fields, name: string): boolean {
  return ['initContainers', 'containers', 'ephemeralContainers'].some((list) =>
    fieldsList(spec[list]).some((container) => textOf(container.name) === name),
  );
}

function isAppArmorProfile(profile: string): boolean {
  return ['', 'runtime/default', 'unconfined'].includes(profile) || profile.startsWith('localhost/');
}
