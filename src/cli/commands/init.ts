import type { Node } from '../../api/core.ts';
import { NODE } from '../../api/well-known.ts';
import type { CommandSpec } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import { accepted } from '../manifest-objects.ts';
import { simulatedNode } from './create-node.ts';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** The nodes of a sample cluster: `cp-1` … with the control plane's label and taint, then `worker-1` …. */
function sampleNodes(workers: number, controlPlanes: number): readonly Node[] {
  const size = { cpu: '4', memory: '8Gi', pods: '110' };
  const numbered = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
  return [
    ...numbered('cp', controlPlanes).map((name) =>
      simulatedNode(name, {
        ...size,
        labels: { [CONTROL_PLANE]: '' },
        taints: [{ key: CONTROL_PLANE, effect: 'NoSchedule' }],
      }),
    ),
    ...numbered('worker', workers).map((name) => simulatedNode(name, { ...size, labels: {}, taints: [] })),
  ];
}

/** `kdaemon init`. */
export const command: CommandSpec = {
  name: 'init',
  summary: 'Create the nodes of a sample cluster',
  description:
    'Create the nodes of a sample cluster: control-plane nodes cp-1 … with their usual taint, and workers worker-1 ….\n\n Nodes that exist already stay as they are.',
  examples: [
    '# One control-plane node and three workers',
    'kdaemon init',
    '',
    '# A larger one',
    'kdaemon init --nodes 50 --control-planes 3',
  ],
  usage: 'kdaemon init [--nodes N] [--control-planes N] [options]',
  flags: [
    { name: 'nodes', type: 'int', default: '3', usage: 'How many workers.' },
    { name: 'control-planes', type: 'int', default: '1', usage: 'How many control-plane nodes.' },
  ],
  async run({ flags, args, context, commandPath }) {
    if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
    if (flags.int('nodes') < 0 || flags.int('control-planes') < 0) {
      throw new CommandError('--nodes and --control-planes must not be negative');
    }
    const client = await context.client();
    const nodes = sampleNodes(flags.int('nodes'), flags.int('control-planes'));
    const outcomes = await client.commit(
      nodes.map((object) => ({ verb: 'create', kind: NODE, namespace: '', object })),
    );
    for (const [at, outcome] of outcomes.entries()) {
      const exists = !outcome.ok && outcome.error.reason === 'AlreadyExists';
      if (!exists) accepted(context, outcome);
      context.streams.out(`node/${nodes[at]?.metadata.name ?? ''} ${exists ? 'unchanged' : 'created'}\n`);
    }
  },
};
