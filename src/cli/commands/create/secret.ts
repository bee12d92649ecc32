import type { CommandSpec } from '../../command.ts';
import { onlyName } from '../../create-object.ts';
import { generatorCommand, namespacedMetadata } from '../../generator.ts';
import { keyedSourceFlags, keyedSources } from '../../keyed-sources.ts';

const genericCommand: CommandSpec = generatorCommand({
  name: 'generic',
  failing: 'failed to create secret ',
  path: 'kdaemon create secret',
  summary: 'Create a secret from a local file, directory, or literal value',
  usage: '[--type=string] [--from-file=[key=]source] [--from-literal=key1=value1]',
  examples: [
    '# Create a secret with two keys',
    'kdaemon create secret generic access --from-literal=user=ada --from-file=key=./id_rsa',
  ],
  flags: [
    ...keyedSourceFlags,
    { name: 'type', type: 'string', default: "''", usage: 'The type of secret to create.' },
  ],
  make(invocation) {
    const name = onlyName(invocation);
    const { flags, context } = invocation;
    const entries = [...keyedSources(flags, `Secret ${JSON.stringify(name)}`)];
    const data = Object.fromEntries(entries.map(([key, bytes]) => [key, bytes.toString('base64')]));
    const type = flags.string('type');
    return {
      apiVersion: 'v1',
      ...(entries.length === 0 ? {} : { data }),
      kind: 'Secret',
      metadata: namespacedMetadata(context, name),
      ...(type === '' ? {} : { type }),
    };
  },
});

/** `kdaemon create secret`. */
export const secretCommand: CommandSpec = {
  name: 'secret',
  summary: 'Create a secret',
  usage: 'kdaemon create secret generic NAME [options]',
  flags: [],
  subcommands: [genericCommand],
};
