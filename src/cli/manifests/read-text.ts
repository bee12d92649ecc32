import { readFile } from 'node:fs/promises';
import { YamlError } from '../../domain/yaml/yaml-error.ts';
import { CommandError } from '../errors.ts';
import { goReason } from './go-reason.ts';

/** No text of JavaScript can be longer. */
const MAX_BYTES = 512 * 1024 * 1024 - 1024;

/**
 * Reads a file as text: UTF-8, or UTF-16 with a byte order mark. Throws CommandError when it cannot be read, YamlError
 * when it is no text.
 */
export async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new CommandError(`open ${path}: ${goReason(error)}`);
  }
  if (bytes.length > MAX_BYTES) {
    throw new CommandError(`${path} has ${bytes.length} bytes; a file may have at most ${MAX_BYTES}`);
  }
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new YamlError('error converting YAML to JSON: yaml: invalid leading UTF-8 octet');
  }
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
