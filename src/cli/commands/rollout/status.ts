import type { Client } from '../../../api/client.ts';
import type { KubeObject } from '../../../api/meta.ts';
import {
  deploymentRolloutStatus,
  statefulSetRolloutStatus,
} from '../../../domain/rollout/replicated-status.ts';
import { type RolloutStatus, rolloutStatus } from '../../../domain/rollout/status.ts';
import type { Chosen } from '../../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { followObject } from '../../follow-object.ts';
import { hintAtReconciler } from '../../reconciler-hint.ts';
import { choiceFlags, forEachChosen } from './choose.ts';
import { rolledOut } from './workload.ts';

/** `kdaemon rollout status`. */
export const status: CommandSpec = {
  name: 'status',
  summary: 'Show the status of the rollout',
  description:
    "Show the status of the rollout.\n\n Watches the rollout until it's done, also over further changes that come in between. With --watch=false the status is printed once.",
  examples: ['# Watch the rollout of a DaemonSet', 'kdaemon rollout status daemonset/fluentd-elasticsearch'],
  usage: 'kdaemon rollout status (TYPE NAME | TYPE/NAME) [flags] [options]',
  flags: [
    ...choiceFlags,
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'true',
      usage: "Watch the status of the rollout until it's done.",
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '0s',
      usage: 'How long to watch; 0 is as long as it takes. Other values have a unit (1s, 2m, 3h).',
    },
    {
      name: 'revision',
      type: 'int',
      default: '0',
      usage: 'Only for Deployments: end with an error when another revision takes over.',
    },
  ],
  run: showStatus,
};

async function showStatus(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const revision = flags.int('revision');
  if (revision < 0) throw new CommandError(`revision must be a positive integer: ${revision}`);
  const client = await context.client();
  await forEachChosen(invocation, client, async (chosen) => {
    statusOf(chosen, revision);
    await watchOne(invocation, client, chosen);
  });
}

async function watchOne({ flags, context }: Invocation, client: Client, chosen: Chosen): Promise<void> {
  const { resource, namespace, name } = chosen;
  const show = (object: KubeObject): boolean => {
    const found = statusOf({ ...chosen, object }, flags.int('revision'));
    context.streams.out(`${found.text}\n`);
    return found.done;
  };
  if (!flags.bool('watch')) {
    show(chosen.object);
    return;
  }
  let hinted = false;
  const timeout = flags.duration('timeout');
  const changes = followObject(client, resource, { namespace, name }, { clock: context.clock, timeout });
  for await (const change of changes) {
    if (change === 'deleted') throw new CommandError('object has been deleted');
    if (change === 'timeout') throw new CommandError('timed out waiting for the condition');
    if (show(change)) return;
    if (!hinted) await hintAtReconciler(client, context);
    hinted = true;
  }
}

/** What is to be said of a rollout. Throws CommandError for objects that have none. */
function statusOf(chosen: Chosen, revision: number): { readonly done: boolean; readonly text: string } {
  const found = statusOfKind(chosen, revision);
  if ('error' in found) throw new CommandError(found.error);
  return found;
}

function statusOfKind(chosen: Chosen, revision: number): RolloutStatus {
  const { resource } = chosen;
  const workload = rolledOut(chosen);
  switch (workload?.kind) {
    case 'DaemonSet':
      return rolloutStatus(workload.object);
    case 'StatefulSet':
      return statefulSetRolloutStatus(workload.object);
    case 'Deployment': {
      const own = Number(workload.object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
      if (revision > 0 && own !== revision) {
        return { error: `desired revision (${revision}) is different from the running revision (${own})` };
      }
      return deploymentRolloutStatus(workload.object);
    }
    default: {
      const group = resource.group === '' ? '' : `.${resource.group}`;
      return { error: `no status viewer has been implemented for ${resource.kind}${group}` };
    }
  }
}
