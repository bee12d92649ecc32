import type { CommandSpec } from '../command.ts';
import { cordonNodes, nodeSelectorFlag } from '../node-arguments.ts';
import { dryRunFlag } from '../output.ts';

/** `kdaemon cordon`. */
export const command: CommandSpec = {
  name: 'cordon',
  summary: 'Mark node as unschedulable',
  examples: ['# Mark a node as unschedulable', 'kdaemon cordon worker-1'],
  usage: 'kdaemon cordon NODE [options]',
  flags: [nodeSelectorFlag, dryRunFlag],
  run: (invocation) => cordonNodes(invocation, true),
};
