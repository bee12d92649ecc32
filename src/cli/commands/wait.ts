import type { Client } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { hasReason } from '../../api/status.ts';
import { parseWaitCondition, type WaitCondition, WaitConditionError } from '../../domain/wait-condition.ts';
import { pause } from '../../runtime/pause.ts';
import { type ChosenName, chosenNames } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { findObject } from '../find-object.ts';
import { followObject } from '../follow-object.ts';
import { fromManifests, manifestFlags } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { type ChangePrinter, changePrinter, dryRunFlag, managedFieldsFlag, outputFlag } from '../output.ts';
import { hintAtReconciler } from '../reconciler-hint.ts';
import { selectionFlags } from '../selection.ts';

/** `kdaemon wait`. */
export const command: CommandSpec = {
  name: 'wait',
  summary: 'Wait for a specific condition on one or many resources',
  description:
    'Wait for a specific condition on one or many resources.\n\n Ends when every given resource meets the condition: a condition in its status, a value at a path, that it exists, or that it is gone.',
  examples: [
    '# Wait until a node is ready',
    'kdaemon wait --for=condition=Ready node/worker-1',
    '',
    '# Wait until three pods of a DaemonSet are ready',
    "kdaemon wait --for=jsonpath='{.status.numberReady}'=3 daemonset/fluentd-elasticsearch",
    '',
    '# Wait until pods are gone',
    'kdaemon wait --for=delete pods -l name=fluentd-elasticsearch --timeout=60s',
    '',
    '# Wait until another process creates a DaemonSet',
    'kdaemon wait --for=create daemonset/fluentd-elasticsearch',
  ],
  usage:
    "kdaemon wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
  flags: [
    ...manifestFlags,
    ...selectionFlags,
    {
      name: 'for',
      type: 'string',
      default: "''",
      usage:
        "What to wait for: [create|delete|condition=NAME[=VALUE]|jsonpath='{PATH}'[=VALUE]]. A condition's value is true where none is given; its case does not matter.",
    },
    {
      name: 'all',
      type: 'bool',
      default: 'false',
      usage: 'All objects of the given kinds in the namespace.',
    },
    {
      name: 'timeout',
      type: 'duration',
      default: '30s',
      usage: 'How long to wait. Zero means look once and do not wait, negative means wait for a week.',
    },
    outputFlag,
    managedFieldsFlag,
    { ...dryRunFlag, hidden: true },
  ],
  run: wait,
};

const WEEK = 7 * 24 * 3600 * 1000;

async function wait(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  const printer = changePrinter(context.streams, flags);
  const condition = readCondition(flags.string('for'));
  if (args.length === 0 && !fromManifests(flags)) {
    throw new CommandError(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    );
  }
  const timeout = flags.duration('timeout');
  const end = context.clock.now() + (timeout < 0 ? WEEK : timeout);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const names = await chosenNames(invocation, client, failures, { wholeTypes: flags.bool('all') });
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  if (names.length === 0 && condition.kind !== 'delete')
    throw new CommandError('no matching resources found');
  const waiting = { invocation, client, condition, end, printer };
  const refusals: string[] = [];
  let hinted = false;
  for (const one of await present(client, names, condition)) {
    if (!hinted) await hintAtReconciler(client, context);
    hinted = true;
    const refusal = await waitForOne(waiting, one);
    if (refusal !== undefined) refusals.push(refusal);
  }
  await printer.end();
  const [only, ...more] = refusals;
  if (only === undefined) return;
  // kubectl has its prefix only on single errors.
  throw more.length === 0 ? new CommandError(only) : new PlainError(refusals.join('\n'));
}

interface Waiting {
  readonly invocation: Invocation;
  readonly client: Client;
  readonly condition: WaitCondition;
  /** On the machine's clock, in milliseconds. */
  readonly end: number;
  readonly printer: ChangePrinter;
}

function readCondition(text: string): WaitCondition {
  return worded(() => parseWaitCondition(text));
}

function worded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof WaitConditionError) throw new CommandError(error.message);
    throw error;
  }
}

/**
 * The objects that are there. Absent ones are what `create` waits for and what `delete` is content with; for all other
 * conditions their StatusError is thrown.
 */
async function present(
  client: Client,
  names: readonly ChosenName[],
  condition: WaitCondition,
): Promise<readonly ChosenName[]> {
  if (condition.kind === 'create') return names;
  const found: ChosenName[] = [];
  for (const one of names) {
    const { resource, namespace, name } = one;
    try {
      found.push({ ...one, object: one.object ?? (await client.get(resource, { namespace, name })) });
    } catch (error) {
      if (!hasReason(error, 'NotFound') || condition.kind !== 'delete') throw error;
    }
  }
  return found;
}

/** Waits for one object. Resolves to what is to be said when it does not meet the condition. */
async function waitForOne(waiting: Waiting, chosen: ChosenName): Promise<string | undefined> {
  const { invocation, condition, end, printer } = waiting;
  const { clock } = invocation.context;
  const { resource, name } = chosen;
  const label = `${resource.plural}/${name}`;
  if (condition.kind === 'create') {
    const object = await createdObject(waiting, chosen);
    if (object === undefined) return 'timed out waiting for the condition';
    await printer.print(object, 'condition met');
    return undefined;
  }
  const isLate = (): boolean => clock.now() >= end;
  const once = invocation.flags.duration('timeout') === 0;
  for await (const state of statesOf(waiting, chosen)) {
    const met = metBy(condition, chosen, state);
    if (met !== undefined) {
      await printer.print(met, 'condition met');
      return undefined;
    }
    if (once) return `condition not met for ${label}`;
    if (isLate()) break;
  }
  return `timed out waiting for the condition on ${label}`;
}

/** The states of an object until time is up; undefined while it is gone. */
async function* statesOf(
  { invocation, client, end }: Waiting,
  { resource, namespace, name }: ChosenName,
): AsyncGenerator<KubeObject | undefined> {
  const { clock } = invocation.context;
  const key = { namespace, name };
  do {
    const timeout = Math.max(1, end - clock.now());
    for await (const state of followObject(client, resource, key, { clock, timeout })) {
      if (state === 'timeout') return;
      yield state === 'deleted' ? undefined : state;
    }
    await pause(50);
  } while (clock.now() < end);
}

/** The object to report when its state meets the condition. */
function metBy(
  condition: WaitCondition,
  { object: first }: ChosenName,
  state: KubeObject | undefined,
): KubeObject | undefined {
  if (condition.kind === 'delete') {
    // One with the same name and another UID is a new object.
    const isGone = state === undefined || state.metadata.uid !== first?.metadata.uid;
    return isGone ? first : undefined;
  }
  if (condition.kind !== 'state' || state === undefined) return undefined;
  return worded(() => condition.isMet(state)) ? state : undefined;
}

async function createdObject(
  { invocation, client, end }: Waiting,
  { resource, namespace, name, object }: ChosenName,
): Promise<KubeObject | undefined> {
  if (object !== undefined) return object;
  const { clock } = invocation.context;
  for (;;) {
    const found = await findObject(client, resource, { namespace, name });
    if (found !== undefined || clock.now() >= end) return found;
    await pause(50);
  }
}
