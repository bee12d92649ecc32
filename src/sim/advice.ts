import type { PlannedStrategy, Stuck } from './plan-report.ts';
import { isServing } from './pod-state.ts';
import type { RolloutRun } from './rollout-run.ts';
import { type PlanOptions, simulate } from './simulate.ts';
import { parseStrategy } from './strategy.ts';
import { waitingNodes } from './stuck.ts';
import { WENT_DOWN_WITH_NEW_POD } from './trouble.ts';
import { counted } from './wording.ts';

/**
 * Adds the smallest maxUnavailable that lets a stuck rollout go on, when there is one. It is tried out: with one node
 * more than those that are unavailable, some node must come to an available new pod that did not before. Where that
 * fails because the new pods do, what is left is going back.
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
  if (tried.recorder.counts().done <= done) return goingBack(run, stuck, enough);
  const percent = smallestPercent(enough, desired);
  const advice = [
    strategy.surgeBudget > 0 ? 'without maxSurge, ' : '',
    `maxUnavailable: ${enough} is the smallest that moves it on`,
    percent === undefined ? '' : ` (or ${percent}% of ${desired} nodes)`,
    down.some(({ because }) => because === WENT_DOWN_WITH_NEW_POD)
      ? '; but first see whether the new pod took the node down'
      : '',
  ];
  return { ...stuck, advice: advice.join('') };
}

/** Advice for new pods that fail, on the next node too when that is tried. */
function goingBack(
  { recorder, before }: RolloutRun,
  stuck: Omit<Stuck, 'advice'>,
  triedUnavailable: number,
): Stuck {
  const fails = stuck.nodes.every(({ node }) =>
    recorder.podsOn(node).some(({ isNew, isUpdated, state }) => isNew && isUpdated && !isServing(state)),
  );
  if (before === undefined || !fails) return stuck;
  const { updated } = recorder.counts();
  return {
    ...stuck,
    advice: `with maxUnavailable ${triedUnavailable} the next new pod does not become available either; going back to the template before replaces the pods of ${counted(updated, 'node')}`,
  };
}

/** The smallest whole percentage that, rounded up, comes to a number of nodes or more. */
export function smallestPercent(count: number, desired: number): number | undefined {
  for (let percent = 1; percent <= 100; percent += 1) {
    if (Math.ceil((percent * desired) / 100) >= count) return percent;
  }
  return undefined;
}
