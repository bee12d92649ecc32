import type { DaemonSet } from '../../api/apps.ts';
import type { Node, Pod } from '../../api/core.ts';
import { POD } from '../../api/well-known.ts';
import { isDeleting, isPodAvailable } from '../../domain/conditions.ts';
import { targetNodeName } from '../../domain/daemonset/pod-template.ts';
import { isControlledBy } from '../../domain/owner-references.ts';
import type { FINDING_RULES } from '../findings.ts';
import type { Finding, PlanReport } from '../plan-report.ts';
import type { RolloutRun } from '../rollout-run.ts';
import type { PlanOptions } from '../simulate.ts';

/** What the checks look at. */
export interface Examined {
  readonly report: Omit<PlanReport, 'findings'>;
  readonly run: RolloutRun;
  readonly after: DaemonSet;
  readonly options: PlanOptions;
}

/** One finding. */
export function finding(
  severity: Finding['severity'],
  rule: (typeof FINDING_RULES)[number],
  text: string,
): Finding {
  return { severity, rule, text };
}

/** The DaemonSet's pods before the change, with the nodes that they are on or for. */
export function podsBefore({
  run,
  options,
}: Examined): readonly { readonly pod: Pod; readonly node: string }[] {
  const uid = run.before?.metadata.uid;
  if (uid === undefined) return [];
  return run.listerBefore
    .list(POD, options.target.namespace)
    .filter((pod) => isControlledBy(pod, uid))
    .map((pod) => ({ pod, node: targetNodeName(pod) ?? '' }));
}

/** Nodes whose pod served before the change. */
export function servedBefore(examined: Examined): ReadonlySet<string> {
  const minReadySeconds = examined.run.before?.spec.minReadySeconds ?? 0;
  const now = Math.floor(examined.options.startedAt / 1000) * 1000;
  return new Set(
    podsBefore(examined)
      .filter(({ pod }) => !isDeleting(pod) && isPodAvailable(pod, minReadySeconds, now))
      .map(({ node }) => node),
  );
}

/** Whether the change gives the pods another template. */
export function changesTemplate({ report }: Examined): boolean {
  return (
    report.change === 'create' || report.differences.some(({ path }) => path.startsWith('spec.template'))
  );
}

/** Whether a toleration without a key lets the template's pods onto every node. */
export function toleratesEverything({ spec }: DaemonSet): boolean {
  return (spec.template.spec.tolerations ?? []).some(
    ({ key = '', operator, effect = '' }) =>
      key === '' && operator === 'Exists' && effect !== 'PreferNoSchedule',
  );
}

/** The names of nodes. */
export const namesOf = (nodes: readonly Node[]): readonly string[] =>
  nodes.map(({ metadata }) => metadata.name ?? '');
