import { amountText } from '../../sim/capacity.ts';
import type { Difference, NodeEffect, PlanReport, Requests, Wave } from '../../sim/plan-report.ts';
import { counted, durationText } from '../../sim/wording.ts';

/** The result in a few words: `complete in 2m0s, 10 of 10 nodes updated`. */
export function resultPhrase({ rollout, change }: PlanReport): string {
  const { outcome, durationMs, desired, upToDate, stuck } = rollout;
  switch (outcome) {
    case 'complete':
      return `complete in ${durationText(durationMs)}, ${upToDate} of ${counted(desired, 'node')} up to date`;
    case 'stuck':
      return `stuck after ${durationText(stuck?.atMs ?? durationMs)}, ${upToDate} of ${counted(desired, 'node')} up to date`;
    case 'onDelete':
      return `left to you: OnDelete replaces no pod, ${upToDate} of ${counted(desired, 'node')} up to date`;
    case 'unchanged':
      return change === 'none' || change === 'update'
        ? 'nothing to roll out, no pod is touched'
        : 'nothing to do, no node wants a pod';
    default:
      return outcome satisfies never;
  }
}

/** How many pods serve at the worst moment, and when. */
export function availabilityPhrase({ rollout, change }: PlanReport): string {
  const { fewestAvailable, desired, available, mostUnavailable, mostSurge } = rollout;
  if (change === 'create') return `${available} of ${desired} at the end`;
  const parts = [
    `at least ${fewestAvailable.count} of ${desired} at any time${mostUnavailable === 0 ? '' : ` (fewest at ${durationText(fewestAvailable.atMs)})`}`,
    mostUnavailable === 0 ? '' : `up to ${counted(mostUnavailable, 'node')} down at once`,
    mostSurge === 0 ? '' : `up to ${counted(mostSurge, 'extra pod')} at once`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The strategy with its numbers: `RollingUpdate, maxUnavailable 10% (1 of 10 nodes)`. */
export function strategyPhrase({ strategy, rollout }: PlanReport): string {
  const { type, maxUnavailable, maxSurge, unavailableBudget, surgeBudget, minReadySeconds } = strategy;
  if (type === 'OnDelete') return type;
  const percent = (written: string | undefined, budget: number): string =>
    written?.endsWith('%') === true ? ` (${budget} of ${counted(rollout.desired, 'node')})` : '';
  const parts = [
    type,
    surgeBudget > 0
      ? `maxSurge ${maxSurge ?? surgeBudget}${percent(maxSurge, surgeBudget)}`
      : `maxUnavailable ${maxUnavailable ?? unavailableBudget}${percent(maxUnavailable, unavailableBudget)}`,
    minReadySeconds > 0 ? `minReadySeconds ${minReadySeconds}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `spec.template.spec.containers[agent].image: a → b`, without the part that all paths share. */
export function differencePhrase({ path, before, after }: Difference): string {
  const short = path.replace(/^spec\.template\.spec\./, '').replace(/^spec\./, '');
  if (after === 'reordered') return `${short}: the same in another order`;
  if (before === undefined) return `${short}: ${after ?? ''} (new)`;
  return after === undefined ? `${short}: ${before} (removed)` : `${short}: ${before} → ${after}`;
}

/** What each effect means, for people. */
export const EFFECT_WORDS: Readonly<Record<NodeEffect, string>> = {
  blocked: 'not reached',
  replace: 'pod replaced',
  gain: 'pod gained',
  lose: 'pod lost',
  keep: 'pod kept',
  none: 'no pod',
};

/** Effects in the order in which people want to see them. */
const EFFECTS: readonly NodeEffect[] = ['blocked', 'replace', 'gain', 'lose', 'keep', 'none'];

/** Nodes with the same effect for the same reason. */
export interface NodeGroup {
  readonly effect: NodeEffect;
  readonly because: string;
  readonly nodes: readonly string[];
}

/** The nodes of a plan in groups, in the order of `EFFECTS`, the larger groups first. */
export function nodeGroups({ nodes }: PlanReport): readonly NodeGroup[] {
  const groups = new Map<string, { effect: NodeEffect; because: string; nodes: string[] }>();
  for (const { node, effect, because } of nodes) {
    const key = `${effect} ${because}`;
    const group = groups.get(key) ?? { effect, because, nodes: [] };
    group.nodes.push(node);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect) || b.nodes.length - a.nodes.length,
  );
}

/** Neighbouring waves of the same size and length. */
export interface WaveRun {
  readonly first: Wave;
  readonly last: Wave;
  readonly count: number;
}

/** Waves with like neighbours put together. */
export function waveRuns(waves: readonly Wave[]): readonly WaveRun[] {
  const runs: WaveRun[] = [];
  const length = ({ fromMs, toMs }: Wave): number => toMs - fromMs;
  for (const wave of waves) {
    const run = runs.at(-1);
    const isLike =
      run !== undefined && run.last.nodes.length === wave.nodes.length && length(run.last) === length(wave);
    if (run !== undefined && isLike) runs[runs.length - 1] = { ...run, last: wave, count: run.count + 1 };
    else runs.push({ first: wave, last: wave, count: 1 });
  }
  return runs;
}

/** Requests for people: `100m cpu, 128Mi memory`; what is not asked for is left out. */
export function requestsPhrase({ cpuMilli, memoryBytes, other = {} }: Requests): string {
  const parts = [
    cpuMilli === 0 ? '' : `${signed('cpu', cpuMilli)} cpu`,
    memoryBytes === 0 ? '' : `${signed('memory', memoryBytes)} memory`,
    ...Object.entries(other).map(([name, amount]) => `${signed(name, amount)} ${name}`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

const signed = (resource: string, amount: number): string =>
  `${amount < 0 ? '-' : ''}${amountText(resource, Math.abs(amount))}`;

/** What the plan takes for granted about pods, with the flags that change it. */
export function assumptionPhrase({ assumptions, seed, faults }: PlanReport): string {
  const { pullMs, startMs, readyMs, stopMs } = assumptions;
  const text = `a pod stops in ${durationText(stopMs)}, pulls a new image in ${durationText(pullMs)}, starts in ${durationText(startMs)} and is ready ${durationText(readyMs)} later (--stop, --pull, --start, --ready)`;
  return faults.some((fault) => fault.startsWith('slow-start')) ? `${text}; seed ${seed}` : text;
}
