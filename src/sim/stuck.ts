import { NODE } from '../api/well-known.ts';
import type { PlannedStrategy, Stuck } from './plan-report.ts';
import type { RolloutRun } from './rollout-run.ts';
import { surgeTroubleOn, troubleOn } from './trouble.ts';
import { counted, someOf } from './wording.ts';

/** Where and why a run that did not come to its end stands still, without advice. */
export function stuckAt(run: RolloutRun, strategy: PlannedStrategy): Omit<Stuck, 'advice'> {
  const troubled = troubledNodes(run);
  const isWaiting = waitingNodes(run, troubled) > 0;
  // A pod that does not serve takes its part of maxUnavailable, whether its node wants it or not.
  const isHeldBack = isWaiting && strategy.unavailableBudget > 0;
  const hasPod = (node: string): boolean => run.recorder.podsOn(node).length > 0;
  const nodes = isHeldBack ? troubledNodes(run, hasPod) : troubled;
  const byReason = new Map<string, string[]>();
  for (const { node, because } of nodes) byReason.set(because, [...(byReason.get(because) ?? []), node]);
  const reasons = [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([because, names]) => `${because} on ${someOf(names, 3)}`);
  const atMs = run.recorder.lastProgressMs();
  const idle = idleReason(run);
  if (nodes.length === 0) return { atMs, because: idle ?? 'the controller does nothing more', nodes };
  const head = isWaiting ? budgetText(nodes.length, strategy) : leftBehindText(nodes.length);
  return { atMs, because: `${head}: ${[...reasons, idle ?? []].flat().join('; ')}`, nodes };
}

/** Why the controller does nothing, where it is not for the nodes. */
function idleReason({ after, refusal, recorder }: RolloutRun): string | undefined {
  if (after?.metadata.deletionTimestamp !== undefined) {
    const finalizers = after.metadata.finalizers ?? [];
    return `the DaemonSet is being deleted${finalizers.length === 0 ? '' : ` (finalizer ${finalizers.join(', ')})`}, and its controller leaves it alone`;
  }
  // A refusal that something followed was a conflict, soon forgotten; and pods that are refused are reasons of nodes.
  const isLasting = refusal !== undefined && refusal.atMs > recorder.lastProgressMs();
  const isOfPod = recorder.wanting().some((node) => recorder.refusalOn(node) === refusal?.message);
  return isLasting && !isOfPod
    ? `the API refuses what the controller wants to do: ${refusal.message}`
    : undefined;
}

/**
 * Nodes whose pod, or whose pod beside the old one, is unavailable, and those that should have lost theirs; `andAlso`
 * adds nodes that want no pod and have come to rest.
 */
export function troubledNodes(
  run: RolloutRun,
  andAlso: (node: string) => boolean = () => false,
): readonly { readonly node: string; readonly because: string }[] {
  const { recorder, manager } = run;
  const wanting = new Set(recorder.wanting());
  const known = new Map(manager.lister.list(NODE).map((node) => [node.metadata.name ?? '', node]));
  const names = new Set([...wanting, ...run.podsBefore.values()]);
  return [...names].sort().flatMap((name) => {
    if (!wanting.has(name) && recorder.isAtRest(name) && !andAlso(name)) return [];
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

function budgetText(troubled: number, { type, unavailableBudget, surgeBudget }: PlannedStrategy): string {
  const nodes = counted(troubled, 'node');
  if (type === 'OnDelete')
    return `${nodes} ${troubled === 1 ? 'is' : 'are'} unavailable, and OnDelete replaces no pod`;
  if (surgeBudget > 0)
    return `${nodes} ${troubled === 1 ? 'waits' : 'wait'} for a new pod, and maxSurge allows ${surgeBudget} at a time`;
  return `${nodes} ${troubled === 1 ? 'is' : 'are'} unavailable, and maxUnavailable allows ${unavailableBudget}`;
}
