import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KubeObject } from '../../api/meta.ts';
import type { CommandSpec } from '../command.ts';
import { createFlags, createObjects, onlyName } from '../create-object.ts';
import { CommandError } from '../errors.ts';
import { goReason } from '../manifests/go-reason.ts';

/** `kdaemon create configmap`. */
export const configMapCommand: CommandSpec = {
  name: 'configmap',
  aliases: ['cm'],
  summary: 'Create a config map from a local file, directory or literal value',
  description:
    'Create a config map based on a file, directory, or specified literal value.\n\n The key of a file is its name unless another one is given. Of a directory, the files in it are taken.',
  usage:
    'kdaemon create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]',
  examples: [
    '# Create a config map with one key for each file in the folder conf',
    'kdaemon create configmap agent --from-file=conf',
    '',
    '# Create a config map with two keys',
    'kdaemon create configmap agent --from-literal=level=debug --from-file=rules=./rules.txt',
  ],
  flags: [
    ...createFlags,
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
      usage: 'Specify a key and literal value to insert in config map (i.e. mykey=somevalue)',
    },
  ],
  async run(invocation) {
    const { flags, context } = invocation;
    const name = onlyName(invocation);
    const entries = new Map<string, Content>();
    const put = (key: string, content: Content): void => {
      if (entries.has(key)) {
        throw new CommandError(
          `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
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
      put(key, { in: 'data', value });
    }
    const object: KubeObject = {
      apiVersion: 'v1',
      ...member('binaryData', entries),
      ...member('data', entries),
      kind: 'ConfigMap',
      metadata: { name, namespace: context.namespace },
    };
    await createObjects(invocation, [object]);
  },
};

/** A value and where it goes: text as it is, anything else in base64. */
interface Content {
  readonly in: 'data' | 'binaryData';
  readonly value: string;
}

function member(field: Content['in'], entries: ReadonlyMap<string, Content>): object {
  const own = [...entries].filter(([, content]) => content.in === field);
  return own.length === 0 ? {} : { [field]: Object.fromEntries(own.map(([key, { value }]) => [key, value])) };
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

function contentOf(path: string): Content {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new CommandError(`error reading ${path}: ${goReason(error)}`);
  }
  return isUtf8(bytes)
    ? { in: 'data', value: bytes.toString('utf8') }
    : { in: 'binaryData', value: bytes.toString('base64') };
}
