import type { PodBehaviour } from './behaviour.ts';

/** A run of a container that has ended, counted from the pod's start. */
export interface Run {
  readonly startedAfterMs: number;
  readonly finishedAfterMs: number;
}

/** Where a pod is on its way, so long after its start. */
export type Stage =
  | { readonly name: 'pulling' }
  /** The pull failed for the first time, or waits for the next try. */
  | { readonly name: 'pull-failed'; readonly backingOff: boolean }
  | { readonly name: 'initializing' }
  | { readonly name: 'starting' }
  | {
      readonly name: 'running';
      readonly ready: boolean;
      readonly restarts: number;
      readonly startedAfterMs: number;
      /** The run before this one, when there was one. */
      readonly lastRun?: Run;
    }
  | { readonly name: 'crashed'; readonly restarts: number; readonly lastRun: Run }
  | { readonly name: 'evicted' };

/** A stage, and how long until the next one; no `nextInMs` when it stays so. */
export interface StageAt {
  readonly stage: Stage;
  readonly nextInMs?: number;
}

const pullRetryMs = 10_000;
const runBeforeCrashMs = 1_000;
const firstRestartDelayMs = 10_000;
const longestRestartDelayMs = 300_000;

/** Pods of one batch mostly behave alike and have started at the same time. */
let last: { readonly behaviour: PodBehaviour; readonly elapsedMs: number; readonly at: StageAt } | undefined;

/** The stage of a pod `elapsedMs` after its start; the same one for pods alike that come one after the other. */
export function stageAt(behaviour: PodBehaviour, elapsedMs: number): StageAt {
  if (last?.behaviour !== behaviour || last.elapsedMs !== elapsedMs) {
    last = { behaviour, elapsedMs, at: findStage(behaviour, elapsedMs) };
  }
  return last.at;
}

function findStage(behaviour: PodBehaviour, elapsedMs: number): StageAt {
  const pulledMs = behaviour.pullSeconds * 1000;
  const initializedMs = pulledMs + behaviour.initSeconds * 1000;
  const startedMs = initializedMs + behaviour.startSeconds * 1000;
  const readyMs = startedMs + behaviour.readySeconds * 1000;
  const until = (stage: Stage, endMs: number): StageAt => ({ stage, nextInMs: endMs - elapsedMs });

  if (elapsedMs < pulledMs) return until({ name: 'pulling' }, pulledMs);
  if (behaviour.outcome === 'image-pull-fails') {
    const backingOff = elapsedMs >= pulledMs + pullRetryMs;
    const stage: Stage = { name: 'pull-failed', backingOff };
    return backingOff ? { stage } : until(stage, pulledMs + pullRetryMs);
  }
  if (elapsedMs < initializedMs) return until({ name: 'initializing' }, initializedMs);
  if (elapsedMs < startedMs) return until({ name: 'starting' }, startedMs);
  const running = (ready: boolean): Stage => ({
    name: 'running',
    ready,
    restarts: 0,
    startedAfterMs: startedMs,
  });
  switch (behaviour.outcome) {
    case 'crash-loop':
      return crashLoopAt(startedMs, elapsedMs);
    case 'never-ready':
      return { stage: running(false) };
    case 'ready':
      return elapsedMs < readyMs ? until(running(false), readyMs) : { stage: running(true) };
    case 'evicted':
      return elapsedMs < readyMs ? until(running(false), readyMs) : { stage: { name: 'evicted' } };
    default:
      return behaviour.outcome satisfies never;
  }
}

/** Runs for a second, crashes, waits (twice as long each time), runs again. */
function crashLoopAt(firstStartMs: number, elapsedMs: number): StageAt {
  let startedAfterMs = firstStartMs;
  let previous: { readonly lastRun?: Run } = {};
  for (let restarts = 0; ; restarts += 1) {
    const lastRun: Run = { startedAfterMs, finishedAfterMs: startedAfterMs + runBeforeCrashMs };
    if (elapsedMs < lastRun.finishedAfterMs) {
      const stage: Stage = { name: 'running', ready: false, restarts, startedAfterMs, ...previous };
      return { stage, nextInMs: lastRun.finishedAfterMs - elapsedMs };
    }
    const delayMs = Math.min(firstRestartDelayMs * 2 ** Math.min(restarts, 10), longestRestartDelayMs);
    startedAfterMs = lastRun.finishedAfterMs + delayMs;
    if (elapsedMs < startedAfterMs) {
      return { stage: { name: 'crashed', restarts, lastRun }, nextInMs: startedAfterMs - elapsedMs };
    }
    previous = { lastRun };
  }
}
