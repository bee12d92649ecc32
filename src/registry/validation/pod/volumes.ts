import type { ObjectMeta } from '../../../api/meta.ts';
import { addInvalid, duplicate, type FieldErrors, forbidden, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, isSet, optionalFields, textOf } from '../json-fields.ts';
import { dnsLabel } from '../name-rules.ts';
import { VOLUME_SOURCE_ORDER, validateVolumeSource } from './volume-sources.ts';

/** Volumes by name, the faultless ones only: mounts may name no others. */
export type VolumesByName = ReadonlyMap<string, Fields>;

/**
 * Checks the volumes of a pod or template. `podMeta` is the pod's metadata, absent for templates: the claims of
 * generic ephemeral volumes are named after the pod.
 */
export function validateVolumes(
  value: unknown,
  podMeta: ObjectMeta | undefined,
  path: string,
  errors: FieldErrors,
): VolumesByName {
  const volumes = fieldsList(value);
  const byName = new Map<string, Fields>();
  volumes.forEach((volume, index) => {
    const at = `${path}[${index}]`;
    const before = errors.length;
    const name = textOf(volume.name);
    validateOneSource(volume, at, errors);
    if (name === '') errors.push(required(`${at}.name`));
    else addInvalid(errors, `${at}.name`, name, dnsLabel(name));
    if (byName.has(name)) errors.push(duplicate(`${at}.name`, name));
    if (errors.length === before) byName.set(name, volume);
  });
  if (podMeta !== undefined) forbidClaimNameConflicts(volumes, podMeta, path, errors);
  return byName;
}

/** Refuses disks that many pods cannot mount for writing, as a DaemonSet's pods would. */
export function requireReadOnlyDisks(value: unknown, path: string, errors: FieldErrors): void {
  fieldsList(value).forEach((volume, index) => {
    const disk = optionalFields(volume.gcePersistentDisk);
    if (disk === undefined || disk.readOnly === true) return;
    const rule =
      'must be true for replicated pods > 1; GCE PD can only be mounted on multiple machines if it is read-only';
    errors.push(invalid(`${path}[${index}].gcePersistentDisk.readOnly`, false, rule));
  });
}

function validateOneSource(volume: Fields, path: string, errors: FieldErrors): void {
  let sources = 0;
  for (const source of VOLUME_SOURCE_ORDER) {
    if (!isSet(volume[source])) continue;
    sources += 1;
    if (sources > 1) errors.push(forbidden(`${path}.${source}`, 'may not specify more than 1 volume type'));
    else validateVolumeSource(source, fieldsOf(volume[source]), `${path}.${source}`, errors);
  }
  if (sources === 0) errors.push(required(path, 'must specify a volume type'));
}

function forbidClaimNameConflicts(
  volumes: readonly Fields[],
  podMeta: ObjectMeta,
  path: string,
  errors: FieldErrors,
): void {
  const claims = new Set(
    volumes
      .map((volume) => textOf(fieldsOf(volume.persistentVolumeClaim).claimName))
      .filter((name) => name !== ''),
  );
  if (claims.size === 0) return;
  volumes.forEach((volume, index) => {
    if (!isSet(volume.ephemeral)) return;
    const claim = `${podMeta.name ?? ''}-${textOf(volume.name)}`;
    if (!claims.has(claim)) return;
    const problem = `conflicts with a PersistentVolumeClaim volume of the same claim name: ${claim}`;
    errors.push(invalid(`${path}[${index}].name`, textOf(volume.name), problem));
  });
}
