import type { DaemonSet } from '../api/apps.ts';
import { deepEqual } from '../domain/deep-equal.ts';
import { advise } from './advice.ts';
import { capacityOf } from './capacity.ts';
import { compareStrategies } from './compare.ts';
import { differencesBetween } from './differences.ts';
import { findingsOf } from './findings.ts';
import { nodeEffects } from './node-effects.ts';
import { outcomeOf } from './outcome.ts';
import type { NodeEffect, PlannedRollout, PlanReport, Timeline } from './plan-report.ts';
import type { RolloutRun } from './rollout-run.ts';
import { ScenarioError } from './scenario-error.ts';
import { type PlanOptions, simulate } from './simulate.ts';
import { resolvedStrategy } from './strategy.ts';

/**
 * Runs the ordinary controllers on a copy of the cluster and reports how the change goes. Throws ScenarioError where
 * the wishes make no sense, StatusError where the API refuses the change.
 */
export async function planRollout(options: PlanOptions): Promise<PlanReport> {
  const run = await simulate(options);
  const { before, after, recorder } = run;
  if (after === undefined) {
    const { namespace, name } = options.target;
    throw new ScenarioError(`there is no DaemonSet ${namespace}/${name} to plan for`);
  }
  const desired = recorder.wanting().length;
  const strategy = resolvedStrategy(after, desired);
  const nodes = nodeEffects(run, after);
  const counts: Record<NodeEffect, number> = { gain: 0, lose: 0, replace: 0, keep: 0, blocked: 0, none: 0 };
  for (const { effect } of nodes) counts[effect] += 1;
  const outcome = outcomeOf(run, strategy);
  const rollout: PlannedRollout =
    outcome.stuck === undefined
      ? outcome
      : { ...outcome, stuck: await advise(options, run, strategy, outcome.stuck) };
  const capacity = capacityOf({
    lister: run.listerBefore,
    before,
    after,
    hadPod: new Set(run.podsBefore.values()),
    surges: strategy.surgeBudget > 0,
  });
  const timeline = withEnd(recorder.timeline(interestingMs(run, rollout)), rollout);
  const revisionAfter = recorder.currentRevision()?.metadata.name;
  const report: Omit<PlanReport, 'findings'> = {
    apiVersion: 'kdaemon.dev/v1alpha1',
    kind: 'RolloutPlan',
    daemonSet: { ...options.target },
    change: changeOf(before, after),
    steps: options.changes.map(({ atMs, text }) => ({ atMs, text })),
    differences: before === undefined ? [] : differencesBetween(before.spec, after.spec, 'spec'),
    strategy,
    revisions: {
      ...(run.revisionBefore === undefined ? {} : { before: run.revisionBefore }),
      ...(revisionAfter === undefined ? {} : { after: revisionAfter }),
    },
    counts,
    nodes,
    rollout,
    capacity,
    timeline,
    faults: options.faults.map(({ text }) => text),
    assumptions: { ...options.timing },
    seed: options.seed,
    ...(options.compare.length === 0 ? {} : { compared: await compareStrategies(options, options.compare) }),
  };
  return { ...report, findings: findingsOf({ report, run, after, options }) };
}

/** Until when a run is worth showing: where it is stuck, nothing but retries follows for a long time. */
function interestingMs({ recorder, endMs }: RolloutRun, { stuck }: PlannedRollout): number {
  if (stuck === undefined) return endMs;
  const lastMark = recorder.timeline().marks.at(-1)?.atMs ?? 0;
  return Math.min(endMs, Math.max(stuck.atMs + Math.max(15_000, stuck.atMs / 4), lastMark));
}

/** The timeline with a mark where the rollout comes to its end. */
function withEnd(timeline: Timeline, { outcome, stuck, durationMs }: PlannedRollout): Timeline {
  if (outcome !== 'complete' && stuck === undefined) return timeline;
  const end =
    stuck === undefined ? { atMs: durationMs, text: 'complete' } : { atMs: stuck.atMs, text: 'stuck' };
  return { ...timeline, marks: [...timeline.marks, end].sort((a, b) => a.atMs - b.atMs) };
}

function changeOf(before: DaemonSet | undefined, after: DaemonSet): PlanReport['change'] {
  if (before === undefined) return 'create';
  return deepEqual(before.spec, after.spec) && deepEqual(before.metadata.labels, after.metadata.labels)
    ? 'none'
    : 'update';
}
