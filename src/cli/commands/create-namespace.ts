import type { CommandSpec } from '../command.ts';
import { createFlags, createObjects, onlyName } from '../create-object.ts';

/** `kdaemon create namespace`. */
export const namespaceCommand: CommandSpec = {
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name',
  description: 'Create a namespace with the specified name.',
  usage: 'kdaemon create namespace NAME [--dry-run=server|client|none] [options]',
  examples: ['# Create a namespace for the agents', 'kdaemon create namespace agents'],
  flags: createFlags,
  async run(invocation) {
    const metadata = { name: onlyName(invocation) };
    await createObjects(invocation, [{ apiVersion: 'v1', kind: 'Namespace', metadata }]);
  },
};
