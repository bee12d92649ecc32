import type { CommandSpec, Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Flag } from '../../flags.ts';
import { send } from '../../manifest-objects.ts';
import { changePrinter, dryRunFlag, managedFieldsFlag, outputFlag } from '../../output.ts';
import { choiceFlags, forEachChosen } from './choose.ts';
import { rolledOut, subject } from './workload.ts';

/** Annotation whose change makes a new template. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** Flags of subcommands that change the object. */
export const changeFlags: readonly Flag[] = [
  ...choiceFlags,
  { ...dryRunFlag, hidden: true },
  outputFlag,
  managedFieldsFlag,
  {
    name: 'field-manager',
    type: 'string',
    default: 'kubectl-rollout',
    usage: 'Name of the manager used to track field ownership.',
  },
];

/** `kdaemon rollout restart`. */
export const restart: CommandSpec = {
  name: 'restart',
  summary: 'Restart a resource',
  description: 'Restart a resource.\n\n The pods are replaced one after another, as in any other rollout.',
  examples: [
    '# Restart a DaemonSet',
    'kdaemon rollout restart daemonset/fluentd-elasticsearch',
    '',
    '# Restart all DaemonSets with a label',
    'kdaemon rollout restart daemonset --selector=k8s-app=fluentd-logging',
  ],
  usage: 'kdaemon rollout restart RESOURCE [options]',
  flags: changeFlags,
  run: restartAll,
};

async function restartAll(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const printer = changePrinter(context.streams, flags);
  const client = await context.client();
  const restartedAt = localTime(await context.now());
  await forEachChosen(invocation, client, async (chosen) => {
    const workload = rolledOut(chosen);
    if (workload === undefined) throw new CommandError(`${subject(chosen)} restarting is not supported`);
    if (workload.kind === 'Deployment' && workload.object.spec.paused === true) {
      throw new CommandError(`${subject(chosen)} can't restart paused deployment (run rollout resume first)`);
    }
    const { resource, namespace, name } = chosen;
    if (workload.object.spec.template.metadata?.annotations?.[RESTARTED_AT] === restartedAt) {
      throw new CommandError(
        `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      );
    }
    const annotations = { [RESTARTED_AT]: restartedAt };
    const { object } = await send(client, context, {
      verb: 'patch',
      kind: resource,
      key: { namespace, name },
      patchType: 'strategic',
      patch: { spec: { template: { metadata: { annotations } } } },
      fieldManager: flags.string('field-manager'),
    });
    await printer.print(object, 'restarted');
  });
  await printer.end();
}

/** RFC 3339 in the machine's own zone, whole seconds, as kubectl writes it. */
function localTime(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const clock = new Date(ms + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${clock}Z`;
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${clock}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}
