import type { Client } from '../../api/client.ts';
import { hasReason } from '../../api/status.ts';
import { type Chosen, chosenNames, nothingFound, readChosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { attempt, fromManifests, manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { parseTargets } from '../resource-arguments.ts';
import { selectionFlags } from '../selection.ts';

/** `kdaemon describe`. */
export const command: CommandSpec = {
  name: 'describe',
  summary: 'Show details of a specific resource or group of resources',
  description:
    'Show details of a specific resource or group of resources.\n\n Prints what the objects say and what belongs to them: the pods of a node, the events of a pod. A name that does not exist is taken for the beginning of names:\n\n        $ kdaemon describe TYPE NAME_PREFIX\n\nEvents of several objects are shown only with --show-events.\n\nUse "kdaemon api-resources" for a complete list of supported resources.',
  examples: [
    '# A DaemonSet, with its events',
    'kdaemon describe daemonset fluentd-elasticsearch -n kube-system',
    '',
    '# The pods whose names begin with fluentd',
    'kdaemon describe pods fluentd -n kube-system',
    '',
    '# Pods by a label',
    'kdaemon describe pods -l name=fluentd-elasticsearch -n kube-system',
    '',
    '# All nodes',
    'kdaemon describe nodes',
    '',
    '# The objects that a manifest names',
    'kdaemon describe -f daemonset.yaml',
  ],
  usage: 'kdaemon describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags.map((flag) => (flag.name === 'field-selector' ? { ...flag, hidden: true } : flag)),
    {
      name: 'show-events',
      type: 'bool',
      default: 'true',
      usage:
        'If true, display the events of the object. Of several objects they are shown only when asked for.',
    },
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Taken for the sake of scripts; lists are always read at once.',
      hidden: true,
    },
  ],
  run: describe,
};

async function describe(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  if (args.length === 0 && !fromManifests(flags)) {
    throw new CommandError(
      'You must specify the type of resource to describe. Use "kdaemon api-resources" for a complete list of supported resources.',
    );
  }
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const names = await chosenNames(invocation, client, failures, { wholeTypes: true });
  const found = await readChosen(client, names, failures);
  const [missing, ...others] = failures;
  if (args.length === 2 && others.length === 0 && hasReason(missing, 'NotFound')) {
    const byPrefix = await namedLike(invocation, client);
    if (byPrefix.length === 0) throw missing;
    for (const text of await descriptions(invocation, client, byPrefix, [])) context.streams.out(`${text}\n`);
    return;
  }
  const texts = await descriptions(invocation, client, found, failures);
  context.streams.out(texts.join('\n\n'));
  if (found.length === 0 && failures.length === 0) context.streams.err(nothingFound(invocation));
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** Objects whose names begin with the name that was typed. */
async function namedLike({ args, context }: Invocation, client: Client): Promise<readonly Chosen[]> {
  const [types = '', prefix = ''] = args;
  const [target, another] = await parseTargets(client, [types]);
  if (another !== undefined) throw new CommandError('you may only specify a single resource type');
  if (target === undefined) return [];
  const { resource } = target;
  const namespace = resource.namespaced ? context.namespace : '';
  const { items } = await client.list(resource, { namespace });
  return items
    .map((object) => ({ resource, namespace, name: object.metadata.name ?? '', object }))
    .filter(({ name }) => name.startsWith(prefix));
}

async function descriptions(
  { flags, context }: Invocation,
  client: Client,
  chosen: readonly Chosen[],
  failures: (string | Error)[],
): Promise<readonly string[]> {
  const { describeObject } = await import('../describe/describe-object.ts');
  const showEvents = flags.bool('show-events') && (chosen.length === 1 || flags.given('show-events'));
  const options = { now: await context.now(), showEvents };
  const texts: string[] = [];
  for (const { object } of chosen) {
    await attempt(failures, async () => {
      texts.push(await describeObject(client, object, options));
    });
  }
  return texts;
}
