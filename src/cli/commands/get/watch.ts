import type { Client, ResourceInfo, WatchEvent } from '../../../api/client.ts';
import type { Json, KubeObject } from '../../../api/meta.ts';
import { readSelection } from '../../../registry/selection.ts';
import { pause } from '../../../runtime/pause.ts';
import { kindAt } from '../../../server/served-kinds.ts';
import { seenAs } from '../../../server/watch-stream.ts';
import type { Invocation } from '../../command.ts';
import { CommandError, QuietExit } from '../../errors.ts';
import { failureOf } from '../../manifests.ts';
import { kindOf, qualifiedName } from '../../object-names.ts';
import { withoutManagedFields } from '../../printers/object-text.ts';
import { hidesManagedFields, managedFieldsFlag, type OutputFormat } from '../../printers/output-format.ts';
import { growingTable } from '../../printers/table-text.ts';
import { stopSignal } from '../../stop-signal.ts';
import { answersTo, declaredColumns } from './answers.ts';
import { columnsOf, tableOptions } from './print.ts';
import type { Question } from './question.ts';

/** Prints objects, and what happened to each of them. */
type PrintEvents = (events: readonly Pick<WatchEvent, 'type' | 'object'>[]) => Promise<void>;

/** The exit code of a watch that a signal ended, as kubectl has it. */
const INTERRUPTED = 1;

/** Between two looks at the log for changes by other processes, in milliseconds. */
const INTERVAL = 50;

/**
 * `kdaemon get -w`: prints what is there, then every change, by whichever process, until SIGINT or SIGTERM. Throws
 * CommandError for more than one resource, and what reading throws.
 */
export async function watchTargets(
  invocation: Invocation,
  client: Client,
  question: Question,
  format: OutputFormat,
  failures: (string | Error)[],
): Promise<void> {
  const { flags, context } = invocation;
  const [target, ...others] = question.targets;
  if (others.some(({ resource }) => resource.kind !== target?.resource.kind)) {
    throw new CommandError('you may only specify a single resource type');
  }
  if (flags.string('sort-by') !== '') {
    context.streams.err('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  }
  const after = await client.revision();
  const answers = await answersTo(question, invocation, client, failures);
  const failure = failureOf(failures.slice(0, 1));
  if (failure !== undefined) throw failure;
  if (target === undefined) return;
  if (others.length > 0) {
    throw new CommandError(
      `watch is only supported on individual resources and resource collections - ${question.targets.length} resources were found`,
    );
  }
  const printEvents = await eventPrinter(invocation, client, target.resource, format);
  const objects = answers.flatMap((answer) => answer.objects);
  if (!flags.bool('watch-only')) await printEvents(objects.map((object) => ({ type: 'ADDED', object })));
  const stop = stopSignal();
  try {
    await follow(
      client,
      after,
      objects,
      await selector(invocation, client, target),
      printEvents,
      stop.signal,
    );
  } finally {
    stop.forget();
  }
  throw new QuietExit(INTERRUPTED);
}

/** Hands over what happens after a revision; states that were printed already are left out. */
async function follow(
  client: Client,
  start: string,
  printed: readonly KubeObject[],
  matches: (object: KubeObject) => boolean,
  printEvents: PrintEvents,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map(printed.map(({ metadata }) => [metadata.uid, Number(metadata.resourceVersion ?? 0)]));
  const isNew = ({ object: { metadata } }: WatchEvent): boolean =>
    Number(metadata.resourceVersion ?? 0) > (known.get(metadata.uid) ?? -1);
  let after = start;
  while (!signal.aborted) {
    const batch = await client.changes(after);
    after = batch.resourceVersion;
    const seen = batch.events.filter(isNew).flatMap((event) => seenAs(event, matches) ?? []);
    if (seen.length > 0) await printEvents(seen);
    if (!batch.more) await pause(INTERVAL);
  }
}

/** Whether an object is one of those that the command line asks for. */
async function selector(
  { flags, context }: Invocation,
  client: Client,
  { resource, name, namespace }: Question['targets'][number],
): Promise<(object: KubeObject) => boolean> {
  const kind = await kindAt(client, resource.group, resource.version, resource.plural);
  const selection =
    kind === undefined
      ? undefined
      : readSelection(kind, {
          labelSelector: flags.string('selector'),
          fieldSelector: flags.string('field-selector'),
        });
  const everywhere = !resource.namespaced || (name === undefined && flags.bool('all-namespaces'));
  const wanted = name === undefined ? context.namespace : namespace;
  return (object) =>
    object.kind === resource.kind &&
    kindOf(object).group === resource.group &&
    (everywhere || object.metadata.namespace === wanted) &&
    (name === undefined || object.metadata.name === name) &&
    selection?.matches(object) !== false;
}

async function eventPrinter(
  invocation: Invocation,
  client: Client,
  resource: ResourceInfo,
  format: OutputFormat,
): Promise<PrintEvents> {
  const { flags, context } = invocation;
  const { out } = context.streams;
  const showsEvents = flags.bool('output-watch-events');
  const hides = hidesManagedFields(format) && !flags.bool(managedFieldsFlag.name);
  const shown = (object: KubeObject): KubeObject => (hides ? withoutManagedFields(object) : object);
  if (format.name === 'table') return tablePrinter(invocation, client, resource, format.wide);
  if (format.name === 'name') {
    return async (events) =>
      out(events.map(({ object }) => `${qualifiedName(resource, object.metadata.name ?? '')}\n`).join(''));
  }
  if (format.name === 'custom-columns') {
    const columns = await columnsOf(format);
    return inColumns(out, flags.bool('no-headers') ? undefined : columns.head, async (events) =>
      // Objects of the API are JSON.
      events.map(({ object }) => columns.row(shown(object) as unknown as Json)),
    );
  }
  const { valueWriter } = await import('../../printers/value-writer.ts');
  const write = valueWriter(format, {
    allowMissing: flags.bool('allow-missing-template-keys'),
    out,
  });
  return async (events) => {
    for (const { type, object } of events) {
      await write(showsEvents ? { type, object: shown(object) } : shown(object));
    }
  };
}

async function tablePrinter(
  invocation: Invocation,
  client: Client,
  resource: ResourceInfo,
  wide: boolean,
): Promise<PrintEvents> {
  const { context, flags } = invocation;
  const { statusPainter, tableCells } = await import('../../printers/object-table.ts');
  const declared = await declaredColumns(client, resource);
  const options = { ...(await tableOptions(invocation, [{ resource }], wide)), declared };
  const first = flags.bool('output-watch-events') ? (cell: string) => [cell] : () => [];
  const { head } = tableCells(resource, [], options);
  const headings = [...first('EVENT'), ...head];
  return inColumns(
    context.streams.out,
    options.headers ? headings : undefined,
    async (events) => {
      const now = await context.now();
      const { rows } = tableCells(
        resource,
        events.map(({ object }) => object),
        { ...options, now },
      );
      return rows.map((row, at) => [...first(events[at]?.type ?? ''), ...row]);
    },
    statusPainter(headings, options.paint),
  );
}

/** Prints rows as they come, below headings that stand above the first. */
function inColumns(
  out: (text: string) => void,
  head: readonly string[] | undefined,
  rowsOf: (events: Parameters<PrintEvents>[0]) => Promise<readonly (readonly string[])[]>,
  paint?: (cell: string, at: number) => string,
): PrintEvents {
  const align = growingTable(paint);
  let headings = head === undefined ? [] : [head];
  return async (events) => {
    if (events.length === 0) return;
    out(align([...headings, ...(await rowsOf(events))]));
    headings = [];
  };
}
