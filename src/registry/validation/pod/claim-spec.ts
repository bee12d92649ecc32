import { type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsOf, isSet, textList, textMap, textOf } from '../json-fields.ts';
import { labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { validateAnnotations, validateLabels } from '../object-meta.ts';
import { compareAmounts, quantityText } from '../resource-quantities.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

/** Checks the claim template of a generic ephemeral volume. */
export function validateClaimTemplate(template: Fields, path: string, errors: FieldErrors): void {
  const metadata = fieldsOf(template.metadata);
  validateLabels(textMap(metadata.labels), `${path}.metadata.labels`, errors);
  validateAnnotations(textMap(metadata.annotations), `${path}.metadata.annotations`, errors);
  validateClaimSpec(fieldsOf(template.spec), `${path}.spec`, errors);
}

/** Checks a PersistentVolumeClaim's spec. */
export function validateClaimSpec(spec: Fields, path: string, errors: FieldErrors): void {
  const modes = textList(spec.accessModes);
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  validateLabelSelector(labelSelectorOf(spec.selector), `${path}.selector`, errors);
  validateAccessModes(modes, `${path}.accessModes`, errors);
  const requests = fieldsOf(fieldsOf(spec.resources).requests);
  const size = requests.storage;
  if (!isSet(size)) errors.push(required(`${path}.resources[storage]`));
  else if (compareAmounts(size, 0) <= 0) {
    errors.push(invalid(`${path}.resources[storage]`, quantityText(size), 'must be greater than zero'));
  }
  const volumeMode = textOf(spec.volumeMode);
  if (volumeMode !== '' && !VOLUME_MODES.includes(volumeMode)) {
    errors.push(notSupported(`${path}.volumeMode`, volumeMode, VOLUME_MODES));
  }
}

/** Checks access modes of a claim or a volume. */
export function validateAccessModes(modes: readonly string[], path: string, errors: FieldErrors): void {
  for (const mode of modes) {
    if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(path, mode, ACCESS_MODES));
  }
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
}
