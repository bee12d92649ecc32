import { expect } from 'vitest';
import type { Pod } from '../../src/api/core.ts';
import { isDeleting, isPodAvailable } from '../../src/domain/conditions.ts';
import type { Decision } from '../../src/domain/daemonset/observed.ts';
import { nodeShouldRunDaemonPod } from '../../src/domain/daemonset/placement.ts';
import { isPodUpdated } from '../../src/domain/daemonset/pod-template.ts';
import { scaledValueRoundedUp } from '../../src/domain/int-or-percent.ts';
import { imageHash, of, type World } from '../unit/domain/daemonset/world.ts';

/** What must hold for every plan, whatever the state: what does not, in words. Empty is right. */
export function violatedInvariants(world: World, decisions: readonly Decision[]): readonly string[] {
  const creates = of(decisions, 'createPod');
  const deletes = of(decisions, 'deletePod');
  const { updateStrategy } = world.daemonSet.spec;
  const isRolling = updateStrategy?.type === 'RollingUpdate';
  const placements = new Map(
    world.nodes.map((node) => [nameOf(node), nodeShouldRunDaemonPod(node, world.daemonSet)]),
  );
  const shouldRun = [...placements].filter(([, placement]) => placement.shouldRun).map(([name]) => name);
  const maxSurge = isRolling
    ? scaledValueRoundedUp(updateStrategy.rollingUpdate?.maxSurge, shouldRun.length)
    : 0;
  const given = isRolling
    ? scaledValueRoundedUp(updateStrategy.rollingUpdate?.maxUnavailable, shouldRun.length)
    : 0;
  const maxUnavailable = isRolling && given === 0 && maxSurge === 0 ? 1 : given;
  const nodes = new Map(shouldRun.map((name) => [name, situationOf(world, name)]));
  const gone = new Set(deletes.map(({ pod }) => nameOf(pod)));

  const violations: string[] = [];
  const demand = (holds: boolean, what: string): void => {
    if (!holds) violations.push(what);
  };
  demand(
    creates.every(({ nodeName }) => nodes.has(nodeName)),
    'a pod is created on a node that should not run it',
  );
  demand(
    new Set(creates.map(({ nodeName }) => nodeName)).size === creates.length,
    'a node gets two pods at once',
  );
  demand(gone.size === deletes.length, 'a pod is deleted twice');
  demand(of(decisions, 'updateStatus').length <= 1, 'the status is written twice');
  demand(
    maxSurge > 0 || creates.every(({ nodeName }) => nodes.get(nodeName)?.live.length === 0),
    'a node gets a second pod without surge',
  );

  // A node's only pod, available, goes in the rolling step alone, and within its budget.
  const sole = [...nodes.values()].filter(
    ({ live, available }) => live.length === 1 && available.length === 1,
  );
  const lost = sole.filter(({ live }) => live.every((pod) => gone.has(nameOf(pod)))).length;
  const unavailable = [...nodes.values()].filter(({ available }) => available.length === 0).length;
  demand(
    lost <= Math.max(0, maxUnavailable - unavailable),
    'more than maxUnavailable nodes lose their available pod',
  );

  // A new pod beside one that does its work is a surge, and within its budget.
  const extra = creates.filter(({ nodeName }) => (nodes.get(nodeName)?.available.length ?? 0) > 0).length;
  const doubled = [...nodes.values()].filter(({ live }) => live.length > 1).length;
  demand(extra <= Math.max(0, maxSurge - doubled), 'more than maxSurge nodes get a second pod');
  for (const { live, available } of nodes.values()) {
    const [only] = available;
    const isOldOfPair =
      live.length === 2 && available.length === 1 && only !== undefined && !isNew(world, only);
    const hasNew = live.some((pod) => isNew(world, pod));
    demand(
      maxSurge === 0 || !isOldOfPair || !hasNew || !gone.has(nameOf(only)),
      'an available old pod goes before its replacement is available',
    );
  }

  for (const { pod, nodeName } of isRolling ? [] : deletes) {
    const mayStay = placements.get(nodeName)?.shouldContinueRunning === true;
    demand(
      !mayStay || hasEnded(pod) || situationOf(world, nodeName).live.length > 1,
      'OnDelete deletes a pod that is the only one, runs, and may stay',
    );
  }
  return violations;
}

/** Lets everything come true that a healthy cluster would do by itself: pods end, start and get ready. */
function letTimePass(world: World): void {
  world.pods = world.pods.filter((pod) => !isDeleting(pod));
  world.markReady();
  world.now += 3_600_000;
}

/** Syncs until nothing is left to do. Throws when that does not happen within `limit` syncs. */
export function settle(world: World, limit: number): void {
  for (let count = 0; count < limit; count++) {
    const decisions = world.plan();
    if (decisions.length === 0) return;
    expect(violatedInvariants(world, decisions)).toEqual([]);
    world.sync();
    letTimePass(world);
  }
  expect(world.plan()).toEqual([]);
}

/** Every node that should run a pod has one; under RollingUpdate, of the current template. */
export function expectFinished(world: World): void {
  const isRolling = world.daemonSet.spec.updateStrategy?.type === 'RollingUpdate';
  const hash = imageHash(world.daemonSet.spec.template, undefined);
  for (const node of world.nodes) {
    const { shouldRun, shouldContinueRunning } = nodeShouldRunDaemonPod(node, world.daemonSet);
    const pods = world.podsOn(nameOf(node));
    if (shouldRun) expect(pods).toHaveLength(1);
    else if (!shouldContinueRunning) expect(pods).toEqual([]);
    else expect(pods.length).toBeLessThanOrEqual(1);
    if (shouldRun && isRolling) expect(pods.every((pod) => isPodUpdated(pod, hash, undefined))).toBe(true);
  }
}

interface Situation {
  /** Pods that have neither ended nor are on their way out. */
  readonly live: readonly Pod[];
  /** Those of them that are available. */
  readonly available: readonly Pod[];
}

function situationOf(world: World, nodeName: string): Situation {
  const minReadySeconds = world.daemonSet.spec.minReadySeconds ?? 0;
  const live = world.podsOn(nodeName).filter((pod) => !isDeleting(pod) && !hasEnded(pod));
  return { live, available: live.filter((pod) => isPodAvailable(pod, minReadySeconds, world.now)) };
}

function isNew(world: World, pod: Pod): boolean {
  return isPodUpdated(pod, imageHash(world.daemonSet.spec.template, undefined), undefined);
}

function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
}

function nameOf(object: { readonly metadata: { readonly name?: string } }): string {
  return object.metadata.name ?? '';
}
