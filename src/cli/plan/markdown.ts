import type { PlanReport } from '../../sim/plan-report.ts';

/** A plan as a summary for a pull request. */
export function planMarkdown(report: PlanReport): string {
  return `${report.rollout.outcome}\n`;
}
