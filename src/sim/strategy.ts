import type { DaemonSet } from '../api/apps.ts';
import type { Client } from '../api/client.ts';
import type { Json, ObjectKey } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { DAEMON_SET } from '../api/well-known.ts';
import { surgeCount, unavailableCount } from '../domain/daemonset/update-strategy.ts';
import type { PlannedStrategy } from './plan-report.ts';
import { ScenarioError } from './scenario-error.ts';

/** A strategy to try instead of the DaemonSet's own. */
export interface StrategyChoice {
  /** As asked for: `maxUnavailable=10%`. */
  readonly name: string;
  /** Written over `spec.updateStrategy`. */
  readonly updateStrategy: Json;
}

/**
 * Reads `maxUnavailable=1`, `maxUnavailable=10%`, `maxSurge=2` (then nothing may be unavailable) or `OnDelete`. Throws
 * ScenarioError.
 */
export function parseStrategy(text: string): StrategyChoice {
  if (text === 'OnDelete') return { name: text, updateStrategy: { type: 'OnDelete', rollingUpdate: null } };
  const [, field, number = ''] = /^(maxUnavailable|maxSurge)=(\d+%?)$/.exec(text) ?? [];
  if (field === undefined || /^0+%?$/.test(number)) {
    throw new ScenarioError(
      `strategy ${JSON.stringify(text)}: it is none of maxUnavailable=N, maxUnavailable=N%, maxSurge=N, maxSurge=N%, OnDelete`,
    );
  }
  const value = number.endsWith('%') ? number : Number(number);
  return {
    name: text,
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate:
        field === 'maxSurge'
          ? { maxSurge: value, maxUnavailable: 0 }
          : { maxSurge: 0, maxUnavailable: value },
    },
  };
}

/** Gives the DaemonSet another strategy. Throws StatusError where the API refuses it. */
export async function useStrategy(client: Client, key: ObjectKey, choice: StrategyChoice): Promise<void> {
  const [outcome] = await client.commit([
    {
      verb: 'patch',
      kind: DAEMON_SET,
      key,
      patchType: 'merge',
      patch: { spec: { updateStrategy: choice.updateStrategy } },
    },
  ]);
  if (outcome?.ok === false) throw new StatusError(outcome.error);
}

/** The strategy of a DaemonSet against the number of nodes that want a pod. */
export function resolvedStrategy(daemonSet: DaemonSet, desired: number): PlannedStrategy {
  const { updateStrategy, minReadySeconds = 0 } = daemonSet.spec;
  if (updateStrategy?.type !== 'RollingUpdate')
    return { type: 'OnDelete', unavailableBudget: 0, surgeBudget: 0, minReadySeconds };
  const { maxUnavailable, maxSurge } = updateStrategy.rollingUpdate ?? {};
  const surgeBudget = surgeCount(daemonSet, desired);
  const given = unavailableCount(daemonSet, desired);
  return {
    type: 'RollingUpdate',
    ...(maxUnavailable === undefined ? {} : { maxUnavailable: String(maxUnavailable) }),
    ...(maxSurge === undefined ? {} : { maxSurge: String(maxSurge) }),
    // Where both are zero, the controller takes one node at a time.
    unavailableBudget: desired > 0 && given === 0 && surgeBudget === 0 ? 1 : given,
    surgeBudget,
    minReadySeconds,
  };
}
