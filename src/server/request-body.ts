import type { Json } from '../api/meta.ts';
import { loadYaml } from '../domain/yaml/load.ts';
import { YamlError } from '../domain/yaml/yaml-error.ts';
import { badRequest } from '../registry/status-errors.ts';
import { bodyFormat } from './media-types.ts';
import { decodeProtobufBody } from './protobuf/decode-body.ts';

/** Reads a body in the format that its content type says. Throws 400 when it is not, 415 for formats that nobody reads. */
export function readBody(body: Buffer, contentType: string | undefined): Json {
  return parseBody(body, bodyFormat(contentType));
}

/** Reads a body in this format; an empty one is an empty object. Throws 400. */
export function parseBody(bytes: Buffer, format: 'json' | 'yaml' | 'protobuf'): Json {
  if (format === 'protobuf') return bytes.length === 0 ? {} : decodeProtobufBody(bytes);
  const body = bytes.toString('utf8');
  if (body.trim() === '') return {};
  if (format === 'yaml') return parseYamlBody(body);
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: json parse error: ${messageOf(error)}`);
  }
}

function parseYamlBody(body: string): Json {
  try {
    return loadYaml(body).value;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error converting YAML to JSON: ${error.message}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
