import type { CommandSpec, Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { send } from '../../manifest-objects.ts';
import { changePrinter } from '../../output.ts';
import { forEachChosen } from './choose.ts';
import { changeFlags } from './restart.ts';
import { rolledOut, subject } from './workload.ts';

/** `kdaemon rollout pause`. */
export const pause: CommandSpec = {
  name: 'pause',
  summary: 'Mark the provided resource as paused',
  description:
    'Mark the provided resource as paused.\n\n Only Deployments have the field for it, and kdaemon runs no controller for them.',
  examples: ['# Pause a Deployment', 'kdaemon rollout pause deployment/nginx'],
  usage: 'kdaemon rollout pause RESOURCE [options]',
  flags: changeFlags,
  run: (invocation) => setPaused(invocation, true),
};

/** `kdaemon rollout resume`. */
export const resume: CommandSpec = {
  name: 'resume',
  summary: 'Resume a paused resource',
  description: 'Resume a paused resource.\n\n Only Deployments can be paused.',
  examples: ['# Resume a paused Deployment', 'kdaemon rollout resume deployment/nginx'],
  usage: 'kdaemon rollout resume RESOURCE [options]',
  flags: changeFlags,
  run: (invocation) => setPaused(invocation, false),
};

async function setPaused(invocation: Invocation, paused: boolean): Promise<void> {
  const { flags, context } = invocation;
  const printer = changePrinter(context.streams, flags);
  const client = await context.client();
  await forEachChosen(invocation, client, async (chosen) => {
    const workload = rolledOut(chosen);
    if (workload?.kind !== 'Deployment') {
      throw new CommandError(`${subject(chosen)} ${paused ? 'pausing' : 'resuming'} is not supported`);
    }
    if ((workload.object.spec.paused ?? false) === paused) {
      throw new CommandError(`${subject(chosen)} is ${paused ? 'already' : 'not'} paused`);
    }
    const { resource, namespace, name } = chosen;
    const { object } = await send(client, context, {
      verb: 'patch',
      kind: resource,
      key: { namespace, name },
      patchType: 'strategic',
      patch: { spec: { paused: paused ? true : null } },
      fieldManager: flags.string('field-manager'),
    });
    await printer.print(object, paused ? 'paused' : 'resumed');
  });
  await printer.end();
}
