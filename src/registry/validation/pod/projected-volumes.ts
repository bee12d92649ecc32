import { addInvalid, type FieldErrors, forbidden, invalid, notSupported, required } from '../field-error.ts';
import {
  type Fields,
  fieldsList,
  isSet,
  numberOf,
  optionalFields,
  optionalNumber,
  textOf,
} from '../json-fields.ts';
import { isEmptySelector, labelSelectorOf, validateLabelSelector } from '../label-selector.ts';
import { dnsSubdomain, qualifiedName } from '../name-rules.ts';
import { validateDownwardFile } from './downward-api.ts';
import { validateFileMode, validateKeyToPath, validateProjectedPath } from './file-paths.ts';

const CERTIFICATE_KEY_TYPES = ['ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519', 'RSA3072', 'RSA4096'];

/** Checks a projected volume. Paths of tokens are reported at the volume, as upstream does. */
export function validateProjectedVolume(volume: Fields, path: string, errors: FieldErrors): void {
  validateFileMode(volume.defaultMode, `${path}.defaultMode`, errors);
  const paths = new Set<string>();
  fieldsList(volume.sources).forEach((source, index) => {
    const at = `${path}.sources[${index}]`;
    let count = 0;
    for (const kind of ['secret', 'configMap'] as const) {
      const files = optionalFields(source[kind]);
      if (files === undefined) continue;
      count += 1;
      validateNamedFiles(files, `${at}.${kind}`, path, paths, errors);
    }
    const downward = optionalFields(source.downwardAPI);
    if (downward !== undefined) {
      count += 1;
      fieldsList(downward.items).forEach((file) => {
        validateDownwardFile(file, `${at}.downwardAPI`, errors);
        claimPath(textOf(file.path), textOf(file.path), path, paths, errors);
      });
    }
    const token = optionalFields(source.serviceAccountToken);
    if (token !== undefined) {
      count += 1;
      validateToken(token, `${at}.serviceAccountToken`, path, errors);
    }
    const bundle = optionalFields(source.clusterTrustBundle);
    if (bundle !== undefined) {
      count += 1;
      validateTrustBundle(bundle, `${at}.clusterTrustBundle`, path, paths, errors);
    }
    const certificate = optionalFields(source.podCertificate);
    if (certificate !== undefined) {
      count += 1;
      validateCertificate(certificate, `${at}.podCertificate`, errors);
    }
    if (count > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type'));
  });
}

function validateNamedFiles(
  files: Fields,
  path: string,
  volumePath: string,
  paths: Set<string>,
  errors: FieldErrors,
): void {
  const name = textOf(files.name);
  if (name === '') errors.push(required(`${path}.name`));
  fieldsList(files.items).forEach((item, index) => {
    validateKeyToPath(item, `${path}.items[${index}]`, errors);
    claimPath(textOf(item.path), name, volumePath, paths, errors);
  });
}

function claimPath(
  target: string,
  shown: string,
  path: string,
  paths: Set<string>,
  errors: FieldErrors,
): void {
  if (target === '') return;
  if (paths.has(target)) errors.push(invalid(path, shown, 'conflicting duplicate paths'));
  paths.add(target);
}

function validateToken(token: Fields, path: string, volumePath: string, errors: FieldErrors): void {
  const seconds = numberOf(token.expirationSeconds);
  if (seconds < 600) {
    errors.push(
      invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'),
    );
  }
  if (seconds > 2 ** 32) {
    errors.push(
      invalid(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'),
    );
  }
  const target = textOf(token.path);
  if (target === '') errors.push(required(`${volumePath}.path`));
  else validateProjectedPath(target, `${volumePath}.path`, errors);
}

function validateTrustBundle(
  bundle: Fields,
  path: string,
  volumePath: string,
  paths: Set<string>,
  errors: FieldErrors,
): void {
  const name = textOf(bundle.name);
  const signer = textOf(bundle.signerName);
  const selector = labelSelectorOf(bundle.labelSelector);
  if (isSet(bundle.name) && isSet(bundle.signerName)) {
    errors.push(invalid(path, '', 'only one of name and signerName may be used'));
  } else if (isSet(bundle.name)) {
    if (name === '') errors.push(required(`${path}.name`, 'must be a valid object name'));
    else addInvalid(errors, `${path}.name`, name, dnsSubdomain(name));
    if (selector !== undefined) {
      errors.push(invalid(`${path}.labelSelector`, '', 'labelSelector must be unset if name is specified'));
    }
  } else if (isSet(bundle.signerName)) {
    if (signer === '') errors.push(required(`${path}.signerName`, 'must be a valid signer name'));
    if (selector !== undefined && !isEmptySelector(selector)) {
      validateLabelSelector(selector, `${path}.labelSelector`, errors);
    }
  } else errors.push(required(path, 'either name or signerName must be specified'));
  const target = textOf(bundle.path);
  if (target === '') errors.push(required(`${path}.path`));
  else validateProjectedPath(target, `${path}.path`, errors);
  claimPath(target, target, volumePath, paths, errors);
}

function validateCertificate(certificate: Fields, path: string, errors: FieldErrors): void {
  const signer = textOf(certificate.signerName);
  if (signer === '') errors.push(required(`${path}.signerName`));
  else addInvalid(errors, `${path}.signerName`, signer, qualifiedName(signer));
  const keyType = textOf(certificate.keyType);
  if (!CERTIFICATE_KEY_TYPES.includes(keyType)) {
    errors.push(notSupported(`${path}.keyType`, keyType, CERTIFICATE_KEY_TYPES));
  }
  const seconds = optionalNumber(certificate.maxExpirationSeconds);
  if (seconds !== undefined && (seconds < 3600 || seconds > 7862400)) {
    const problem = 'if provided, maxExpirationSeconds must be >= 3600 and <= 7862400';
    errors.push(invalid(`${path}.maxExpirationSeconds`, seconds, problem));
  }
  const targets = ['credentialBundlePath', 'keyPath', 'certificateChainPath'];
  for (const name of targets) {
    const target = textOf(certificate[name]);
    if (target !== '') validateProjectedPath(target, `${path}.${name}`, errors);
  }
  if (targets.every((name) => textOf(certificate[name]) === '')) {
    errors.push(
      required(path, 'must specify at least one of credentialBundlePath, keyPath, or certificateChainPath'),
    );
  }
}
