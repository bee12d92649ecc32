import { type FieldErrors, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts';
import { type Fields, fieldsList, fieldsOf, isSet, textOf } from '../json-fields.ts';
import { forbidBacksteps, validateDescendingPath } from './file-paths.ts';
import type { VolumesByName } from './volumes.ts';

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];
const RECURSIVE_READ_ONLY = ['Disabled', 'IfPossible', 'Enabled'];

/** Checks a container's `volumeMounts`. Some errors are reported at the list rather than its item, as upstream does. */
export function validateVolumeMounts(
  container: Fields,
  volumes: VolumesByName,
  path: string,
  errors: FieldErrors,
): void {
  const devices = fieldsList(container.volumeDevices);
  const targets = new Set<string>();
  fieldsList(container.volumeMounts).forEach((mount, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(mount.name);
    const target = textOf(mount.mountPath);
    if (name === '') errors.push(required(`${at}.name`));
    if (!volumes.has(name)) errors.push(notFound(`${at}.name`, name));
    if (target === '') errors.push(required(`${at}.mountPath`));
    if (targets.has(target)) errors.push(invalid(`${at}.mountPath`, target, 'must be unique'));
    targets.add(target);
    if (devices.some((device) => textOf(device.name) === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((device) => textOf(device.devicePath) === target)) {
      errors.push(invalid(`${at}.mountPath`, target, 'must not already exist as a path in volumeDevices'));
    }
    validateSubPaths(mount, at, path, errors);
    if (isSet(mount.mountPropagation)) {
      validatePropagation(textOf(mount.mountPropagation), container, `${path}.mountPropagation`, errors);
    }
    if (isSet(mount.recursiveReadOnly)) validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`, errors);
  });
}

/** Checks a container's `volumeDevices`. */
export function validateVolumeDevices(
  container: Fields,
  volumes: VolumesByName,
  path: string,
  errors: FieldErrors,
): void {
  const mounts = fieldsList(container.volumeMounts);
  const names = new Set<string>();
  const targets = new Set<string>();
  fieldsList(container.volumeDevices).forEach((device, index) => {
    const at = `${path}[${index}]`;
    const name = textOf(device.name);
    const target = textOf(device.devicePath);
    if (name === '') errors.push(required(`${at}.name`));
    if (names.has(name)) errors.push(invalid(`${at}.name`, name, 'must be unique'));
    const volume = volumes.get(name);
    if (volume === undefined) errors.push(notFound(`${at}.name`, name));
    else if (!isSet(volume.persistentVolumeClaim) && !isSet(volume.ephemeral)) {
      const problem = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      errors.push(invalid(`${at}.name`, name, problem));
    }
    if (target === '') errors.push(required(`${at}.devicePath`));
    if (targets.has(target)) errors.push(invalid(`${at}.devicePath`, target, 'must be unique'));
    if (target.split('/').includes('..')) {
      errors.push(invalid(`${at}.devicePath`, target, "can not contain backsteps ('..')"));
    } else targets.add(target);
    if (mounts.some((mount) => textOf(mount.name) === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((mount) => textOf(mount.mountPath) === target)) {
      errors.push(invalid(`${at}.devicePath`, target, 'must not already exist as a path in volumeMounts'));
    }
    if (name !== '') names.add(name);
  });
}

function validateSubPaths(mount: Fields, path: string, listPath: string, errors: FieldErrors): void {
  const subPath = textOf(mount.subPath);
  const expression = textOf(mount.subPathExpr);
  if (subPath !== '') validateDescendingPath(subPath, `${listPath}.subPath`, errors);
  if (expression === '') return;
  if (subPath !== '') {
    errors.push(invalid(`${path}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
  }
  if (expression.startsWith('/')) {
    errors.push(invalid(`${listPath}.subPathExpr`, expression, 'must be a relative path'));
  }
  forbidBacksteps(expression, `${listPath}.subPathExpr`, errors);
}

function validatePropagation(
  propagation: string,
  container: Fields,
  path: string,
  errors: FieldErrors,
): void {
  if (!PROPAGATIONS.includes(propagation)) errors.push(notSupported(path, propagation, PROPAGATIONS));
  const privileged = fieldsOf(container.securityContext).privileged === true;
  if (propagation === 'Bidirectional' && !privileged) {
    errors.push(
      forbidden(path, 'Bidirectional mount propagation is available only to privileged containers'),
    );
  }
}

function validateRecursiveReadOnly(mount: Fields, path: string, errors: FieldErrors): void {
  const mode = textOf(mount.recursiveReadOnly);
  if (!RECURSIVE_READ_ONLY.includes(mode)) {
    errors.push(notSupported(path, mode, RECURSIVE_READ_ONLY));
    return;
  }
  if (mode === 'Disabled') return;
  if (mount.readOnly !== true) errors.push(forbidden(path, 'may only be specified when readOnly is true'));
  const propagation = textOf(mount.mountPropagation);
  if (propagation !== '' && propagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'));
  }
}
