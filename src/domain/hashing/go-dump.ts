import type { PodTemplateSpec } from '../../api/core.ts';
import { quantityFromJson } from '../quantity.ts';
import { POD_TEMPLATE_GO_TYPES } from './pod-template-go-types.generated.ts';

/**
 * Prints a pod template as Go's deep-printing library does with `%#v`, sorted keys and without addresses: the text that
 * upstream hashes. Every field of the Go struct appears, set or not, in the struct's order and with its type.
 */
export function dumpPodTemplate(template: PodTemplateSpec): string {
  return dumpTyped('v1.PodTemplateSpec', template);
}

/** [Go field, JSON field ('' is inlined), Go type]. */
type Field = readonly [name: string, json: string, type: string];

interface GoTypes {
  /** What a named type is made of: `string`, `map[K]V`, … */
  readonly kinds: Readonly<Record<string, string>>;
  readonly structs: Readonly<Record<string, readonly Field[]>>;
}

let parsedTypes: GoTypes | undefined;

function goTypes(): GoTypes {
  parsedTypes ??= JSON.parse(POD_TEMPLATE_GO_TYPES) as GoTypes; // our own generated text
  return parsedTypes;
}

function dumpTyped(type: string, value: unknown): string {
  return `(${type})${dump(type, value)}`;
}

/** The value without its type; undefined and null are the type's zero value. */
function dump(type: string, value: unknown): string {
  const own = OWN_DUMPS[type];
  if (own !== undefined) return own(value ?? undefined);
  const fields = goTypes().structs[type];
  if (fields !== undefined) return dumpStruct(fields, asRecord(value));
  if (type.startsWith('*')) return isAbsent(value) ? '<nil>' : dump(type.slice(1), value);
  if (type.startsWith('[]')) return isAbsent(value) ? '<nil>' : dumpSlice(type.slice(2), value);
  if (type.startsWith('map[')) return isAbsent(value) ? '<nil>' : dumpMap(type, asRecord(value));
  const kind = goTypes().kinds[type];
  return kind === undefined ? dumpScalar(type, value) : dump(kind, value);
}

function dumpStruct(fields: readonly Field[], value: Readonly<Record<string, unknown>>): string {
  const parts = fields.map(([name, json, type]) => {
    const member = json === '' ? value : value[json];
    return `${name}:${dumpTyped(type, member)}`;
  });
  return `{${parts.join(' ')}}`;
}

function dumpSlice(elementType: string, value: unknown): string {
  const elements = Array.isArray(value) ? value : [];
  return `[${elements.map((element) => dump(elementType, element)).join(' ')}]`;
}

function dumpMap(type: string, value: Readonly<Record<string, unknown>>): string {
  const elementType = type.slice(type.indexOf(']') + 1);
  const keys = Object.keys(value).sort(byCodePoint);
  return `map[${keys.map((key) => `${key}:${dump(elementType, value[key])}`).join(' ')}]`;
}

function dumpScalar(type: string, value: unknown): string {
  if (!isAbsent(value)) return String(value);
  return type === 'string' ? '' : type === 'bool' ? 'false' : '0';
}

/** Types whose Go fields are not their JSON fields. */
const OWN_DUMPS: Readonly<Record<string, (value: unknown) => string>> = {
  'resource.Quantity': dumpQuantity,
  'intstr.IntOrString': dumpIntOrString,
  'v1.Time': dumpTime,
  'v1.FieldsV1': dumpFieldsV1,
};

function dumpQuantity(value: unknown): string {
  const quantity = value === undefined ? undefined : quantityFromJson(value);
  const scaled = quantity?.arbitrary === false ? quantity : { unscaled: 0n, scale: 0 };
  const integer = `(resource.int64Amount){value:(int64)${scaled.unscaled} scale:(resource.Scale)${scaled.scale}}`;
  const decimal = quantity?.arbitrary ? dumpDecimal(quantity.unscaled, quantity.scale) : '<nil>';
  const format = quantity?.format ?? '';
  const text = quantity?.text ?? '';
  return `{i:${integer} d:(resource.infDecAmount){Dec:(*inf.Dec)${decimal}} s:(string)${text} Format:(resource.Format)${format}}`;
}

function dumpDecimal(unscaled: bigint, scale: number): string {
  const words: bigint[] = [];
  for (let rest = unscaled < 0n ? -unscaled : unscaled; rest > 0n; rest >>= 64n)
    words.push(BigInt.asUintN(64, rest));
  const digits = words.length === 0 ? '<nil>' : `[${words.join(' ')}]`;
  return `{unscaled:(big.Int){neg:(bool)${unscaled < 0n} abs:(big.nat)${digits}} scale:(inf.Scale)${-scale}}`;
}

function dumpIntOrString(value: unknown): string {
  const isText = typeof value === 'string';
  return `{Type:(intstr.Type)${isText ? 1 : 0} IntVal:(int32)${isText ? 0 : String(value ?? 0)} StrVal:(string)${isText ? value : ''}}`;
}

/** Seconds from Go's first day, 1 January of year 1, to 1970. */
const GO_EPOCH_SECONDS = 62_135_596_800;

/** A time as a process whose local zone is UTC holds it after decoding. */
function dumpTime(value: unknown): string {
  if (typeof value !== 'string')
    return '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';
  const seconds = Math.floor(Date.parse(value) / 1000) + GO_EPOCH_SECONDS;
  const nanoseconds = Number((/\.(\d{1,9})/.exec(value)?.[1] ?? '').padEnd(9, '0'));
  const zone =
    '{name:(string) zone:([]time.zone)<nil> tx:([]time.zoneTrans)<nil> extend:(string) cacheStart:(int64)0 cacheEnd:(int64)0 cacheZone:(*time.zone)<nil>}';
  return `{Time:(time.Time){wall:(uint64)${nanoseconds} ext:(int64)${seconds} loc:(*time.Location)${zone}}}`;
}

/** Bytes of the JSON text, one number each. */
function dumpFieldsV1(value: unknown): string {
  const bytes = isAbsent(value) ? undefined : new TextEncoder().encode(JSON.stringify(value));
  return `{Raw:([]uint8)${bytes === undefined ? '<nil>' : `[${bytes.join(' ')}]`}}`;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The order of Go's strings (by UTF-8 bytes), which is the order of code points. */
function byCodePoint(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
