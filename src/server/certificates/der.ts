/** Writes ASN.1 in DER, as far as X.509 certificates need it. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

/** SEQUENCE. */
export const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
/** SET of one element. */
export const set = (element: Buffer): Buffer => tagged(0x31, element);
/** BOOLEAN true. */
export const isTrue: Buffer = tagged(0x01, Buffer.from([0xff]));
/** OCTET STRING. */
export const octets = (content: Buffer): Buffer => tagged(0x04, content);
/** BIT STRING; the last `unused` bits of the content do not count. */
export const bits = (content: Buffer, unused = 0): Buffer => tagged(0x03, Buffer.from([unused]), content);
/** UTF8String. */
export const text = (content: string): Buffer => tagged(0x0c, Buffer.from(content, 'utf8'));
/** A context-specific, constructed value around others: `[n] EXPLICIT`. */
export const explicit = (number: number, ...parts: readonly Buffer[]): Buffer =>
  tagged(0xa0 + number, ...parts);
/** A context-specific, primitive value: `[n] IMPLICIT`. */
export const implicit = (number: number, content: Buffer): Buffer => tagged(0x80 + number, content);

/** INTEGER, from bytes of a number that is not negative. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Buffer.from([0]) : bytes.subarray(first);
  return tagged(0x02, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest.flatMap(base128)];
  return tagged(0x06, Buffer.from(bytes));
}

function base128(number: number): readonly number[] {
  const digits = [number & 0x7f];
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

/** Time, in milliseconds since the epoch: UTCTime up to 2049, GeneralizedTime after. */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}
