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
  if (nestsTooDeeply(body)) throw badRequest(`json: exceeded max depth of ${MAX_DEPTH}`);
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: json parse error: ${messageOf(error)}`);
  }
}

/** Lists and objects within each other: as many as in files, and few enough for all that walks through an object. */
const MAX_DEPTH = 1000;

function nestsTooDeeply(text: string): boolean {
  if (text.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth++;
      if (depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function parseYamlBody(body: string): Json {
  try {
    return loadYaml(body).value;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error converting YAML to JSON: ${error.message}`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
