import { isUtf8 } from 'node:buffer';
import type { CommandSpec } from '../command.ts';
import { onlyName } from '../create-object.ts';
import { generatorCommand, namespacedMetadata } from '../generator.ts';
import { keyedSourceFlags, keyedSources } from '../keyed-sources.ts';

/** `kdaemon create configmap`. */
export const configMapCommand: CommandSpec = generatorCommand({
  name: 'configmap',
  failing: 'failed to create configmap: ',
  aliases: ['cm'],
  summary: 'Create a config map from a local file, directory or literal value',
  description:
    'Create a config map based on a file, directory, or specified literal value.\n\n The key of a file is its name unless another one is given. Of a directory, the files in it are taken.',
  usage: '[--from-file=[key=]source] [--from-literal=key1=value1]',
  examples: [
    '# Create a config map with one key for each file in the folder conf',
    'kdaemon create configmap agent --from-file=conf',
    '',
    '# Create a config map with two keys',
    'kdaemon create configmap agent --from-literal=level=debug --from-file=rules=./rules.txt',
  ],
  flags: keyedSourceFlags,
  make(invocation) {
    const name = onlyName(invocation);
    const entries = [...keyedSources(invocation.flags, `ConfigMap ${JSON.stringify(name)}`)];
    const texts = entries.filter(([, bytes]) => isUtf8(bytes));
    const binaries = entries.filter(([, bytes]) => !isUtf8(bytes));
    return {
      apiVersion: 'v1',
      ...member('binaryData', binaries, 'base64'),
      ...member('data', texts, 'utf8'),
      kind: 'ConfigMap',
      metadata: namespacedMetadata(invocation.context, name),
    };
  },
});

function member(
  field: string,
  entries: readonly (readonly [string, Buffer])[],
  encoding: 'base64' | 'utf8',
): object {
  if (entries.length === 0) return {};
  return { [field]: Object.fromEntries(entries.map(([key, bytes]) => [key, bytes.toString(encoding)])) };
}
