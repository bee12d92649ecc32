import type { DaemonSet } from '../../api/apps.ts';
import type { Node } from '../../api/core.ts';
import { ruleText } from './explain/rule-text.ts';
import { type RuleFinding, rulesFor } from './explain/rules.ts';
import type { Placement } from './placement.ts';

/** A placement with the rules behind it. */
export interface ExplainedPlacement extends Placement {
  /** Every rule that was looked at, in the order in which they count. */
  readonly rules: readonly RuleFinding[];
}

/**
 * Why a node should or should not run a DaemonSet's pod: all rules, not only the first that refuses. The answer follows
 * from them alone, and is `nodeShouldRunDaemonPod`'s, which is faster.
 */
export function explainPlacement(daemonSet: DaemonSet, node: Node): ExplainedPlacement {
  const rules = rulesFor(daemonSet, node);
  return {
    shouldRun: rules.every(({ verdict }) => verdict === 'allows'),
    shouldContinueRunning: rules.every(({ verdict }) => verdict !== 'evicts'),
    rules,
  };
}

/** What keeps the pod away, in one sentence part; '' when nothing does. */
export function describeObstacles(daemonSet: DaemonSet, node: Node): string {
  return rulesFor(daemonSet, node)
    .filter(({ verdict }) => verdict !== 'allows')
    .map((rule) => ruleText(rule))
    .join(', ');
}
