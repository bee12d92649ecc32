import { addInvalid, type FieldErrors, invalid, required, tooLong } from '../field-error.ts';
import { type Fields, fieldsOf, textMap, textOf } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { configMapKey, dnsSubdomain } from '../name-rules.ts';
import { requireImmutable, sortedKeys } from '../object-meta.ts';
import { decodedLength, MAX_DATA_SIZE, requireUnsealed } from './sealed-data.ts';

const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';

/** v1 Secret. Contents never show in errors. */
export const secretRules: KindRules = {
  nameRule: dnsSubdomain,
  create: validateSecret,
  update(next, previous, errors) {
    requireImmutable(textOf(next.type), textOf(previous.type), 'type', errors);
    requireUnsealed(next, previous, ['data'], errors);
    validateSecret(next, errors);
  },
};

function validateSecret(secret: Fields, errors: FieldErrors): void {
  const data = textMap(secret.data);
  let size = 0;
  for (const key of sortedKeys(data)) {
    addInvalid(errors, `data[${key}]`, key, configMapKey(key));
    size += decodedLength(data[key] ?? '');
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong('data', MAX_DATA_SIZE));
  switch (textOf(secret.type)) {
    case 'kubernetes.io/service-account-token': {
      const annotations = textMap(fieldsOf(secret.metadata).annotations);
      if ((annotations[ACCOUNT_ANNOTATION] ?? '') === '') {
        errors.push(required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`));
      }
      break;
    }
    case 'kubernetes.io/dockercfg':
      requireJson(data, '.dockercfg', errors);
      break;
    case 'kubernetes.io/dockerconfigjson':
      requireJson(data, '.dockerconfigjson', errors);
      break;
    case 'kubernetes.io/basic-auth':
      if (data.username === undefined && data.password === undefined) {
        errors.push(required('data[username]'), required('data[password]'));
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if ((data['ssh-privatekey'] ?? '') === '') errors.push(required('data[ssh-privatekey]'));
      break;
    case 'kubernetes.io/tls':
      for (const key of ['tls.crt', 'tls.key']) {
        if (data[key] === undefined) errors.push(required(`data[${key}]`));
      }
      break;
  }
}

function requireJson(data: Readonly<Record<string, string>>, key: string, errors: FieldErrors): void {
  const content = data[key];
  if (content === undefined) errors.push(required(`data[${key}]`));
  else if (!isJson(Buffer.from(content, 'base64').toString())) {
    errors.push(invalid(`data[${key}]`, '<secret contents redacted>', 'invalid JSON'));
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
