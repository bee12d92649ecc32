import type { Json } from '../../api/meta.ts';
import { builtinType } from '../../registry/schema/builtin-types.ts';
import { badRequest } from '../../registry/status-errors.ts';
import { decodeMessage } from './decode-message.ts';
import { bytesOf, WireError, wireFields } from './wire.ts';

/** What every protobuf body of the API starts with. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

const DELETE_OPTIONS = 'meta/v1.DeleteOptions';

/**
 * Reads a protobuf body as the JSON of the same object. Built-in kinds only: custom resources have no protobuf form.
 * Throws 400 for bytes that are none.
 */
export function decodeProtobufBody(body: Buffer): Json {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  try {
    return decodeEnvelope(body.subarray(MAGIC.length));
  } catch (error) {
    if (error instanceof WireError || error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
}

/** A runtime.Unknown: the type of the object (1) and its message (2). */
function decodeEnvelope(bytes: Buffer): Json {
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of wireFields(bytes)) {
    if (number === 2) raw = bytesOf(value);
    if (number !== 1) continue;
    for (const field of wireFields(bytesOf(value))) {
      if (field.number === 1) apiVersion = bytesOf(field.value).toString('utf8');
      if (field.number === 2) kind = bytesOf(field.value).toString('utf8');
    }
  }
  const object = decodeMessage(structNameOf(apiVersion, kind), raw);
  return { apiVersion, kind, ...(object as { readonly [field: string]: Json }) }; // a struct's message is an object
}

function structNameOf(apiVersion: string, kind: string): string {
  // Every group knows these options under its own versions.
  if (kind === 'DeleteOptions') return DELETE_OPTIONS;
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const name = builtinType({ group, version, kind })?.structName;
  if (name === undefined) {
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
    );
  }
  return name;
}
