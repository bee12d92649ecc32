import type { DaemonSet } from '../../../api/apps.ts';
import type { Node } from '../../../api/core.ts';
import { type EditReport, editReport } from './edit-report.ts';
import { fitProblemKind } from './fit-problems.ts';
import type { NodeReport } from './placement-report.ts';
import type { PodStanding } from './pod-standing.ts';
import { requirementText, ruleText } from './rule-text.ts';
import type { RuleFinding } from './rules.ts';

/** Nodes with the same answer for the same reasons, whose pods stand alike. */
export interface NodeGroup {
  readonly shouldRun: boolean;
  /** What the answer rests on, in the order in which it counts. */
  readonly why: readonly string[];
  /** How the pods there stand: `available`, `none yet`, `keeps running`. */
  readonly pod: string;
  /** In order of their names. */
  readonly nodes: readonly string[];
  /**
   * How to get the other answer, for all nodes with these reasons, however their pods stand; only for nodes that should
   * not run the pod.
   */
  readonly edits?: EditReport;
}

const keyOf = (report: NodeReport, own: boolean): string => reasonsOf(report, own).join('\n');

/** So many reasons that differ only in the nodes' own values are told apart; more become one. */
const MAX_VARIANTS = 4;

/** Reports of nodes that stand alike: at least one. */
type Alike = readonly [NodeReport, ...NodeReport[]];

/** What groups are made of besides the reports. */
interface GroupedCluster {
  readonly daemonSet: DaemonSet;
  readonly nodes: readonly Node[];
  /** Whether commands can change the DaemonSet. */
  readonly patchable: boolean;
}

/** Groups all nodes: those that should run the pod first, then the larger groups. */
export function nodeGroups(cluster: GroupedCluster, reports: readonly NodeReport[]): readonly NodeGroup[] {
  const groups = [...groupBy(reports, (report) => keyOf(report, false)).values()]
    .flatMap((alike) => {
      const variants = groupBy(alike, (report) => keyOf(report, true));
      return variants.size > MAX_VARIANTS ? [alike] : [...variants.values()];
    })
    .flatMap((alike) => {
      const edits = editsFor(alike, cluster);
      const own = new Set(alike.map((report) => keyOf(report, true))).size === 1;
      return [...groupBy(alike, podText).values()].map((same) => groupOf(same, own, edits));
    });
  return groups.sort((a, b) => Number(b.shouldRun) - Number(a.shouldRun) || b.nodes.length - a.nodes.length);
}

function groupOf(same: Alike, own: boolean, edits: EditReport | undefined): NodeGroup {
  const [first] = same;
  return {
    shouldRun: first.shouldRun,
    why: reasonsOf(first, own),
    pod: podText(first),
    nodes: same.map(({ name }) => name),
    ...(edits !== undefined && { edits }),
  };
}

/** How nodes that are refused for the same reasons get the other answer. */
function editsFor(alike: Alike, { daemonSet, nodes, patchable }: GroupedCluster): EditReport | undefined {
  if (alike[0].shouldRun) return undefined;
  const names = new Set(alike.map(({ name }) => name));
  const [first, ...more] = nodes.filter(({ metadata }) => names.has(metadata.name ?? ''));
  if (first === undefined) return undefined;
  return editReport({ daemonSet, nodes: [first, ...more], allNodes: nodes, patchable });
}

/** What the answer rests on, a text for each reason. `own`: with what the node itself has. */
export function reasonsOf({ shouldRun, rules }: NodeReport, own: boolean): readonly string[] {
  if (!shouldRun) {
    return rules.filter(({ verdict }) => verdict !== 'allows').map((rule) => obstacleText(rule, own));
  }
  const matches = [
    ...(rules.some(({ rule }) => rule === 'nodeName') ? ['the template names this node'] : []),
    ...(rules.some(({ rule }) => rule === 'nodeSelector') ? ['nodeSelector matches'] : []),
    ...rules.filter(({ rule }) => rule === 'nodeAffinity').map((rule) => ruleText(rule)),
  ];
  const tolerated = rules
    .filter((rule) => rule.rule === 'taint' && rule.toleratedBy !== undefined)
    .map((rule) => ruleText(rule));
  const texts = [...(matches.length > 0 ? [matches.join(', ')] : []), ...tolerated];
  return texts.length === 0 ? ['nothing rules it out'] : texts;
}

function obstacleText(rule: RuleFinding, own: boolean): string {
  if (rule.rule === 'nodeAffinity' && !own) {
    const failing = rule.terms.map(({ requirements }) =>
      requirements
        .filter(({ holds }) => !holds)
        .map(requirementText)
        .join(', '),
    );
    return `required affinity fails: ${failing.join('; or ')}`;
  }
  if (rule.rule === 'nodeSelector' && !own) return `nodeSelector wants ${rule.key}=${rule.wanted}`;
  return ruleText(rule, { full: rule.rule === 'nodeAffinity' });
}

/** How the pods of a node stand, in few words. */
export function podText({ shouldRun, pods, newPodObstacles = [] }: NodeReport): string {
  if (pods.length === 0) {
    if (!shouldRun) return 'none';
    return newPodObstacles.length === 0
      ? 'none yet'
      : `none yet, and it would be pending: ${newPodObstacles.map(fitProblemKind).join(', ')}`;
  }
  return pods.map(standingText).join('; ');
}

const STATES: Readonly<Record<PodStanding['state'], string>> = {
  Available: 'available',
  Ready: 'ready, not yet for minReadySeconds',
  NotReady: 'not ready',
  Starting: 'starting',
  Unbound: 'pending',
  Failed: 'failed',
  Succeeded: 'succeeded',
  Terminating: 'terminating',
};

function standingText({ state, reason, upToDate, fate, obstacles = [] }: PodStanding): string {
  const about = obstacles.length > 0 ? `: ${obstacles.map(fitProblemKind).join(', ')}` : '';
  const trouble = reason === undefined ? '' : ` (${reason})`;
  const age = upToDate || state === 'Terminating' ? '' : ', old template';
  const end =
    fate === 'misscheduled'
      ? ', keeps running'
      : fate === 'deleted'
        ? ', to be deleted'
        : fate === 'replaced' && upToDate
          ? ', to be replaced'
          : '';
  return `${STATES[state]}${about}${trouble}${age}${end}`;
}

function groupBy<T>(
  items: readonly T[],
  groupKey: (item: T) => string,
): ReadonlyMap<string, readonly [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = groupKey(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
