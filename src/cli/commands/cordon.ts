import type { CommandSpec } from '../command.ts';
import { attempt } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { chosenNodes, cordonNode, nodeSelectorFlag } from '../node-arguments.ts';
import { dryRunFlag, dryRunOf } from '../output.ts';

/** `kdaemon cordon`. */
export const command: CommandSpec = {
  name: 'cordon',
  summary: 'Mark node as unschedulable',
  examples: ['# Mark a node as unschedulable', 'kdaemon cordon worker-1'],
  usage: 'kdaemon cordon NODE [options]',
  flags: [nodeSelectorFlag, dryRunFlag],
  async run(invocation) {
    dryRunOf(invocation.flags);
    const client = await invocation.context.client();
    const failures: (string | Error)[] = [];
    for (const chosen of await chosenNodes(invocation, client)) {
      await attempt(failures, () => cordonNode(invocation, client, chosen, true));
    }
    const failure = failureOf(failures);
    if (failure !== undefined) throw failure;
  },
};
