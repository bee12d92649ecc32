import type { Json } from '../../../api/meta.ts';
import { isEmpty, isObject } from '../json-object.ts';
import { PatchError } from '../patch-error.ts';
import type { PatchSchema } from '../patch-schema.ts';
import { type FieldSet, fieldSet, LEAF } from './field-set.ts';
import { asList, asObject, granularity } from './granularity.ts';
import { fieldElement, itemElement, pathText } from './path-element.ts';

/**
 * The places that an applied configuration states, and that its manager so owns: every scalar, every atomic list or
 * object, every item of a keyed list, every entry of a map, and empty objects; not the structs and lists around them.
 *
 * @throws PatchError `InternalError` (as upstream) for fields that the schema does not declare, and for list items
 *   without their keys
 */
export function ownedFields(
  value: Json,
  schema: PatchSchema | undefined,
  path: readonly string[] = [],
): FieldSet {
  switch (granularity(schema, value)) {
    case 'object':
      return fieldSet(
        false,
        Object.entries(asObject(value)).map(([name, item]) => ownedField(name, item, schema, path)),
      );
    case 'items':
      return fieldSet(
        false,
        asList(value).map((item, index) => {
          const element = elementAt(item, index, schema, path);
          return [element, { ...ownedFields(item, schema?.items, [...path, element]), member: true }];
        }),
      );
    default:
      return LEAF;
  }
}

function ownedField(
  name: string,
  value: Json,
  parent: PatchSchema | undefined,
  path: readonly string[],
): readonly [string, FieldSet] {
  const element = fieldElement(name);
  const schema = parent?.field(name);
  if (parent !== undefined && schema === undefined) {
    throw new PatchError('InternalError', `${pathText([...path, element])}: field not declared in schema`);
  }
  const below = value === null ? LEAF : ownedFields(value, schema, [...path, element]);
  const whole = value === null || (isObject(value) && isEmpty(value)) || parent?.shape !== 'struct';
  return [element, whole ? { ...below, member: true } : below];
}

function elementAt(
  item: Json,
  index: number,
  schema: PatchSchema | undefined,
  path: readonly string[],
): string {
  if (schema === undefined) return `i:${index}`;
  try {
    return itemElement(item, schema);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new PatchError(error.reason, `${pathText(path)}: element ${index}: ${error.message}`);
  }
}
