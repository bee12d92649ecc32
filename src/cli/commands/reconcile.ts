import { defaultAgents } from '../../agents/all.ts';
import type { Client } from '../../api/client.ts';
import { NODE } from '../../api/well-known.ts';
import { defaultControllers } from '../../controllers/all.ts';
import type { SyncRecord } from '../../controllers/daemonset/sync-record.ts';
import { createReportCollector, type DaemonSetReport } from '../../controllers/report.ts';
import { humanDuration } from '../../domain/duration.ts';
import { localClient } from '../../registry/local-client.ts';
import { type Clock, type VirtualClock, virtualClock } from '../../runtime/clock.ts';
import { createManager, type Manager } from '../../runtime/manager.ts';
import { type FixedPoint, type Jump, runToFixedPoint } from '../../runtime/run-to-fixed-point.ts';
import { runUntilStopped } from '../../runtime/run-until-stopped.ts';
import type { Store } from '../../store/store.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { jsonText } from '../printers/object-text.ts';
import { liveReconciler, RENEW_MS, releaseLease, takeLease } from '../reconcile-lease.ts';
import { endingText, stepText, summaryText } from '../reconcile-text.ts';
import { stopSignal } from '../stop-signal.ts';
import { advanceClockOffset } from '../store-clock.ts';

/** `kdaemon reconcile`. */
export const command: CommandSpec = {
  name: 'reconcile',
  summary: 'Run the controllers until nothing changes any more',
  description: `Run the controllers, the scheduler and the simulated kubelets until nothing changes any more.

 Waits are not slept through: the store's clock jumps over them, and each jump is reported. With --watch the command goes on, sees what other processes write within a second, and time is real: minReadySeconds and back-offs pass as they would, only pod collection for vanished nodes does not wait its 40s.

 With -o json one object is printed: "daemonSets" (per DaemonSet: what was done, "steps" with their reasons, "status", "rollout", "waitingFor"), "jumps" (from, to, because), "settled" and "stillWaiting".`,
  examples: [
    '# Until nothing changes',
    'kdaemon reconcile',
    '',
    '# One pass: every key that is due now is handled once',
    'kdaemon reconcile --step',
    '',
    '# Go on until interrupted',
    'kdaemon reconcile --watch',
    '',
    "# Let ten minutes of the store's time go by",
    'kdaemon reconcile --advance 10m',
  ],
  usage: 'kdaemon reconcile [--watch | --step] [--now TIME | --advance DURATION] [options]',
  flags: [
    { name: 'watch', short: 'w', type: 'bool', default: 'false', usage: 'Go on until SIGINT or SIGTERM.' },
    { name: 'step', type: 'bool', default: 'false', usage: 'Make one pass only.' },
    {
      name: 'now',
      type: 'string',
      default: "''",
      usage: "Move the store's clock to this time (RFC 3339) first; it never goes back.",
    },
    {
      name: 'advance',
      type: 'duration',
      default: '0s',
      usage: "Move the store's clock ahead by this much first.",
    },
    { name: 'output', short: 'o', type: 'string', default: "''", usage: 'Output format. One of: (json).' },
  ],
  run: reconcile,
};

async function reconcile(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  if (args.length > 0)
    throw new CommandError(
      `Unexpected args: [${args.join(' ')}]\nSee 'kdaemon reconcile -h' for help and examples`,
    );
  const output = flags.string('output');
  if (output !== '' && output !== 'json')
    throw new CommandError(`--output ${output} is not available in kdaemon reconcile`);
  if (flags.bool('watch') && flags.bool('step'))
    throw new CommandError('--watch and --step cannot be specified together');
  const start = await startTime(invocation);
  const holder = await liveReconciler(await context.client(), start);
  if (holder !== undefined) {
    throw new CommandError(
      `${holder} is reconciling this store already ("kdaemon reconcile --watch" or "kdaemon serve")`,
    );
  }
  if (flags.bool('watch')) await watch(invocation, start);
  else await once(invocation, start);
}

/** The cluster's time to begin with, in milliseconds: --now and --advance move the store's clock. */
async function startTime({ flags, context }: Invocation): Promise<number> {
  const current = await context.now();
  let wanted = current;
  if (flags.given('now')) {
    wanted = Date.parse(flags.string('now'));
    if (Number.isNaN(wanted)) throw new CommandError(`--now ${flags.string('now')}: not an RFC 3339 time`);
    if (wanted < current)
      throw new CommandError(`--now ${flags.string('now')}: the store's clock is past that already`);
  }
  if (flags.duration('advance') < 0) throw new CommandError('--advance must not be negative');
  wanted += flags.duration('advance');
  if (wanted > current) await keepClock(context, wanted);
  return wanted;
}

/** Makes the store's clock show at least `time` (milliseconds since the epoch). */
async function keepClock(context: Context, time: number): Promise<void> {
  await advanceClockOffset(await context.store(), Math.ceil(time - context.clock.now()));
}

interface Parts {
  readonly manager: Manager;
  readonly client: Client;
  readonly report: (now: number) => readonly DaemonSetReport[];
}

async function assemble(
  context: Context,
  clock: Clock,
  options: { readonly quarantineMs?: number; readonly onSync?: (record: SyncRecord) => void } = {},
): Promise<Parts> {
  const client = localClient({ store: await context.store(), clock, random: context.random });
  const collector = createReportCollector();
  const manager = createManager({
    client,
    clock,
    random: context.random,
    controllers: [
      ...defaultControllers({
        onSync: (record) => {
          if (options.onSync === undefined) collector.onSync(record);
          else options.onSync(record);
        },
        ...(options.quarantineMs === undefined ? {} : { podGc: { quarantineMs: options.quarantineMs } }),
      }),
      ...defaultAgents(),
    ],
  });
  return { manager, client, report: (now) => collector.report(manager.lister, now) };
}

/** A virtual clock that also moves with the machine's, so that long runs don't fall behind it. */
function flowingClock(context: Context, start: number): VirtualClock {
  const steady = virtualClock(start);
  const origin = context.clock.now() - start;
  return {
    now: () => Math.max(steady.now(), context.clock.now() - origin),
    advanceTo: (time) => steady.advanceTo(time),
  };
}

async function once({ flags, context }: Invocation, start: number): Promise<void> {
  const clock = flowingClock(context, start);
  const { manager, client, report } = await assemble(context, clock);
  const progress = progressLine(context);
  let point: FixedPoint;
  if (flags.bool('step')) {
    const steps = await manager.pass();
    await manager.flush();
    const next = manager.nextDue();
    point = { settled: next === undefined, stillWaiting: next === undefined ? [] : [next], jumps: [], steps };
  } else {
    point = await runToFixedPoint({ manager, clock, onStep: () => progress.tick(manager.handled()) });
  }
  progress.end();
  if (point.jumps.length > 0) await keepClock(context, clock.now());
  await compactHistory(await context.store());
  const reports = report(clock.now());
  if (flags.string('output') === 'json') context.streams.out(jsonText(reportJson(reports, point)));
  else {
    for (const jump of merged(point.jumps)) {
      context.streams.out(
        `waited ${humanDuration(jump.to - jump.from)} of the store's time: ${jump.because}\n`,
      );
    }
    if (context.streams.outIsTerminal && reports.length > 0) {
      const { reportTable } = await import('../reconcile-table.ts');
      context.streams.out(reportTable(reports, context.env));
      context.streams.out(endingText(point, flags.bool('step')));
    } else {
      context.streams.out(summaryText(reports, point, flags.bool('step')));
    }
    if (context.streams.errIsTerminal && (await client.list(NODE, { limit: 1 })).items.length === 0) {
      context.streams.err('There are no nodes yet: "kdaemon init" makes a sample cluster.\n');
    }
  }
}

/** How much history watchers may count on, in revisions, and how much more may pile up before it is dropped. */
const KEPT_REVISIONS = 10_000;

/** Drops old history, so that the store's file does not grow without bound. */
async function compactHistory(store: Store): Promise<void> {
  const revision = await store.revision();
  if (revision - (await store.compacted()) > 2 * KEPT_REVISIONS)
    await store.compact(revision - KEPT_REVISIONS);
}

/** Jumps in a row for the same reason as one. */
function merged(
  jumps: readonly Jump[],
): readonly { readonly from: number; readonly to: number; readonly because: string }[] {
  const rows: { from: number; to: number; because: string }[] = [];
  for (const { from, to, wait } of jumps) {
    if (to === from) continue;
    const last = rows.at(-1);
    if (last !== undefined && last.because === wait.because && last.to === from) last.to = to;
    else rows.push({ from, to, because: wait.because });
  }
  return rows;
}

function reportJson(reports: readonly DaemonSetReport[], point: FixedPoint): unknown {
  return {
    daemonSets: reports,
    settled: point.settled,
    stillWaiting: point.stillWaiting.map((due) => ({
      controller: due.controller,
      due: new Date(due.at).toISOString(),
      because: due.wait?.because ?? due.key,
    })),
    jumps: merged(point.jumps).map(({ from, to, because }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      because,
    })),
  };
}

async function watch({ flags, context }: Invocation, start: number): Promise<void> {
  const origin = start - context.clock.now();
  const clock: Clock = { now: () => context.clock.now() + origin };
  const json = flags.string('output') === 'json';
  const onSync = (record: SyncRecord): void => {
    for (const step of record.steps) {
      context.streams.out(
        json
          ? `${JSON.stringify({ daemonSet: record.daemonSet, ...step })}\n`
          : stepText(record.daemonSet, step),
      );
    }
  };
  const { manager, client } = await assemble(context, clock, { quarantineMs: 0, onSync });
  const other = await takeLease(client, clock.now());
  if (other !== undefined) throw new CommandError(`${other} is reconciling this store already`);
  const stop = stopSignal();
  if (context.streams.errIsTerminal) context.streams.err('Reconciling; ^C ends it.\n');
  let renewed = clock.now();
  const renew = async (): Promise<void> => {
    if (clock.now() - renewed < RENEW_MS) return;
    renewed = clock.now();
    await compactHistory(await context.store());
    const taken = await takeLease(client, renewed);
    if (taken !== undefined) throw new CommandError(`${taken} has taken over the reconciling of this store`);
  };
  try {
    await runUntilStopped({ manager, client, clock, signal: stop.signal, onStep: renew, onPoll: renew });
  } finally {
    stop.forget();
    await releaseLease(client);
  }
}

/** One line on a terminal that counts steps, for runs of more than a second; nothing elsewhere. */
function progressLine({ streams, clock }: Context): { tick(steps: number): void; end(): void } {
  const begun = clock.now();
  let shown = 0;
  return {
    tick(steps) {
      const now = clock.now();
      if (!streams.errIsTerminal || now - begun < 1000 || now - shown < 200) return;
      shown = now;
      streams.err(`\r\u001b[Kreconciling: ${steps} steps`);
    },
    end() {
      if (shown > 0) streams.err('\r\u001b[K');
    },
  };
}
