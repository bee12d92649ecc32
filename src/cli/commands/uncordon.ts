import type { CommandSpec } from '../command.ts';
import { cordonNodes, nodeSelectorFlag } from '../node-arguments.ts';
import { dryRunFlag } from '../output.ts';

/** `kdaemon uncordon`. */
export const command: CommandSpec = {
  name: 'uncordon',
  summary: 'Mark node as schedulable',
  examples: ['# Mark a node as schedulable', 'kdaemon uncordon worker-1'],
  usage: 'kdaemon uncordon NODE [options]',
  flags: [nodeSelectorFlag, dryRunFlag],
  run: (invocation) => cordonNodes(invocation, false),
};
