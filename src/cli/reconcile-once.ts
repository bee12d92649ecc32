import { createReportCollector, type DaemonSetReport } from '../controllers/report.ts';
import { type VirtualClock, virtualClock } from '../runtime/clock.ts';
import type { Manager } from '../runtime/manager.ts';
import { type FixedPoint, runToFixedPoint } from '../runtime/run-to-fixed-point.ts';
import type { Invocation } from './command.ts';
import type { Context } from './context.ts';
import { expireEventsOfStore } from './event-expiry-mark.ts';
import { keepHeapSmall } from './heap-growth.ts';
import { jsonText } from './printers/object-text.ts';
import { reportJson } from './reconcile-json.ts';
import { compactHistory, exactThrough, keepClock, openReconciler } from './reconcile-parts.ts';
import { progressLine } from './reconcile-progress.ts';
import { endingText, jumpsText, summaryText } from './reconcile-text.ts';
import type { Turn } from './reconcile-turn.ts';
import { hintAtNodes } from './reconciler-hint.ts';
import { leaveSettledMark } from './settled-mark.ts';

/** Milliseconds since the epoch. */
export interface Times {
  /** The cluster's time to begin with. */
  readonly start: number;
  /** What is due until then is done first, each at its time; the store's clock then shows at least that time. */
  readonly through: number;
}

/** Writes that become durable together at most: nobody hears of them before the run has ended. */
const WRITES_AT_ONCE = 40_000;

/**
 * `kdaemon reconcile`: runs to the fixed point, or with `--step` makes one pass, and prints what was done. `renew` is
 * called after each step with the cluster's time.
 */
export async function reconcileOnce(
  { flags, context }: Invocation,
  { start, through }: Times,
  renew: Turn['renew'],
): Promise<void> {
  keepHeapSmall();
  const clock = flowingClock(context, start);
  const collector = createReportCollector();
  const oneStep = flags.bool('step');
  const { onSync } = collector;
  const fromMark = !flags.bool('resync');
  const quarantine = !oneStep;
  const options = { onSync, quarantine, finishFirst: !oneStep, fromMark, writesLate: true };
  const { manager, client, known } = await openReconciler(context, clock, options);
  const store = await context.store();
  // Of the later history of a long run, which mostly goes at its end, the last state of each group is enough.
  store.groupCommits?.(WRITES_AT_ONCE, await exactThrough(store));
  // At the start there are fewer of them to look at; at the end time may have gone on.
  await expireEventsOfStore(store, client, clock.now());
  const point = oneStep
    ? await onePass(manager)
    : await runThrough({ context, manager, clock, renew }, through);
  await expireEventsOfStore(store, client, clock.now());
  if (!oneStep) await leaveSettledMark(store, manager, known());
  await store.flush?.();
  store.groupCommits?.(1);
  await compactHistory(store);
  const reports = collector.report(manager.lister, clock.now(), manager.podsAtHand());
  const json = flags.string('output') === 'json';
  await printReport(context, reports, point, { oneStep, json });
  if (!json) await hintAtNodes(client, context);
}

/** Prints what a run did: a table on a terminal, lines elsewhere, or JSON. */
export async function printReport(
  { streams, env }: Pick<Context, 'streams' | 'env'>,
  reports: readonly DaemonSetReport[],
  point: FixedPoint,
  { oneStep, json }: { readonly oneStep: boolean; readonly json: boolean },
): Promise<void> {
  if (json) {
    streams.out(jsonText(reportJson(reports, point)));
    return;
  }
  streams.out(jumpsText(point.jumps));
  if (streams.outIsTerminal && reports.length > 0) {
    const { reportTable } = await import('./reconcile-table.ts');
    streams.out(reportTable(reports, env) + endingText(point, oneStep));
  } else {
    streams.out(summaryText(reports, point, oneStep));
  }
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

async function onePass(manager: Manager): Promise<FixedPoint> {
  const steps = await manager.pass();
  await manager.flush();
  const next = manager.nextDue();
  const stillWaiting = next === undefined ? [] : [next];
  return { settled: next === undefined, stillWaiting, jumps: [], steps };
}

/** What a run works with. */
interface RunParts {
  readonly context: Context;
  readonly manager: Manager;
  readonly clock: VirtualClock;
  readonly renew: Turn['renew'];
}

async function runThrough(
  { context, manager, clock, renew }: RunParts,
  through: number,
): Promise<FixedPoint> {
  const progress = progressLine(context);
  let jumped = false;
  const options = {
    manager,
    clock,
    onJump: () => {
      jumped = true;
    },
    // A jump is kept as soon as something was written at its time: an interrupted run leaves no times to come behind.
    onStep: async () => {
      progress.tick(manager);
      await renew(clock.now());
      if (jumped) await keepClock(context, clock.now());
      jumped = false;
    },
  };
  const before =
    through > clock.now()
      ? await runToFixedPoint({ ...options, maxVirtualMs: through - clock.now(), maxRetryMs: Infinity })
      : undefined;
  if (before !== undefined) {
    clock.advanceTo(through);
    jumped = true;
  }
  const point = await runToFixedPoint(options);
  progress.end();
  if (jumped || before !== undefined) await keepClock(context, clock.now());
  return {
    ...point,
    jumps: [...(before?.jumps ?? []), ...point.jumps],
    steps: point.steps + (before?.steps ?? 0),
  };
}
