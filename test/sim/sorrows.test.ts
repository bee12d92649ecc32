import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../src/sim/plan-report.ts';
import { repository } from '../support/kdaemon.ts';
import { type PlannedSorrow, type SorrowPlayer, sorrowPlayer, type Told } from './support/sorrow.ts';

interface Sorrow<T> {
  /** Its folder in `fixtures/sorrows`. */
  readonly sorrow: string;
  /** What kdaemon says to it. */
  readonly says: string;
  readonly check: (told: T) => void;
}

const effectsOf = ({ nodes }: PlanReport) =>
  Object.fromEntries(nodes.map(({ node, effect }) => [node, effect]));
const waveSizes = ({ rollout }: PlanReport) => rollout.waves.map(({ nodes }) => nodes.length);
const rulesOf = ({ findings }: PlanReport) => findings.map(({ severity, rule }) => `${severity} ${rule}`);

const plans: readonly Sorrow<PlannedSorrow>[] = [
  {
    sorrow: 'lost-node',
    says: 'it sticks at 3 of 9, and maxUnavailable 2 or maxSurge gets to all that are left',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', durationMs: 36_000, upToDate: 3, desired: 9 });
      expect(text).toContain('1 node is unavailable, and maxUnavailable allows 1');
      expect(text).toContain('the node is not ready, so the old pod cannot stop on worker-5');
      expect(text).toContain('maxUnavailable: 2 is the smallest that moves it on (or 12% of 9 nodes)');
      expect(report.compared).toMatchObject([
        { name: 'maxUnavailable=1', outcome: 'stuck', upToDate: 3 },
        { name: 'maxUnavailable=2', outcome: 'complete', upToDate: 9 },
        { name: 'maxSurge=1', outcome: 'complete', upToDate: 9, mostUnavailable: 0 },
      ]);
      // Down is worker-5, which then no longer counts, or one other: never two of those that count.
      expect(report.rollout.fewestAvailable).toEqual({ count: 8, atMs: 30_000 });
    },
  },
  {
    sorrow: 'budget-spent-before-it-starts',
    says: 'nothing starts: 5 nodes are down, 5% of the 67 others is 4, and 6 (8%) would move',
    check({ report, text }) {
      expect(report.strategy.unavailableBudget).toBe(4);
      expect(report.rollout).toMatchObject({ outcome: 'stuck', durationMs: 0, updated: 0, available: 67 });
      expect(text).toContain('5 nodes are unavailable, and maxUnavailable allows 4');
      expect(report.rollout.stuck?.advice).toBe(
        'maxUnavailable: 6 is the smallest that moves it on (or 8% of 67 nodes)',
      );
      expect(rulesOf(report)).toEqual(['error stall', 'warning invisible-nodes']);
      expect(text).toContain('no healthy pod is replaced until they are back');
    },
  },
  {
    sorrow: 'tolerated-dead-node',
    says: 'the toleration without a key keeps the dead node in the count, and nothing moves',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', desired: 5, available: 4, upToDate: 0 });
      expect(rulesOf(report)).toEqual(['error stall', 'warning blanket-toleration']);
      expect(text).toContain('no healthy pod is replaced until it is back');
      expect(text).toContain('so 1 dead node still wants a pod and holds the rollout up: worker-2');
    },
  },
  {
    sorrow: 'dead-node-among-many',
    says: 'the dead node costs one of two at a time, all others are updated, and it is named',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 9, desired: 9 });
      expect(waveSizes(report)).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1]);
      expect(effectsOf(report)['worker-3']).toBe('blocked');
      expect(text).toContain('which leaves 1 of maxUnavailable 2 for the rollout');
      expect(text).toContain('"rollout status" says nothing of it');
    },
  },
  {
    sorrow: 'update-kills-nodes',
    says: 'it stands still after one node, and says to look at the new pod before allowing more',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', mostUnavailable: 1 });
      expect(report.rollout.stuck?.nodes).toEqual([
        { node: 'worker-1', because: 'the node went down with the new pod' },
      ]);
      expect(text).toContain('but the one that is there may stay; the node went down with the new pod');
      expect(text).toContain('first see whether the new pod took the node down');
    },
  },
  {
    sorrow: 'bad-updates-in-a-row',
    says: 'the healthy four of five survive all three bad updates',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({
        outcome: 'stuck',
        updated: 1,
        mostUnavailable: 1,
        fewestAvailable: { count: 4, atMs: 0 },
      });
      expect(rulesOf(report)).toEqual(['note overlapping-updates', 'note overlapping-updates']);
      expect(text).toContain('At worst 4 of 5 pods are available');
      expect(text).toContain('CrashLoopBackOff');
    },
  },
  {
    sorrow: 'update-inside-min-ready-seconds',
    says: 'the second update takes all four pods down at once, although maxUnavailable is 1',
    check({ report, text }) {
      expect(rulesOf(report)).toEqual(['warning overlapping-updates']);
      expect(text).toContain('comes at 30s, while 4 nodes have no available pod');
      expect(text).toContain('At worst 0 of 4 pods are available');
      const terminating = report.timeline.tracks.map(
        ({ segments }) => segments.find(({ state }) => state === 'terminating')?.fromMs,
      );
      expect(terminating).toEqual([30_000, 30_000, 30_000, 30_000]);
    },
  },
  {
    sorrow: 'unready-pods-replaced-at-once',
    says: 'three unready pods go in the first step, the others one by one',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', durationMs: 48_000, mostUnavailable: 3 });
      expect(waveSizes(report)).toEqual([3, 1, 1, 1]);
      expect(rulesOf(report)).toEqual(['warning old-unready-burst']);
      expect(text).toContain('replaced in the first step whatever the strategy says (it allows 1)');
    },
  },
  {
    sorrow: 'surge-leaves-a-pool',
    says: 'the pods on the control plane go once the workers can do without them',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', desired: 3, mostUnavailable: 0 });
      expect(report.counts).toMatchObject({ replace: 3, lose: 2, blocked: 0 });
      // Five serve and three are wanted, so both may go in the first step.
      expect(report.rollout.waves[0]?.nodes).toEqual(['cp-1', 'cp-2', 'worker-1']);
      expect(text).toContain('taint node-role.kubernetes.io/control-plane:NoSchedule is not tolerated');
    },
  },
  {
    sorrow: 'surge-with-host-port',
    says: 'it sticks at once on the port, and maxUnavailable 1 would take 48 seconds',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', durationMs: 0, available: 4, upToDate: 0 });
      expect(rulesOf(report)).toEqual(['error surge-with-host-port']);
      expect(text).toContain('both want host port 9100/TCP');
      expect(report.compared).toMatchObject([
        { name: 'maxSurge=1', outcome: 'stuck', upToDate: 0 },
        { name: 'maxUnavailable=1', outcome: 'complete', durationMs: 48_000, fewestAvailable: 3 },
      ]);
    },
  },
  {
    sorrow: 'surge-without-room',
    says: 'no node has the 2.5 cores for a second pod, and maxUnavailable 1 needs none',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', available: 3 });
      expect(report.capacity.pending.map(({ node }) => node)).toEqual(['worker-1', 'worker-2', 'worker-3']);
      expect(text).toContain('Insufficient cpu (asks for 2500m, 1500m of 4 are free)');
      expect(text).toContain('without maxSurge, maxUnavailable: 1 is the smallest that moves it on');
      expect(report.compared).toMatchObject([{ outcome: 'complete', durationMs: 36_000 }]);
    },
  },
  {
    sorrow: 'surge-with-min-ready-seconds',
    says: 'each old pod goes as soon as the new one was ready for 30 seconds',
    check({ report }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', fewestAvailable: { count: 3 } });
      const [track] = report.timeline.tracks;
      // Pull 5 s, start 2 s, ready 3 s later, and 30 s of readiness; the queue's timer adds its second.
      expect(track?.segments[0]).toEqual({ fromMs: 0, toMs: 41_000, state: 'old' });
      expect(track?.surge?.find(({ state }) => state === 'settling')).toMatchObject({
        fromMs: 10_000,
        toMs: 40_000,
      });
    },
  },
  {
    sorrow: 'ready-but-not-available',
    says: '50 of its 51 minutes are minReadySeconds',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', durationMs: 5 * 612_000 });
      expect(rulesOf(report)).toEqual(['note min-ready-seconds']);
      expect(text).toContain('minReadySeconds 600 × 5 waves is 50m of waiting in a rollout of 51m');
    },
  },
  {
    sorrow: 'never-ready',
    says: 'two nodes stay without a ready pod, four keep the old one, and --fail-on stuck fails',
    check({ report, code, err }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', available: 4, updated: 2, upToDate: 0 });
      expect(code).toBe(1);
      expect(err).toContain('the rollout is stuck after 7s: 2 nodes are unavailable');
      expect(err).toContain('the new pod is not ready on worker-1, worker-2');
    },
  },
  {
    sorrow: 'image-that-does-not-exist',
    says: 'half of the nodes lose their pod, with maxSurge none does',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', available: 3, upToDate: 0 });
      expect(text).toContain('the image of the new pod cannot be pulled (ImagePullBackOff)');
      expect(text).toContain('going back to the template before replaces the pods of 3 nodes');
      expect(report.compared).toMatchObject([
        { name: 'maxUnavailable=50%', fewestAvailable: 3 },
        { name: 'maxSurge=50%', outcome: 'stuck', fewestAvailable: 6, mostSurge: 3 },
      ]);
    },
  },
  {
    sorrow: 'evicted-again-and-again',
    says: 'worker-1 rejects each new pod, with ever longer waits, and the others wait behind it',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', upToDate: 0, available: 3 });
      expect(text).toContain('(at last every 15m), the new pod fails (Evicted) on worker-1');
      expect(text).toContain('maxUnavailable: 2 is the smallest that moves it on');
    },
  },
  {
    sorrow: 'finished-pod-with-finalizer',
    says: 'the node gets a new pod all the same',
    check({ report }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 2 });
      expect(effectsOf(report)).toEqual({ 'worker-1': 'keep', 'worker-2': 'gain' });
    },
  },
  {
    sorrow: 'taint-comes-and-goes',
    says: 'the pod goes with the taint and comes back without it, the others stay',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', desired: 3, upToDate: 3 });
      expect(report.rollout.waves).toMatchObject([
        { fromMs: 10_000, nodes: ['worker-2'] },
        { fromMs: 60_000, nodes: ['worker-2'] },
      ]);
      expect(text).toContain('worker-2: its pod goes and comes again on the way');
    },
  },
  {
    sorrow: 'nodes-come-and-go',
    says: 'done is done: every node that is there has the new pod, whoever came or went',
    check({ report }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', desired: 4, upToDate: 4 });
      expect(effectsOf(report)).toEqual({
        'worker-1': 'replace',
        'worker-2': 'replace',
        'worker-3': 'replace',
        'worker-4': 'lose',
        'worker-9': 'gain',
      });
      expect(report.timeline.marks.map(({ text }) => text)).toContain('node worker-9 is added');
    },
  },
  {
    sorrow: 'on-delete-waits-for-ever',
    says: 'nothing moves until somebody deletes four pods, and --fail-on on-delete fails',
    check({ report, code, err }) {
      expect(report.rollout).toMatchObject({ outcome: 'onDelete', updated: 0, available: 4 });
      expect(rulesOf(report)).toEqual(['warning on-delete']);
      expect([code, err]).toEqual([1, 'error: the strategy is OnDelete: no pod is replaced\n']);
    },
  },
  {
    sorrow: 'pause',
    says: 'OnDelete ends it after the node that is under way: three new, three old, all available',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'onDelete', upToDate: 3, available: 6 });
      expect(rulesOf(report)).toEqual(['warning on-delete']);
      expect(text).toContain('the pods of 3 outdated nodes: worker-4, worker-5, worker-6');
    },
  },
  {
    sorrow: 'done-at-once-on-one-node',
    says: 'nothing serves for 12 seconds, although waiters are content; maxSurge keeps the old pod',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', durationMs: 12_000, mostUnavailable: 1 });
      expect(text).toContain('on the only node nothing serves during the update');
      expect(report.compared).toMatchObject([
        { name: 'maxUnavailable=1', fewestAvailable: 0 },
        { name: 'maxSurge=1', fewestAvailable: 1 },
      ]);
    },
  },
  {
    sorrow: 'percent-of-few-nodes',
    says: '10% of three nodes is a third',
    check({ report, text }) {
      expect(report.strategy.unavailableBudget).toBe(1);
      expect(rulesOf(report)).toEqual(['note rounding']);
      expect(text).toContain('maxUnavailable 10% of 3 nodes is rounded up to 1, which is 33%');
    },
  },
  {
    sorrow: 'slow-fleet',
    says: 'five pods a minute one by one, half the nodes a minute at 10%',
    check({ report }) {
      expect(report.compared).toMatchObject([
        { name: 'maxUnavailable=1', durationMs: 240_000, fewestAvailable: 19 },
        { name: 'maxUnavailable=10%', durationMs: 120_000, fewestAvailable: 18 },
      ]);
      expect(report.rollout.waves).toHaveLength(20);
    },
  },
  {
    sorrow: 'images-pulled-before',
    says: 'seven seconds where the image lies already, two minutes more elsewhere',
    check({ report }) {
      expect(report.rollout.waves.map(({ fromMs, toMs, nodes }) => [nodes[0], toMs - fromMs])).toEqual([
        ['cold-1', 127_000],
        ['warm-1', 7000],
      ]);
    },
  },
  {
    sorrow: 'zone-without-pods',
    says: 'two at a time by name are both nodes of a zone, three times',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', mostUnavailable: 2 });
      expect(rulesOf(report)).toEqual(['warning zone-without-pods']);
      expect(text).toContain('all 2 nodes of zone a have no available pod at the same time (at 0s)');
      expect(text).toContain('With maxUnavailable 1 each zone whose nodes are well keeps a pod');
    },
  },
  {
    sorrow: 'disruption-budget',
    says: 'the budget has no say: one pod after another is replaced',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 3, mostUnavailable: 1 });
      expect(rulesOf(report)).toEqual(['note pdb-has-no-say']);
      expect(text).toContain("never limits a DaemonSet's updates");
    },
  },
  {
    sorrow: 'one-size-for-all-nodes',
    says: 'the small node loses its pod for one that asks for 4Gi of 2Gi, and --fail-on pending fails',
    check({ report, code, err }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', upToDate: 2, available: 2 });
      expect(effectsOf(report)).toEqual({ 'large-1': 'replace', 'large-2': 'replace', 'small-1': 'blocked' });
      expect(report.capacity.shares.find(({ node }) => node === 'small-1')?.memoryPercent).toBe(200);
      expect(code).toBe(1);
      expect(err).toContain('small-1: Insufficient memory (asks for 4Gi, 2Gi of 2Gi are free)');
    },
  },
  {
    sorrow: 'full-node',
    says: 'it stays Pending on worker-2, where 50m of 4 cores are free',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'stuck', desired: 3, upToDate: 2 });
      expect(rulesOf(report)).toEqual(['error does-not-fit']);
      expect(text).toContain('worker-2: Insufficient cpu (asks for 100m, 50m of 4 are free)');
    },
  },
  {
    sorrow: 'priority-makes-room',
    says: 'it gets onto the full node, and the plan names the pod that has to go',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 3 });
      expect(rulesOf(report)).toEqual(['warning preemption']);
      expect(report.capacity.pending).toEqual([]);
      expect(text).toContain('1 pod of lower priority is evicted to make room: default/batch on worker-2');
    },
  },
  {
    sorrow: 'overhead-of-a-node-shape',
    says: 'both DaemonSets take 40% of the cpu and half of the memory of such a node',
    check({ report, text }) {
      expect(report.capacity.shares).toEqual([
        {
          node: 'tiny-1',
          requests: { cpuMilli: 400, memoryBytes: 512 * 2 ** 20 },
          cpuPercent: 40,
          memoryPercent: 50,
        },
      ]);
      expect(text).toContain('all DaemonSets request at most 40% of cpu and 50% of memory (on tiny-1)');
    },
  },
  {
    sorrow: 'virtual-nodes',
    says: 'one pod would go to a Fargate node: exclude it by affinity',
    check({ report, text }) {
      expect(rulesOf(report)).toEqual(['warning virtual-nodes']);
      expect(text).toContain('fargate-1. Exclude them by node affinity');
    },
  },
  {
    sorrow: 'reordered-lists',
    says: 'every pod is restarted for an order',
    check({ report, text }) {
      expect(report.counts.replace).toBe(4);
      expect(rulesOf(report)).toEqual(['warning template-churn']);
      expect(text).toContain('nodeSelectorTerms: the same in another order');
    },
  },
  {
    sorrow: 'rollback-halfway',
    says: 'going back restarts the three nodes that were reached, and no other',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 6, mostUnavailable: 1 });
      expect(report.counts).toMatchObject({ replace: 3, keep: 3 });
      expect(report.revisions.after).toBe(report.revisions.before);
      expect(rulesOf(report)).toEqual(['note overlapping-updates', 'note rollback']);
      expect(text).toContain('going back replaces the pods of 3 nodes');
    },
  },
  {
    sorrow: 'undo-preview',
    says: 'it shows the field that goes back, and warns of the manifest that was applied',
    check({ report, text }) {
      expect(report.differences).toEqual([
        {
          path: 'spec.template.spec.containers[agent].image',
          before: 'registry.example/agent:v2',
          after: 'registry.example/agent:v1',
        },
      ]);
      expect(text).toContain('the next apply of it rolls forward again');
      expect(text).toContain(`${report.revisions.before} → ${report.revisions.after}`);
    },
  },
  {
    sorrow: 'duplicate-revision',
    says: 'one pod is taken for the old revision without being replaced, and the plan says which',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 2 });
      expect(effectsOf(report)).toEqual({ 'worker-1': 'replace', 'worker-2': 'keep' });
      expect(rulesOf(report)[0]).toBe('warning taken-for-updated');
      expect(text).toContain('because the labels say so, and is not replaced: worker-2');
    },
  },
  {
    sorrow: 'field-with-a-new-default',
    says: 'no pod is restarted: there is a new revision, and the pods pass by their generation',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'unchanged', waves: [] });
      expect(report.revisions.after).not.toBe('agent-5d8f9c7b6d');
      expect(report.counts).toMatchObject({ keep: 2, replace: 0 });
      expect(rulesOf(report)).toEqual(['warning taken-for-updated']);
      expect(text).toContain('2 pods count as up to date although they are of another revision');
    },
  },
  {
    sorrow: 'canary-label-removed',
    says: 'the node without the label loses the canary, and gets nothing in its place',
    check({ report, text }) {
      expect(effectsOf(report)).toEqual({ 'worker-1': 'keep', 'worker-2': 'lose', 'worker-3': 'none' });
      expect(text).toContain('worker-2: nodeSelector wants track=canary and the node has track=stable');
    },
  },
  {
    sorrow: 'disabled',
    says: 'three nodes lose their pod, and --fail-on fewer-nodes fails',
    check({ report, code, err }) {
      expect(report.counts).toMatchObject({ lose: 3, keep: 0 });
      expect(report.rollout).toMatchObject({ outcome: 'complete', desired: 0 });
      expect(code).toBe(1);
      expect(err).toContain('3 nodes would lose the pod: worker-1, worker-2, worker-3');
    },
  },
  {
    sorrow: 'relabelled-pod',
    says: 'the node gets a second pod, and the first runs on without a controller',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'complete', upToDate: 3 });
      expect(effectsOf(report)).toEqual({ 'worker-1': 'keep', 'worker-2': 'replace', 'worker-3': 'keep' });
      expect(rulesOf(report)).toEqual(['warning released-pods']);
      expect(text).toContain('runs on without a controller, beside a new one');
    },
  },
  {
    sorrow: 'orphans-adopted',
    says: 'the orphans are adopted and never updated, because their generation is the new one by chance',
    check({ report, text }) {
      expect(report.rollout).toMatchObject({ outcome: 'unchanged', desired: 3 });
      expect(report.counts).toMatchObject({ keep: 3, gain: 0, replace: 0 });
      expect(rulesOf(report)).toEqual(['warning taken-for-updated', 'note adopted-pods']);
      expect(text).toContain('count as up to date although they are of another revision');
    },
  },
];

const answers: readonly Sorrow<Told>[] = [
  {
    sorrow: 'misscheduled',
    says: 'two nodes whose pods keep running behind a taint, with the toleration that they lack',
    check({ out }) {
      expect(out).toMatch(/^2 +no +worker-2, worker-3 +available, keeps running +taint team=storage/m);
      expect(out).toMatch(/^desired +3 +worker-1, worker-4, worker-5$/m);
      expect(out).toMatch(/^misscheduled +2 +worker-2, worker-3$/m);
      expect(out).toContain('add the toleration {key: team, operator: Equal, value: "storage"');
    },
  },
  {
    sorrow: 'stale-status',
    says: 'the numbers as they are, beside those that the status still says',
    check({ out }) {
      expect(out).toMatch(/^desired +5 +all of them \(the status still says 4\)$/m);
      expect(out).toMatch(/^misscheduled +0 +none \(the status still says 1\)$/m);
    },
  },
  {
    sorrow: 'desired-is-zero',
    says: 'it wants three nodes, and the status does not know yet',
    check({ out }) {
      expect(out).toContain('should run on 3 of 3 nodes');
      expect(out).toMatch(/^desired +3 +worker-\[1-3\] \(the status still says 0\)$/m);
    },
  },
  {
    sorrow: 'not-on-this-node',
    says: 'the taint, the toleration that would do, and the command for it',
    check({ out }) {
      expect(out).toContain('node/gpu-1: no');
      expect(out).toContain('nvidia.com/gpu=present:NoSchedule is not tolerated');
      expect(out).toContain('kdaemon taint node gpu-1 nvidia.com/gpu:NoSchedule-');
    },
  },
  {
    sorrow: 'run-once',
    says: "the API server's refusal",
    check({ code, err }) {
      expect(code).toBe(1);
      expect(err).toContain(
        'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      );
    },
  },
  {
    sorrow: 'other-selector',
    says: "the API server's refusal",
    check({ code, err }) {
      expect(code).toBe(1);
      expect(err).toContain('spec.selector: Invalid value: ');
      expect(err).toContain('field is immutable');
    },
  },
  {
    sorrow: 'surge-alone',
    says: "the API server's refusal",
    check({ code, err }) {
      expect(code).toBe(1);
      expect(err).toContain('maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero');
    },
  },
];

describe('known sorrows', () => {
  let player: SorrowPlayer;
  beforeAll(() => {
    player = sorrowPlayer();
  });
  afterAll(() => player.remove());

  test.each(plans)('$sorrow: $says', async ({ sorrow, check }) => check(await player.plan(sorrow)));
  test.each(answers)('$sorrow: $says', async ({ sorrow, check }) => check(await player.answer(sorrow)));

  test('each has a test above', () => {
    const folders = readdirSync(join(repository, 'fixtures/sorrows'), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...plans, ...answers].map(({ sorrow }) => sorrow).sort()).toEqual(names.sort());
  });
});
