import type { Client } from '../../api/client.ts';
import type { Event } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import { EVENT } from '../../api/well-known.ts';
import { pause } from '../../runtime/pause.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { managedFieldsFlag, type ObjectWriter, objectWriter, outputFlag } from '../output.ts';
import { alignRows, plainCell, withoutEscapes } from '../printers/table-text.ts';
import { parseTargets } from '../resource-arguments.ts';
import { selectionFlags } from '../selection.ts';
import { stopSignal } from '../stop-signal.ts';

/** `kdaemon events`. */
export const command: CommandSpec = {
  name: 'events',
  summary: 'List events',
  description:
    'Display events.\n\n Prints a table of what happened, the newest last: in a namespace, in all namespaces, or to one resource.',
  examples: [
    '# The events of a namespace',
    'kdaemon events -n kube-system',
    '',
    '# What happened to a DaemonSet, and what happens from now on',
    'kdaemon events --for daemonset/fluentd-elasticsearch -n kube-system --watch',
    '',
    '# Only the warnings of all namespaces',
    'kdaemon events --types=Warning --all-namespaces',
  ],
  usage:
    'kdaemon events [(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]',
  flags: [
    ...selectionFlags.filter(({ name }) => name === 'all-namespaces'),
    { name: 'for', type: 'string', default: "''", usage: 'Only the events of this resource, as TYPE/NAME.' },
    { name: 'types', type: 'strings', default: '[]', usage: 'Only the events of these types.' },
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'false',
      usage: 'After the events so far, wait for more of them.',
    },
    {
      name: 'no-headers',
      type: 'bool',
      default: 'false',
      usage: "When printing a table, don't print headers.",
    },
    outputFlag,
    managedFieldsFlag,
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Taken for the sake of scripts; lists are always read at once.',
      hidden: true,
    },
  ],
  run: events,
};

async function events(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const writer = objectWriter(context.streams, flags);
  const types = flags.strings('types').map((type) => type.toLowerCase());
  if (types.some((type) => type !== 'normal' && type !== 'warning')) {
    throw new CommandError('valid --types are Normal or Warning');
  }
  const client = await context.client();
  const about = await involved(client, flags.string('for'));
  const namespace = flags.bool('all-namespaces') ? '' : context.namespace;
  const isWanted = (event: Event): boolean =>
    (namespace === '' || event.metadata.namespace === namespace) &&
    (types.length === 0 || types.includes((event.type ?? '').toLowerCase())) &&
    (about === undefined ||
      (event.involvedObject.kind === about.kind && event.involvedObject.name === about.name));
  const { items, resourceVersion } = await client.list(EVENT, { namespace });
  const found = items.filter(isWanted);
  if (flags.bool('watch')) {
    for (const event of found) await printOne(invocation, event, event === found[0], writer);
    await follow(invocation, client, resourceVersion, isWanted, found.length === 0, writer);
    return;
  }
  if (found.length === 0) {
    context.streams.err(
      namespace === '' ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`,
    );
    return;
  }
  await printAll(
    invocation,
    found.sort((a, b) => lastTime(a) - lastTime(b)),
    writer,
  );
}

/** What `--for` names; undefined for everything. Throws CommandError, or PlainError as kubectl prints it. */
async function involved(
  client: Client,
  typed: string,
): Promise<{ readonly kind: string; readonly name: string } | undefined> {
  if (typed === '') return undefined;
  if (!typed.includes('/')) throw new CommandError('--for must be in resource/name form');
  try {
    const [target] = await parseTargets(client, [typed]);
    return target === undefined ? undefined : { kind: target.resource.kind, name: target.name ?? '' };
  } catch (error) {
    // kubectl leaves its usual prefix out here.
    if (error instanceof CommandError) throw new PlainError(error.message);
    throw error;
  }
}

/** Events of a later kind, which say when they came last in a field of their own. */
interface Repeated {
  readonly series?: { readonly lastObservedTime?: string };
}

function lastTime(event: Event & Repeated): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return Date.parse(time ?? '') || 0;
}

async function printAll(
  { flags, context }: Invocation,
  found: readonly Event[],
  writer: ObjectWriter | undefined,
): Promise<void> {
  if (writer !== undefined) {
    await writer.writeList({ apiVersion: 'v1', kind: 'EventList', metadata: {} }, found);
    return;
  }
  const rows = await rowsOf({ flags, context }, found);
  const head = flags.bool('no-headers') ? [] : [headOf(flags.bool('all-namespaces'))];
  context.streams.out(alignRows([...head, ...rows]));
}

/** One event of a watch; the first brings the headings. */
async function printOne(
  invocation: Invocation,
  event: Event,
  isFirst: boolean,
  writer: ObjectWriter | undefined,
): Promise<void> {
  if (writer !== undefined) {
    await writer.write(event);
    return;
  }
  const { flags, context } = invocation;
  const rows = await rowsOf(invocation, [event]);
  const withHead = isFirst && !flags.bool('no-headers');
  context.streams.out(alignRows(withHead ? [headOf(flags.bool('all-namespaces')), ...rows] : rows));
}

const headOf = (withNamespace: boolean): readonly string[] => [
  ...(withNamespace ? ['NAMESPACE'] : []),
  'LAST SEEN',
  'TYPE',
  'REASON',
  'OBJECT',
  'MESSAGE',
];

async function rowsOf(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  found: readonly Event[],
): Promise<readonly (readonly string[])[]> {
  const { eventInterval } = await import('../describe/event-lines.ts');
  const now = await context.now();
  return found.map((event) => {
    const { kind = '', name = '' } = event.involvedObject;
    return [
      ...(flags.bool('all-namespaces') ? [event.metadata.namespace ?? ''] : []),
      eventInterval(event, now),
      event.type ?? '',
      event.reason ?? '',
      `${kind}/${name}`,
      plainCell(withoutEscapes((event.message ?? '').trim())),
    ].map(withoutEscapes);
  });
}

/** Prints events as they come, whichever process they come from, until SIGINT or SIGTERM. */
async function follow(
  invocation: Invocation,
  client: Client,
  from: string,
  isWanted: (event: Event) => boolean,
  isEmpty: boolean,
  writer: ObjectWriter | undefined,
): Promise<void> {
  const stop = stopSignal();
  let [after, isFirst] = [from, isEmpty];
  try {
    while (!stop.signal.aborted) {
      const batch = await client.changes(after);
      after = batch.resourceVersion;
      for (const { type, object } of batch.events) {
        if (type === 'DELETED' || !isEvent(object) || !isWanted(object)) continue;
        await printOne(invocation, object, isFirst, writer);
        isFirst = false;
      }
      if (!batch.more) await pause(100);
    }
  } finally {
    stop.forget();
  }
}

const isEvent = (object: KubeObject): object is Event =>
  object.kind === 'Event' && object.apiVersion === 'v1';
