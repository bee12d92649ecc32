import type { DaemonSet } from '../api/apps.ts';
import type { Node } from '../api/core.ts';
import { NODE } from '../api/well-known.ts';
import { describeObstacles } from '../domain/daemonset/explain-placement.ts';
import type { NodeEffect, PlannedNode } from './plan-report.ts';
import type { RolloutRun } from './rollout-run.ts';
import { surgeTroubleOn, troubleOn } from './trouble.ts';

/** What the change came to on each node, in order of their names. */
export function nodeEffects(run: RolloutRun, after: DaemonSet): readonly PlannedNode[] {
  const { recorder, manager, podsBefore } = run;
  const uidsBefore = new Map<string, string>();
  for (const [uid, node] of podsBefore) uidsBefore.set(node, uid);
  const nodes = new Map(manager.lister.list(NODE).map((node) => [node.metadata.name ?? '', node]));
  const wanting = new Set(recorder.wanting());
  const names = [...new Set([...nodes.keys(), ...uidsBefore.keys()])].sort();
  const isOnDelete = after.spec.updateStrategy?.type === 'OnDelete';
  return names.map((name) => {
    const question = {
      name,
      node: nodes.get(name),
      wants: wanting.has(name),
      uidBefore: uidsBefore.get(name),
      isOnDelete,
    };
    return { node: name, ...effectOn(question, run, after) };
  });
}

interface Question {
  readonly name: string;
  readonly node: Node | undefined;
  readonly wants: boolean;
  readonly uidBefore: string | undefined;
  readonly isOnDelete: boolean;
}

function effectOn(
  { name, node, wants, uidBefore, isOnDelete }: Question,
  { recorder }: RolloutRun,
  after: DaemonSet,
): { readonly effect: NodeEffect; readonly because: string } {
  const pods = recorder.podsOn(name);
  const trouble = troubleOn(name, node, recorder) ?? surgeTroubleOn(name, recorder);
  if (node === undefined) {
    return pods.length === 0
      ? { effect: 'lose', because: 'the node is gone' }
      : { effect: 'blocked', because: 'the node is gone, and its pod is not collected' };
  }
  if (!wants) {
    const obstacles = describeObstacles(after, node);
    if (uidBefore === undefined && pods.length === 0) return { effect: 'none', because: obstacles };
    if (pods.length === 0) return { effect: 'lose', because: obstacles };
    const isStuck = pods.some(({ state }) => state === 'terminating');
    if (isStuck) return { effect: 'blocked', because: trouble ?? 'the old pod does not stop' };
    return {
      effect: 'keep',
      because: `it gets no new pod (${obstacles}), but the one that is there may stay`,
    };
  }
  const served = pods.find(({ isUpdated, state }) => isUpdated && state === 'ready');
  const uidAfter = served?.pod.metadata.uid;
  if (uidAfter !== undefined && pods.length === 1) {
    if (uidBefore === undefined) return { effect: 'gain', because: 'the template accepts the node' };
    return uidAfter === uidBefore
      ? { effect: 'keep', because: 'its pod is of this template already' }
      : { effect: 'replace', because: 'its pod is of another template' };
  }
  if (isOnDelete && trouble === undefined)
    return { effect: 'keep', because: 'OnDelete leaves outdated pods alone' };
  return { effect: 'blocked', because: trouble ?? 'its turn does not come: the rollout stands still before' };
}
