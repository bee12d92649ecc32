import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CommandError } from './errors.ts';
import type { Flag, FlagValues } from './flags.ts';
import { goReason } from './manifests/go-reason.ts';

/** Flags of commands that fill an object with keys and values. */
export const keyedSourceFlags: readonly Flag[] = [
  {
    name: 'from-file',
    type: 'strings',
    default: '[]',
    usage: 'A file whose name, or the key before it (key=file), becomes the key; or a directory of files.',
  },
  {
    name: 'from-literal',
    type: 'repeated',
    default: '[]',
    usage: 'A key and its literal value (i.e. mykey=somevalue)',
  },
];

/**
 * The keys and values that the flags name. `owner` is how errors call the object: `ConfigMap "agent"`. Throws
 * CommandError, in kubectl's words, for what can't be read, and for a key that comes twice.
 */
export function keyedSources(flags: FlagValues, owner: string): ReadonlyMap<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const put = (key: string, content: Buffer): void => {
    if (entries.has(key)) {
      throw new CommandError(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ${owner}`,
      );
    }
    entries.set(key, content);
  };
  for (const source of flags.strings('from-file')) {
    for (const { key, path } of filesOf(source)) put(key, contentOf(path));
  }
  for (const literal of flags.strings('from-literal')) {
    const [key, value] = keyAndRest(literal);
    if (key === undefined || key === '') {
      throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    }
    put(key, Buffer.from(value));
  }
  return entries;
}

/** What stands before the first `=`, and what behind; without one, only the latter. */
function keyAndRest(text: string): readonly [key: string | undefined, rest: string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [undefined, text] : [text.slice(0, equals), text.slice(equals + 1)];
}

function filesOf(source: string): readonly { readonly key: string; readonly path: string }[] {
  const [key, path] = keyAndRest(source);
  if (key === '') throw new CommandError(`key name for file path ${path} missing`);
  if (path === '') throw new CommandError(`file path for key name ${key ?? ''} missing`);
  try {
    if (!statSync(path).isDirectory()) return [{ key: key ?? basename(path), path }];
    if (key !== undefined) throw new CommandError('cannot give a key name for a directory path');
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({ key: entry.name, path: join(path, entry.name) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`error reading ${path}: ${goReason(error)}`);
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CommandError(`error reading ${path}: ${goReason(error)}`);
  }
}
