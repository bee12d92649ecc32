import { open } from 'node:fs/promises';
import { YamlError } from '../../domain/yaml/yaml-error.ts';
import { inputTooLong, MAX_INPUT_BYTES, readToEnd } from '../bounded-input.ts';
import { CommandError } from '../errors.ts';
import { goReason } from './go-reason.ts';

/**
 * Reads a file as text: UTF-8, or UTF-16 with a byte order mark. Throws CommandError when it cannot be read, YamlError
 * when it is no text.
 */
export async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readBytes(path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`open ${path}: ${goReason(error)}`);
  }
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new YamlError('error converting YAML to JSON: yaml: invalid leading UTF-8 octet');
  }
}

/** Pipes and devices are read as they come: they have no size, and perhaps no end. */
async function readBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const status = await file.stat();
    if (!status.isFile()) return await readToEnd(file.createReadStream({ autoClose: false }), path);
    if (status.size > MAX_INPUT_BYTES) throw inputTooLong(path);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
