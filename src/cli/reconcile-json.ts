import type { DaemonSetReport } from '../controllers/report.ts';
import type { FixedPoint, Jump } from '../runtime/run-to-fixed-point.ts';

/** What `kdaemon reconcile -o json` prints: scripts rely on these names. Times are RFC 3339 with milliseconds. */
export function reportJson(reports: readonly DaemonSetReport[], point: FixedPoint): unknown {
  return {
    daemonSets: reports,
    settled: point.settled,
    stillWaiting: point.stillWaiting.map((due) => ({
      controller: due.controller,
      due: new Date(due.at).toISOString(),
      because: due.wait?.because ?? due.key,
    })),
    jumps: mergedJumps(point.jumps).map(({ from, to, because }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      because,
    })),
  };
}

/** Jumps in a row for the same reason as one. */
export function mergedJumps(
  jumps: readonly Jump[],
): readonly { readonly from: number; readonly to: number; readonly because: string }[] {
  const rows: { from: number; to: number; because: string }[] = [];
  for (const { from, to, wait } of jumps) {
    if (to === from) continue;
    const last = rows.at(-1);
    if (last !== undefined && last.because === wait.because && last.to === from) last.to = to;
    else rows.push({ from, to, because: wait.because });
  }
  return rows;
}
