import { NODE } from '../api/well-known.ts';
import type { PlannedStrategy, Stuck } from './plan-report.ts';
import type { RolloutRun } from './rollout-run.ts';
import { surgeTroubleOn, troubleOn } from './trouble.ts';
import { counted, someOf } from './wording.ts';

/** Where and why a run that did not come to its end stands still, without advice. */
export function stuckAt(run: RolloutRun, strategy: PlannedStrategy): Omit<Stuck, 'advice'> {
  const nodes = troubledNodes(run);
  const byReason = new Map<string, string[]>();
  for (const { node, because } of nodes) byReason.set(because, [...(byReason.get(because) ?? []), node]);
  const reasons = [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([because, names]) => `${because} on ${someOf(names, 3)}`);
  const atMs = run.recorder.lastProgressMs();
  const head =
    waitingNodes(run, nodes) === 0 ? leftBehindText(nodes.length) : budgetText(nodes.length, strategy);
  return { atMs, because: `${head}: ${reasons.join('; ')}`, nodes };
}

/** Nodes whose pod, or whose pod beside the old one, is unavailable, and those that should have lost theirs. */
export function troubledNodes(
  run: RolloutRun,
): readonly { readonly node: string; readonly because: string }[] {
  const { recorder, manager } = run;
  const wanting = new Set(recorder.wanting());
  const known = new Map(manager.lister.list(NODE).map((node) => [node.metadata.name ?? '', node]));
  const names = new Set([...wanting, ...run.podsBefore.values()]);
  return [...names].sort().flatMap((name) => {
    if (!wanting.has(name) && recorder.isAtRest(name)) return [];
    const because = troubleOn(name, known.get(name), recorder) ?? surgeTroubleOn(name, recorder);
    return because === undefined ? [] : [{ node: name, because }];
  });
}

/** Nodes whose turn would come if the others got out of the way. */
export function waitingNodes(run: RolloutRun, troubled: Stuck['nodes']): number {
  const { desired, done } = run.recorder.counts();
  const wanting = new Set(run.recorder.wanting());
  return desired - done - troubled.filter(({ node }) => wanting.has(node)).length;
}

function leftBehindText(troubled: number): string {
  return `${counted(troubled, 'node')} ${troubled === 1 ? 'stays' : 'stay'} behind, all others are up to date`;
}

function budgetText(troubled: number, { unavailableBudget, surgeBudget }: PlannedStrategy): string {
  const nodes = counted(troubled, 'node');
  if (surgeBudget > 0)
    return `${nodes} ${troubled === 1 ? 'waits' : 'wait'} for a new pod, and maxSurge allows ${surgeBudget} at a time`;
  return `${nodes} ${troubled === 1 ? 'is' : 'are'} unavailable, and maxUnavailable allows ${unavailableBudget}`;
}
