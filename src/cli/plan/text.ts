import type { PlanReport } from '../../sim/plan-report.ts';

/** A plan for people. */
export function planText(report: PlanReport): string {
  return `${report.rollout.outcome}\n`;
}
