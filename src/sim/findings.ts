import { clusterFindings } from './findings/cluster.ts';
import { deadNodeFindings } from './findings/dead-nodes.ts';
import type { Examined } from './findings/examined.ts';
import { strategyFindings } from './findings/strategy.ts';
import { surgeFindings } from './findings/surge.ts';
import { templateFindings } from './findings/template.ts';
import type { Finding } from './plan-report.ts';

/** Every rule that may find something, for `--fail-on` and its help. */
export const FINDING_RULES = [
  'adopted-pods',
  'all-at-once',
  'blanket-toleration',
  'does-not-fit',
  'host-port-clash',
  'invisible-nodes',
  'min-ready-seconds',
  'no-nodes',
  'old-unready-burst',
  'on-delete',
  'overlapping-updates',
  'pdb-has-no-say',
  'preemption',
  'released-pods',
  'rollback',
  'rounding',
  'slow-rollout',
  'stall',
  'surge-with-host-network',
  'surge-with-host-port',
  'template-churn',
  'template-labels',
  'virtual-nodes',
] as const;

const weight = { error: 0, warning: 1, note: 2 } as const;

/** Everything worth knowing before shipping, the worst first. */
export function findingsOf(examined: Examined): readonly Finding[] {
  const all = [
    ...deadNodeFindings(examined),
    ...surgeFindings(examined),
    ...clusterFindings(examined),
    ...strategyFindings(examined),
    ...templateFindings(examined),
  ];
  return all.sort((a, b) => weight[a.severity] - weight[b.severity]);
}
