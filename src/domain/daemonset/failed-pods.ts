// Mirrors client-go's flowcontrol.Backoff with the DaemonSet controller's settings (v1.37.2).
import type { DaemonSet } from '../../api/apps.ts';
import type { BackoffEntry, FailedPodKey } from './observed.ts';

const INITIAL_DELAY_MS = 1_000;
const MAX_DELAY_MS = 15 * 60 * 1_000;

/** The key under which deletes of a node's failed pods are slowed down. A new observed generation starts afresh. */
export function failedPodKey(daemonSet: DaemonSet, nodeName: string): FailedPodKey {
  return `${daemonSet.metadata.uid ?? ''}/${daemonSet.status?.observedGeneration ?? 0}/${nodeName}`;
}

/** Whether a failed pod must wait: the last delete was less than the delay ago. */
export function isInBackoff(entry: BackoffEntry | undefined, now: number): entry is BackoffEntry {
  return entry !== undefined && !isBackoffExpired(entry, now) && now - entry.lastUpdate < entry.delayMs;
}

/** The entry after one more delete: twice the delay, from 1 s to 15 min; from the start when idle for long. */
export function nextBackoff(entry: BackoffEntry | undefined, now: number): BackoffEntry {
  const isFresh = entry === undefined || isBackoffExpired(entry, now);
  return { delayMs: isFresh ? INITIAL_DELAY_MS : Math.min(entry.delayMs * 2, MAX_DELAY_MS), lastUpdate: now };
}

/** Whether an entry may be forgotten: nothing happened for twice the longest delay. */
export function isBackoffExpired(entry: BackoffEntry, now: number): boolean {
  return now - entry.lastUpdate > 2 * MAX_DELAY_MS;
}
