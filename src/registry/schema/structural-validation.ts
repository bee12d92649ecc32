import { deepEqual } from '../../domain/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  type FieldErrors,
  invalid,
  notSupported,
  required,
  tooMany,
  typeInvalid,
} from '../validation/field-error.ts';
import { goPattern } from './go-pattern.ts';
import { hasFormat, isStringFormat } from './string-formats.ts';
import {
  fieldSchemaOf,
  isObject,
  type JsonObject,
  joined,
  type StructuralSchema,
} from './structural-schema.ts';

/**
 * Holds a custom resource to its schema. Errors are in the API server's words; their order, which the server leaves
 * to chance, is that of the object's fields. Rules in CEL (`x-kubernetes-validations`) are not evaluated.
 */
export function validateStructure(object: JsonObject, schema: StructuralSchema): FieldErrors {
  const errors: FieldErrors = [];
  check(object, schema, '', errors);
  checkLists(object, schema, '', errors);
  return errors;
}

/** An error about a whole, for which upstream has no field. */
function unplaced(detail: string): FieldError {
  return invalid('<nil>', '', detail);
}

function check(value: unknown, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  if (value === null && schema.nullable === true) {
    checkEnum(value, schema, path, errors);
    return;
  }
  checkType(value, schema, path, errors);
  checkCombinations(value, schema, path, errors);
  if (typeof value === 'string') checkString(value, schema, path, errors);
  else if (typeof value === 'number') checkNumber(value, schema, path, errors);
  else if (Array.isArray(value)) checkArray(value, schema, path, errors);
  checkEnum(value, schema, path, errors);
  if (isObject(value)) checkObject(value, schema, path, errors);
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const NUMBER_FORMATS: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double']);

function checkType(value: unknown, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const actual = jsonType(value);
  if (wanted.length === 0 || wanted.includes(actual)) return;
  if (actual === 'integer' && wanted.includes('number')) return;
  let [expected, given] = [wanted.join(','), actual];
  // With a format, upstream compares formats, and names those of Go.
  const { format = '' } = schema;
  if (
    (typeof value === 'number' || typeof value === 'boolean') &&
    (NUMBER_FORMATS.has(format) || isStringFormat(format))
  ) {
    expected = format;
    given = actual === 'boolean' ? '' : actual === 'integer' ? 'int64' : 'float64';
  }
  errors.push(
    typeInvalid(path, given, `${path} in body must be of type ${expected}: ${JSON.stringify(given)}`),
  );
}

const INT32 = 2 ** 31;

function checkNumber(value: number, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const { type, format, multipleOf, minimum, maximum } = schema;
  const report = (detail: string) => errors.push(invalid(path, value, `${path} in body should be ${detail}`));
  if (type === 'integer') {
    const fits = Number.isInteger(value) && (format !== 'int32' || (value < INT32 && value >= -INT32));
    const form = format === 'int32' || format === 'int64' ? `with format ${format}` : '(default format)';
    if (!fits) errors.push(unplaced(`Checked value must be of type integer ${form} in ${path}`));
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf))
    report(`a multiple of ${goNumber(multipleOf)}`);
  if (minimum !== undefined) {
    if (schema.exclusiveMinimum === true && value <= minimum) report(`greater than ${goNumber(minimum)}`);
    else if (value < minimum) report(`greater than or equal to ${goNumber(minimum)}`);
  }
  if (maximum !== undefined) {
    if (schema.exclusiveMaximum === true && value >= maximum) report(`less than ${goNumber(maximum)}`);
    else if (value > maximum) report(`less than or equal to ${goNumber(maximum)}`);
  }
}

function isMultiple(value: number, factor: number): boolean {
  return Number.isInteger(value / factor);
}

/** As Go's %v writes a float: exponents from 1e+21 on, and below 1e-4. */
function goNumber(value: number): string {
  const text = Math.abs(value) < 1e-4 && value !== 0 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The first of a string's rules that it breaks, and its format. */
function checkString(value: string, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const { minLength, maxLength, pattern, format = '' } = schema;
  if (maxLength !== undefined && [...value].length > maxLength) {
    errors.push({ type: 'TooLong', field: path, detail: `may not be more than ${maxLength} bytes` });
  } else if (minLength !== undefined && [...value].length < minLength) {
    errors.push(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  } else if (pattern !== undefined && goPattern(pattern)?.test(value) === false) {
    errors.push(invalid(path, value, `${path} in body should match '${pattern}'`));
  }
  if (!hasFormat(value, format)) {
    errors.push(
      typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`),
    );
  }
}

function checkArray(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  errors: FieldErrors,
): void {
  const { items, minItems, maxItems } = schema;
  if (items !== undefined)
    for (const [index, item] of list.entries()) check(item, items, `${path}[${index}]`, errors);
  if (minItems !== undefined && list.length < minItems) {
    errors.push(invalid(path, list.length, `${path} in body should have at least ${minItems} items`));
  }
  if (maxItems !== undefined && list.length > maxItems) errors.push(tooMany(path, list.length, maxItems));
  if (
    schema.uniqueItems === true &&
    list.some((item, index) => list.slice(0, index).some((one) => deepEqual(one, item)))
  ) {
    errors.push(invalid(path, '', `${path} in body shouldn't contain duplicates`));
  }
}

function checkObject(object: JsonObject, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(object).length;
  if (minProperties !== undefined && count < minProperties) {
    errors.push(invalid(path, count, `${path} in body should have at least ${minProperties} properties`));
  }
  if (maxProperties !== undefined && count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(object, name)) errors.push(required(joined(path, name)));
  }
  for (const [name, value] of Object.entries(object)) {
    const field = fieldSchemaOf(schema, name);
    if (field !== undefined) check(value, field, joined(path, name), errors);
  }
}

function checkEnum(value: unknown, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const allowed = schema.enum;
  if (allowed === undefined || allowed.some((one) => deepEqual(one, value))) return;
  errors.push(
    notSupported(
      path,
      value,
      allowed.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    ),
  );
}

function errorsOf(value: unknown, schema: StructuralSchema, path: string): FieldErrors {
  const errors: FieldErrors = [];
  check(value, schema, path, errors);
  return errors;
}

function checkCombinations(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  errors: FieldErrors,
): void {
  const quoted = JSON.stringify(path);
  const outcomes = (schemas: readonly StructuralSchema[]) => schemas.map((one) => errorsOf(value, one, path));
  if (schema.anyOf !== undefined) {
    const found = outcomes(schema.anyOf);
    if (found.every(({ length }) => length > 0)) {
      errors.push(unplaced(`${quoted} must validate at least one schema (anyOf)`), ...(found[0] ?? []));
    }
  }
  if (schema.oneOf !== undefined) {
    const found = outcomes(schema.oneOf);
    const valid = found.filter(({ length }) => length === 0).length;
    const rule = `${quoted} must validate one and only one schema (oneOf).`;
    if (valid === 0) errors.push(unplaced(`${rule} Found none valid`), ...(found[0] ?? []));
    else if (valid > 1) errors.push(unplaced(`${rule} Found ${valid} valid alternatives`));
  }
  if (schema.allOf !== undefined) {
    const found = outcomes(schema.allOf);
    const valid = found.filter(({ length }) => length === 0).length;
    errors.push(...found.flat());
    if (valid < found.length) {
      errors.push(
        unplaced(`${quoted} must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`),
      );
    }
  }
  if (schema.not !== undefined && errorsOf(value, schema.not, path).length === 0) {
    errors.push(unplaced(`${quoted} must not validate the schema (not)`));
  }
}

/** Lists that are sets, or maps by some of their items' fields, hold nothing twice. */
function checkLists(
  value: unknown,
  schema: StructuralSchema | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    checkUnique(value, schema, path, errors);
    for (const [index, item] of value.entries()) checkLists(item, schema.items, `${path}[${index}]`, errors);
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      checkLists(inner, fieldSchemaOf(schema, name), joined(path, name), errors);
    }
  }
}

function checkUnique(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  errors: FieldErrors,
): void {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identities = list.map((item) => (listType === 'set' ? item : keyOf(item, keys)));
  const reported: unknown[] = [];
  for (const [index, identity] of identities.entries()) {
    const seen = identities.slice(0, index).some((one) => deepEqual(one, identity));
    if (!seen || reported.some((one) => deepEqual(one, identity))) continue;
    reported.push(identity);
    errors.push(duplicate(`${path}[${index}]`, identity));
  }
}

function keyOf(item: unknown, keys: readonly string[]): unknown {
  if (!isObject(item)) return item;
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]));
}
