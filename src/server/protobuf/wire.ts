/** Bytes that are no protobuf. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/** The value of a field as it comes over the wire. */
export type WireValue = bigint | Buffer;

/** A field: its number, and its value; fixed-size numbers come as their bytes. */
export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

/** Reads the fields of a message one after another. Throws WireError. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = Number(varint(bytes, cursor));
    const number = Math.floor(tag / 8);
    yield { number, value: readValue(tag % 8, bytes, cursor) };
  }
}

function readValue(wireType: number, bytes: Buffer, cursor: { at: number }): WireValue {
  switch (wireType) {
    case 0:
      return varint(bytes, cursor);
    case 1:
      return take(bytes, cursor, 8);
    case 2:
      return take(bytes, cursor, Number(varint(bytes, cursor)));
    case 5:
      return take(bytes, cursor, 4);
    default:
      throw new WireError(`proto: illegal wireType ${wireType}`);
  }
}

function varint(bytes: Buffer, cursor: { at: number }): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new WireError('unexpected EOF');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new WireError('proto: integer overflow');
}

function take(bytes: Buffer, cursor: { at: number }, length: number): Buffer {
  const end = cursor.at + length;
  if (end > bytes.length) throw new WireError('unexpected EOF');
  const taken = bytes.subarray(cursor.at, end);
  cursor.at = end;
  return taken;
}

/** The bytes of a field that has to be a message, a text or raw bytes. */
export function bytesOf(value: WireValue): Buffer {
  if (typeof value === 'bigint') throw new WireError('proto: wrong wireType');
  return value;
}

/** The number of a field that has to be a varint, read as a signed 64-bit one. */
export function integerOf(value: WireValue): number {
  if (typeof value !== 'bigint') throw new WireError('proto: wrong wireType');
  return Number(BigInt.asIntN(64, value));
}
