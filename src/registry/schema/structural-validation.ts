import { deepEqual } from '../../domain/deep-equal.ts';
import { MatchTooLong } from '../../domain/go-regexp/match.ts';
import {
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
import { checkLists } from './unique-items.ts';
import { valueIdentity } from './value-identity.ts';

/**
 * Holds a custom resource to its schema. Errors are in the API server's words; their order, which the server leaves
 * to chance, is that of the object's fields. Rules in CEL (`x-kubernetes-validations`) are not evaluated.
 */
export function validateStructure(object: JsonObject, schema: StructuralSchema): FieldErrors {
  const errors: FieldErrors = [];
  check(object, schema, '', errors);
  const distinct = withoutRepetition(errors);
  checkLists(object, schema, '', distinct);
  return distinct;
}

/** What several parts of a schema find alike is said once. */
function withoutRepetition(errors: FieldErrors): FieldErrors {
  return [
    ...new Map(errors.map((error) => [valueIdentity(error), error] as const).reverse()).values(),
  ].reverse();
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

/** Formats of numbers, by the type that they belong to. */
const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The schema's format, where it is one of its type's. */
function formatOf({ type = '', format = '' }: StructuralSchema): string {
  const known = type === 'string' ? isStringFormat(format) : NUMBER_FORMATS[type]?.includes(format) === true;
  return known ? format : '';
}

function checkType(value: unknown, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const wanted =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const actual = jsonType(value);
  if (wanted.length === 0 || wanted.includes(actual)) return;
  if (actual === 'integer' && wanted.includes('number')) return;
  const format = formatOf(schema);
  let [expected, given] = [wanted.join(','), actual];
  if (format !== '' && actual === 'array') {
    // Upstream lets lists pass for strings with a format.
    if (schema.type === 'string') return;
  } else if (format !== '' && actual !== 'string' && actual !== 'null') {
    // With a format upstream compares formats, and only numbers have one, by Go's name for them.
    expected = format;
    given = actual === 'integer' ? 'int64' : actual === 'number' ? 'float64' : '';
  }
  errors.push(
    typeInvalid(path, given, `${path} in body must be of type ${expected}: ${JSON.stringify(given)}`),
  );
}

const INT32 = 2 ** 31;

function checkNumber(value: number, schema: StructuralSchema, path: string, errors: FieldErrors): void {
  const { type, format } = schema;
  const [multipleOf, minimum, maximum] = [schema.multipleOf, schema.minimum, schema.maximum].map((limit) =>
    comparable(limit, value),
  );
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

/** Upstream compares whole numbers with the whole part of a limit. */
function comparable(limit: number | undefined, value: number): number | undefined {
  return limit !== undefined && Number.isInteger(value) ? Math.trunc(limit) || limit : limit;
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
    const bytes = maxLength === 1 ? 'byte' : 'bytes';
    errors.push({ type: 'TooLong', field: path, detail: `may not be more than ${maxLength} ${bytes}` });
  } else if (minLength !== undefined && [...value].length < minLength) {
    errors.push(invalid(path, value, `${path} in body should be at least ${minLength} chars long`));
  } else if (pattern !== undefined) checkPattern(value, pattern, path, errors);
  if (!hasFormat(value, format)) {
    errors.push(
      typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`),
    );
  }
}

/** A text that is too long for its pattern is refused: upstream's server would search in it for minutes. */
function checkPattern(value: string, pattern: string, path: string, errors: FieldErrors): void {
  let matches: boolean | undefined;
  try {
    matches = goPattern(pattern)?.test(value);
  } catch (error) {
    if (!(error instanceof MatchTooLong)) throw error;
    errors.push(invalid(path, value, `${path} in body cannot be held to its pattern: ${error.message}`));
    return;
  }
  if (matches === false) errors.push(invalid(path, value, `${path} in body should match '${pattern}'`));
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
  if (schema.uniqueItems === true && new Set(list.map(valueIdentity)).size < list.length) {
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
    for (const error of found.flat()) errors.push(error);
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
