import { addInvalid, type FieldErrors, invalid, tooLong } from '../field-error.ts';
import { byteLength } from '../go-text.ts';
import { type Fields, textMap } from '../json-fields.ts';
import type { KindRules } from '../kind-rules.ts';
import { configMapKey, dnsSubdomain } from '../name-rules.ts';
import { sortedKeys } from '../object-meta.ts';
import { decodedLength, MAX_DATA_SIZE, requireUnsealed } from './sealed-data.ts';

/** How an error names the object as a whole. */
const WHOLE_OBJECT = '[]';

/** v1 ConfigMap. */
export const configMapRules: KindRules = {
  nameRule: dnsSubdomain,
  create: validateConfigMap,
  update(next, previous, errors) {
    requireUnsealed(next, previous, ['data', 'binaryData'], errors);
    validateConfigMap(next, errors);
  },
};

function validateConfigMap(object: Fields, errors: FieldErrors): void {
  const data = textMap(object.data);
  const binary = textMap(object.binaryData);
  let size = 0;
  for (const key of sortedKeys(data)) {
    addInvalid(errors, `data[${key}]`, key, configMapKey(key));
    if (Object.hasOwn(binary, key))
      errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    size += byteLength(data[key] ?? '');
  }
  for (const key of sortedKeys(binary)) {
    addInvalid(errors, `binaryData[${key}]`, key, configMapKey(key));
    size += decodedLength(binary[key] ?? '');
  }
  if (size > MAX_DATA_SIZE) errors.push(tooLong(WHOLE_OBJECT, MAX_DATA_SIZE));
}
