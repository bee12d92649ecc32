import type { PlannedRollout, PlannedStrategy } from './plan-report.ts';
import type { RolloutRun } from './rollout-run.ts';
import { stuckAt, troubledNodes } from './stuck.ts';

/** How a run went, without advice where it is stuck. */
export function outcomeOf(run: RolloutRun, strategy: PlannedStrategy): PlannedRollout {
  const { recorder } = run;
  const counts = recorder.counts();
  const { availability } = recorder.timeline();
  const endMs = recorder.lastProgressMs();
  const extremes = {
    fewestAvailable: { count: counts.available, atMs: endMs },
    mostUnavailable: 0,
  };
  for (const { atMs, available, desired } of availability) {
    if (available < extremes.fewestAvailable.count) extremes.fewestAvailable = { count: available, atMs };
    extremes.mostUnavailable = Math.max(extremes.mostUnavailable, desired - available);
  }
  const waves = run.waves.list(endMs);
  const outcome = outcomeWord(run, strategy, waves.length);
  return {
    outcome,
    durationMs: outcome === 'unchanged' ? 0 : endMs,
    waves,
    desired: counts.desired,
    updated: counts.updated,
    available: counts.available,
    upToDate: counts.done,
    ...extremes,
    mostSurge: recorder.mostExtra(),
    ...(outcome === 'stuck' ? { stuck: stuckAt(run, strategy) } : {}),
  };
}

function outcomeWord(run: RolloutRun, strategy: PlannedStrategy, waves: number): PlannedRollout['outcome'] {
  const { desired, done, updated } = run.recorder.counts();
  if (run.complete && done === desired) return waves === 0 ? 'unchanged' : 'complete';
  const isLeftAlone = strategy.type === 'OnDelete' && updated < desired && troubledNodes(run).length === 0;
  return isLeftAlone ? 'onDelete' : 'stuck';
}
