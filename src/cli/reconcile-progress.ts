import type { DaemonSet } from '../api/apps.ts';
import { DAEMON_SET } from '../api/well-known.ts';
import type { Manager } from '../runtime/manager.ts';
import type { Context } from './context.ts';

/** How far a run has come with the pods of all DaemonSets. */
export interface PodProgress {
  /** Pods of the current templates that are available. */
  readonly done: number;
  /** Pods that there should be. */
  readonly wanted: number;
}

/** The line that a terminal shows while a run goes on. */
export interface ProgressLine {
  /** To be called often; it writes five times a second at most, and not in the first second. */
  tick(manager: Manager): void;
  /** Takes the line away. */
  end(): void;
}

const QUIET_MS = 1000;
const REFRESH_MS = 200;

/** One line on a terminal for runs of more than a second: pods done, how fast, and the time that is left. */
export function progressLine({ streams, clock }: Pick<Context, 'streams' | 'clock'>): ProgressLine {
  const begun = clock.now();
  let shown: number | undefined;
  let first: PodProgress | undefined;
  return {
    tick(manager) {
      const now = clock.now();
      if (!streams.errIsTerminal || now - (shown ?? Number.NEGATIVE_INFINITY) < REFRESH_MS) return;
      const progress = podProgress(manager.lister.list(DAEMON_SET));
      // What was done before the run says nothing about its speed.
      first ??= progress;
      if (now - begun < QUIET_MS) return;
      shown = now;
      streams.err(
        `\r\u001b[K${progressText(progress, progress.done - first.done, now - begun, manager.handled())}`,
      );
    },
    end() {
      if (shown !== undefined) streams.err('\r\u001b[K');
    },
  };
}

/** The pods of these DaemonSets by their statuses: those that the controller has not counted yet are left out. */
export function podProgress(daemonSets: readonly DaemonSet[]): PodProgress {
  let done = 0;
  let wanted = 0;
  for (const { status } of daemonSets) {
    wanted += status?.desiredNumberScheduled ?? 0;
    done += Math.min(status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0);
  }
  return { done, wanted };
}

/**
 * The text of the line: after so many milliseconds in which `gained` pods were done. Steps where there is nothing to say
 * of pods.
 */
export function progressText(
  { done, wanted }: PodProgress,
  gained: number,
  elapsedMs: number,
  steps: number,
): string {
  const left = wanted - done;
  if (left <= 0) return `reconciling: ${grouped(steps)} steps`;
  const pods = `reconciling: ${grouped(done)} of ${grouped(wanted)} pods`;
  if (gained <= 0) return `${pods}, ${grouped(steps)} steps`;
  const perSecond = (gained / elapsedMs) * 1000;
  return `${pods}, ${grouped(perSecond)} a second, ${duration(left / perSecond)} left`;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}m${whole % 60}s` : `${Math.floor(minutes / 60)}h${minutes % 60}m`;
}
