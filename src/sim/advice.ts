import type { PlannedStrategy, Stuck } from './plan-report.ts';
import { isServing } from './pod-state.ts';
import type { RolloutRun } from './rollout-run.ts';
import { type PlanOptions, simulate } from './simulate.ts';
import { parseStrategy } from './strategy.ts';
import { waitingNodes } from './stuck.ts';

/**
 * Adds the smallest maxUnavailable that lets a stuck rollout go on, when there is one. It is tried out: with one node
 * more than those that are unavailable, some node must come to an available new pod that did not before.
 */
export async function advise(
  options: PlanOptions,
  run: RolloutRun,
  strategy: PlannedStrategy,
  stuck: Omit<Stuck, 'advice'>,
): Promise<Stuck> {
  const { desired, done } = run.recorder.counts();
  if (strategy.type === 'OnDelete' || waitingNodes(run, stuck.nodes) === 0) return stuck;
  // A node whose old pod still serves beside a stuck new one takes nothing of maxUnavailable.
  const down = stuck.nodes.filter(({ node }) =>
    run.recorder.podsOn(node).every(({ state }) => !isServing(state)),
  );
  const enough = down.length + 1;
  if (enough > desired || (strategy.surgeBudget === 0 && enough <= strategy.unavailableBudget)) return stuck;
  const choice = parseStrategy(`maxUnavailable=${enough}`);
  const tried = await simulate(options, choice, (recorder) => recorder.counts().done > done);
  if (tried.recorder.counts().done <= done) return stuck;
  const percent = smallestPercent(enough, desired);
  return {
    ...stuck,
    advice: `${strategy.surgeBudget > 0 ? 'without maxSurge, ' : ''}maxUnavailable: ${enough} is the smallest that moves it on${percent === undefined ? '' : ` (or ${percent}% of ${desired} nodes)`}`,
  };
}

/** The smallest whole percentage that, rounded up, comes to a number of nodes or more. */
export function smallestPercent(count: number, desired: number): number | undefined {
  for (let percent = 1; percent <= 100; percent += 1) {
    if (Math.ceil((percent * desired) / 100) >= count) return percent;
  }
  return undefined;
}
