import type { CommandSpec, Invocation } from '../../command.ts';
import { onlyName } from '../../create-object.ts';
import { CommandError, misuse } from '../../errors.ts';
import type { Flag } from '../../flags.ts';
import { generatorCommand, namespacedMetadata } from '../../generator.ts';

/** `kdaemon create deployment`. */
export const deploymentCommand: CommandSpec = generatorCommand({
  name: 'deployment',
  failing: 'failed to create deployment: ',
  aliases: ['deploy'],
  summary: 'Create a deployment with the specified name',
  usage: '--image=image -- [COMMAND] [args...]',
  examples: ['# Create a deployment of two pods', 'kdaemon create deployment web --image=nginx --replicas=2'],
  flags: [
    { name: 'image', type: 'strings', default: '[]', usage: 'Image names to run, one container for each.' },
    { name: 'replicas', short: 'r', type: 'int', default: '1', usage: 'How many pods to create.' },
    { name: 'port', type: 'int', default: '-1', usage: 'The port that the first container exposes.' },
  ],
  make(invocation) {
    const { flags, context } = invocation;
    const { name, command } = nameAndCommand(invocation);
    const images = flags.strings('image');
    if (images.length === 0) throw new CommandError('required flag(s) "image" not set');
    if (images.length > 1 && command.length > 0) {
      throw new CommandError('cannot specify multiple --image options and command');
    }
    const port = flags.int('port');
    const containers = images.map((image, index) => ({
      ...container(containerName(image), image, command),
      ...(port >= 0 && index === 0 ? { ports: [{ containerPort: port }] } : {}),
    }));
    const labels = { app: name };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels, ...namespacedMetadata(context, name) },
      spec: {
        replicas: flags.int('replicas'),
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { labels }, spec: { containers } },
      },
      status: {},
    };
  },
});

const imageFlag: Flag = { name: 'image', type: 'string', default: "''", usage: 'Image name to run.' };

/** `kdaemon create job`. */
export const jobCommand: CommandSpec = generatorCommand({
  name: 'job',
  failing: 'failed to create job: ',
  summary: 'Create a job with the specified name',
  usage: '--image=image -- [COMMAND] [args...]',
  examples: ['# Create a job with a command', 'kdaemon create job today --image=busybox -- date'],
  flags: [imageFlag],
  make(invocation) {
    const { flags, context } = invocation;
    const { name, command } = nameAndCommand(invocation);
    const image = flags.string('image');
    if (image === '') throw new CommandError('either --image or --from must be specified');
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: namespacedMetadata(context, name),
      spec: { template: podTemplate(container(name, image, command), 'Never') },
      status: {},
    };
  },
});

/** `kdaemon create cronjob`. */
export const cronJobCommand: CommandSpec = generatorCommand({
  name: 'cronjob',
  failing: 'failed to create cronjob: ',
  aliases: ['cj'],
  summary: 'Create a cron job with the specified name',
  usage: "--image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  examples: [
    '# Create a cron job that runs each minute',
    'kdaemon create cronjob tick --image=busybox --schedule="*/1 * * * *" -- date',
  ],
  flags: [
    imageFlag,
    { name: 'schedule', type: 'string', default: "''", usage: 'When to run the job, in the cron format.' },
    {
      name: 'restart',
      type: 'string',
      default: "''",
      usage: "The pods' restart policy: OnFailure or Never.",
    },
  ],
  make(invocation) {
    const { flags, context } = invocation;
    const { name, command } = nameAndCommand(invocation);
    for (const required of ['image', 'schedule']) {
      if (!flags.given(required)) throw new CommandError(`required flag(s) "${required}" not set`);
    }
    const pod = podTemplate(
      container(name, flags.string('image'), command),
      flags.string('restart') || 'OnFailure',
    );
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: namespacedMetadata(context, name),
      spec: {
        jobTemplate: { metadata: { name }, spec: { template: pod } },
        schedule: flags.string('schedule'),
      },
      status: {},
    };
  },
});

/** The first argument is the name; what follows `--` is the container's command. */
function nameAndCommand(invocation: Invocation): {
  readonly name: string;
  readonly command: readonly string[];
} {
  const [name, ...command] = invocation.args;
  if (name === undefined) return { name: onlyName(invocation), command };
  if (name.startsWith('-')) throw misuse(invocation.commandPath, 'exactly one NAME is required, got 0');
  return { name, command };
}

/** `a/busybox:1` runs in a container `busybox`. */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/[:@].*$/s, '');
}

function container(name: string, image: string, command: readonly string[]): object {
  return { ...(command.length === 0 ? {} : { command }), image, name, resources: {} };
}

function podTemplate(only: object, restartPolicy: string): object {
  return { metadata: {}, spec: { containers: [only], restartPolicy } };
}
