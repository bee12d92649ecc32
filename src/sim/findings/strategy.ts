import type { Finding } from '../plan-report.ts';
import { counted, durationText, someOf } from '../wording.ts';
import { changesTemplate, type Examined, finding } from './examined.ts';

/** What the numbers of the strategy come to. */
export function strategyFindings(examined: Examined): readonly Finding[] {
  return [
    ...onDelete(examined),
    ...allAtOnce(examined),
    ...rounding(examined),
    ...minReady(examined),
    ...slow(examined),
    ...overlapping(examined),
  ];
}

function onDelete({ report, run }: Examined): readonly Finding[] {
  if (report.rollout.outcome !== 'onDelete') return [];
  const outdated = run.recorder
    .wanting()
    .filter((node) => run.recorder.podsOn(node).some(({ isUpdated }) => !isUpdated));
  const text = `the strategy is OnDelete: nothing moves until somebody deletes the pods of ${counted(outdated.length, 'outdated node')}: ${someOf(outdated, 10)}`;
  return [finding('warning', 'on-delete', text)];
}

function allAtOnce(examined: Examined): readonly Finding[] {
  const { report } = examined;
  const { strategy, rollout, change } = report;
  const isAll = strategy.unavailableBudget >= rollout.desired && rollout.desired > 0;
  if (!isAll || change === 'create' || !changesTemplate(examined)) return [];
  return [
    finding(
      rollout.desired === 1 ? 'note' : 'warning',
      'all-at-once',
      `maxUnavailable ${strategy.maxUnavailable ?? strategy.unavailableBudget} allows all ${counted(rollout.desired, 'node')} to be without a pod at the same time`,
    ),
  ];
}

/** Percentages round up: on few nodes they say more than they seem to. */
function rounding({ report }: Examined): readonly Finding[] {
  const { strategy, rollout } = report;
  const { desired } = rollout;
  const pairs = [
    ['maxUnavailable', strategy.maxUnavailable, strategy.unavailableBudget],
    ['maxSurge', strategy.maxSurge, strategy.surgeBudget],
  ] as const;
  return pairs.flatMap(([field, written = '', budget]) => {
    const [, percent] = /^(\d+)%$/.exec(written) ?? [];
    if (percent === undefined || desired === 0) return [];
    const actual = Math.round((budget * 100) / desired);
    if (actual - Number(percent) < 5) return [];
    const text = `${field} ${written} of ${counted(desired, 'node')} is rounded up to ${budget}, which is ${actual}%`;
    return [finding('note', 'rounding', text)];
  });
}

function minReady({ report }: Examined): readonly Finding[] {
  const { strategy, rollout } = report;
  const waits = strategy.minReadySeconds * 1000 * rollout.waves.length;
  if (strategy.minReadySeconds === 0 || rollout.waves.length < 2) return [];
  const text = `minReadySeconds ${strategy.minReadySeconds} × ${rollout.waves.length} waves is ${durationText(waits)} of waiting in a rollout of ${durationText(rollout.durationMs)}`;
  return [finding('note', 'min-ready-seconds', text)];
}

const slowMs = 3600_000;

function slow({ report }: Examined): readonly Finding[] {
  const { rollout, strategy } = report;
  if (rollout.durationMs < slowMs || rollout.waves.length < 2) return [];
  const each = durationText(rollout.durationMs / rollout.waves.length);
  const tenth = Math.max(1, Math.ceil(rollout.desired / 10));
  const hint =
    strategy.surgeBudget === 0 && strategy.unavailableBudget < tenth
      ? ' (see --compare maxUnavailable=10%)'
      : '';
  const text = `the rollout takes ${durationText(rollout.durationMs)}: ${rollout.waves.length} waves of about ${each}${hint}`;
  return [finding('note', 'slow-rollout', text)];
}

/** An update on top of one that has not ended replaces what is unready at once. */
function overlapping({ report, options }: Examined): readonly Finding[] {
  const { availability } = report.timeline;
  const later = options.changes.slice(1);
  return later.flatMap(({ atMs, text }) => {
    const at = availability.findLast((one) => one.atMs < atMs);
    if (at === undefined || at.available >= at.desired) return [];
    const down = at.desired - at.available;
    const said = `"${text}" comes at ${durationText(atMs)}, while ${counted(down, 'node')} ${down === 1 ? 'has' : 'have'} no available pod: unready pods are replaced at once and do not wait for maxUnavailable. At worst ${report.rollout.fewestAvailable.count} of ${report.rollout.desired} pods are available`;
    return [finding('warning', 'overlapping-updates', said)];
  });
}
