import type { KubeObject, ObjectKey } from '../api/meta.ts';
import { withHistory } from './assumed-history.ts';
import { withSurroundings } from './assumed-surroundings.ts';
import { type Fault, faultEvents } from './faults.ts';
import type { NodeEvent } from './node-events.ts';
import { type PlannedChange, type RolloutRun, runRollout } from './rollout-run.ts';
import { type StrategyChoice, useStrategy } from './strategy.ts';
import type { Timing } from './timing.ts';
import { createWorld } from './world.ts';

/** What to plan. */
export interface PlanOptions {
  /** The cluster: nodes, pods, DaemonSets and the others that `readCluster` reads. They are not changed. */
  readonly objects: readonly KubeObject[];
  readonly target: ObjectKey;
  /** In the order of their times; none asks what the controllers would do now. */
  readonly changes: readonly PlannedChange[];
  readonly timing: Timing;
  readonly faults: readonly Fault[];
  readonly events: readonly NodeEvent[];
  /** The same seed gives the same plan. */
  readonly seed: number;
  /** Milliseconds since the epoch; cut to whole seconds. */
  readonly startedAt: number;
  readonly compare: readonly StrategyChoice[];
}

/** One simulation of the change, with another strategy where one is given. */
export async function simulate(
  options: PlanOptions,
  choice?: StrategyChoice,
  isEnough?: (run: RolloutRun['recorder']) => boolean,
): Promise<RolloutRun> {
  const world = await createWorld({
    ...options,
    objects: withHistory(withSurroundings(options.objects, options.target), options.target),
    startedAt: Math.floor(options.startedAt / 1000) * 1000,
  });
  const changes = choice === undefined ? options.changes : withStrategy(options, choice);
  return runRollout(world, {
    target: options.target,
    changes,
    events: [...faultEvents(options.faults), ...options.events],
    ...(isEnough === undefined ? {} : { isEnough }),
  });
}

/** The same changes, each of which leaves the DaemonSet with this strategy. */
function withStrategy({ changes, target }: PlanOptions, choice: StrategyChoice): readonly PlannedChange[] {
  if (changes.length === 0) {
    return [{ atMs: 0, text: choice.name, apply: (client) => useStrategy(client, target, choice) }];
  }
  return changes.map((change) => ({
    ...change,
    async apply(client) {
      await change.apply(client);
      await useStrategy(client, target, choice);
    },
  }));
}
