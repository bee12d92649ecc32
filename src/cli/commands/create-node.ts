import type { Node, Taint } from '../../api/core.ts';
import type { CommandSpec } from '../command.ts';
import { createFlags, createObjects, onlyName } from '../create-object.ts';
import { CommandError } from '../errors.ts';

/** What a simulated node is made of. Quantities in the API's form. */
export interface NodeShape {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
}

/** A Linux node of this shape; a simulated kubelet reports it Ready at the next reconcile. */
export function simulatedNode(name: string, { labels, taints, cpu, memory, pods }: NodeShape): Node {
  const resources = { cpu, memory, pods };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...labels,
      },
    },
    ...(taints.length === 0 ? {} : { spec: { taints } }),
    status: { allocatable: resources, capacity: resources },
  };
}

function labelsOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new CommandError(`invalid label spec: ${text}`);
      return [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

function taintOf(text: string): Taint {
  const match = /^([^=:]+)(?:=([^:]*))?:([^:]+)$/.exec(text);
  if (match === null) throw new CommandError(`invalid taint spec: ${text}`);
  const [, key = '', value, effect = ''] = match;
  if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)) {
    throw new CommandError(`invalid taint effect: ${effect}, unsupported taint effect`);
  }
  return { key, ...(value === undefined || value === '' ? {} : { value }), effect };
}

/** `kdaemon create node`. */
export const createNode: CommandSpec = {
  name: 'node',
  aliases: ['no'],
  summary: 'Create simulated nodes',
  description:
    'Create simulated nodes.\n\n A node gets the labels kubernetes.io/arch, kubernetes.io/hostname and kubernetes.io/os, and becomes Ready at the next reconcile. With --count N there are N of them, and the names are NAME-1 to NAME-N, whatever NAME ends in.',
  examples: [
    '# Create one node with an SSD',
    'kdaemon create node worker-4 --label disk=ssd --cpu 8 --memory 32Gi',
    '',
    '# Create 100 tainted nodes, gpu-1 to gpu-100',
    'kdaemon create node gpu --count 100 --taint gpu=true:NoSchedule',
  ],
  usage: 'kdaemon create node NAME [--label key=value] [--taint key=value:Effect] [--count N] [options]',
  flags: [
    ...createFlags,
    {
      name: 'label',
      short: 'l',
      type: 'strings',
      default: '[]',
      usage: 'A label (key=value); may be repeated.',
    },
    {
      name: 'taint',
      type: 'strings',
      default: '[]',
      usage: 'A taint (key=value:Effect or key:Effect); may be repeated.',
    },
    { name: 'cpu', type: 'string', default: '4', usage: 'Processors of a node.' },
    { name: 'memory', type: 'string', default: '8Gi', usage: 'Memory of a node.' },
    { name: 'pods', type: 'string', default: '110', usage: 'How many pods a node may run.' },
    {
      name: 'count',
      type: 'int',
      default: '1',
      usage: 'How many nodes to create; when given, a number follows the name.',
    },
  ],
  async run(invocation) {
    const { flags } = invocation;
    const name = onlyName(invocation);
    const count = flags.int('count');
    if (count < 1) throw new CommandError('--count must be at least 1');
    const shape: NodeShape = {
      labels: labelsOf(flags.strings('label')),
      taints: flags.strings('taint').map(taintOf),
      cpu: flags.string('cpu'),
      memory: flags.string('memory'),
      pods: flags.string('pods'),
    };
    const names = flags.given('count')
      ? Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
      : [name];
    await createObjects(
      invocation,
      names.map((one) => simulatedNode(one, shape)),
    );
  },
};
