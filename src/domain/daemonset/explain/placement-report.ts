import type { ControllerRevision, DaemonSet } from '../../../api/apps.ts';
import type { Node, Pod } from '../../../api/core.ts';
import { templateHash } from '../../hashing/template-hash.ts';
import { explainPlacement } from '../explain-placement.ts';
import { nodeShouldRunDaemonPod, type Placement } from '../placement.ts';
import { planDaemonSet } from '../plan.ts';
import { type NodesBehindCounts, nodesBehindCounts } from './counters.ts';
import { type EditReport, editReport } from './edit-report.ts';
import { type ExplainedNode, type ExplainedState, explainedState } from './explained-state.ts';
import { type FitProblem, fitProblems } from './fit-problems.ts';
import { type NodeGroup, nodeGroups } from './node-groups.ts';
import { notesOnDaemonSet, notesOnNode, notesOnUpdate } from './notes.ts';
import { type PlannedDeletions, type PodStanding, podStandings } from './pod-standing.ts';
import { ruleText } from './rule-text.ts';
import type { RuleFinding } from './rules.ts';

/** Everything that a report looks at. Nothing in it is changed. */
export interface PlacementQuestion {
  readonly daemonSet: DaemonSet;
  /** All nodes of the cluster. */
  readonly nodes: readonly Node[];
  /** All pods of the DaemonSet's namespace at least. */
  readonly pods: readonly Pod[];
  readonly revisions: readonly ControllerRevision[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** All pods bound to a node, of any owner. */
  readonly podsOnNode: (name: string) => readonly Pod[];
  /** The pod that would be created for a node, as the API would admit it; undefined where that is not known. */
  readonly newPod: (nodeName: string) => Pod | undefined;
  /** Why no pod can be created at all, in the API's words. */
  readonly creationRefused?: string;
  /** Set for a DaemonSet of a manifest; `live` is the one of the same name in the cluster, if there is one. */
  readonly manifest?: { readonly live?: DaemonSet };
  /** Names of nodes: these are explained one by one. Absent: all nodes, in groups. */
  readonly chosen?: readonly string[];
}

/** Why one node runs the pod or not. */
export interface NodeReport extends Placement {
  readonly name: string;
  /** Each rule that had a say, in upstream's order, with its words. */
  readonly rules: readonly (RuleFinding & { readonly text: string })[];
  /** What people take for a reason and is none: a cordon, a node that is not ready. */
  readonly notes: readonly string[];
  readonly pods: readonly PodStanding[];
  /** What would keep a new pod from being bound; only where the node should run one and has none. */
  readonly newPodObstacles?: readonly FitProblem[];
  /** Of the live DaemonSet, when the report is about a manifest. */
  readonly live?: Placement;
  /** How to get the other answer; only for nodes that were asked for by name. */
  readonly edits?: EditReport;
}

/** Where a DaemonSet runs, and why. The shape of `kdaemon why -o json`; fields may be added, none change. */
export interface PlacementReport {
  readonly apiVersion: 'kdaemon.dev/v1alpha1';
  readonly kind: 'PlacementReport';
  readonly daemonSet: {
    readonly namespace: string;
    readonly name: string;
    readonly from: 'cluster' | 'manifest';
    /** Whether the cluster has it. */
    readonly exists: boolean;
    /** The `controller-revision-hash` of pods of its template. */
    readonly revision: string;
  };
  readonly summary: {
    readonly nodes: number;
    /** Nodes that should run a pod. */
    readonly shouldRun: number;
    /** Nodes that should get none, but where one may go on. */
    readonly mayContinue: number;
  };
  /** What holds for the DaemonSet as a whole and is not about placement, such as that it is being deleted. */
  readonly notes: readonly string[];
  /** The nodes behind each number of the status, as the controller would count now. */
  readonly counts: NodesBehindCounts;
  /** Numbers of the stored status that differ from those: the controller has not caught up. */
  readonly staleCounts: Readonly<Partial<Record<keyof NodesBehindCounts, number>>>;
  /** Nodes that stand alike; absent when nodes were asked for by name. */
  readonly groups?: readonly NodeGroup[];
  readonly nodes: readonly NodeReport[];
  /** Against the live DaemonSet, when the report is about a manifest and there is one. */
  readonly comparison?: { readonly gains: readonly string[]; readonly loses: readonly string[] };
}

/** Explains all nodes, or those that were chosen. */
export function placementReport(question: PlacementQuestion): PlacementReport {
  const { daemonSet, nodes, manifest, chosen } = question;
  const patchable = manifest === undefined;
  const state = explainedState(question);
  const deletions = plannedDeletions(question);
  const wanted = chosen === undefined ? state.nodes : state.nodes.filter(({ name }) => chosen.includes(name));
  const reports = wanted.map((one): NodeReport => {
    const report = nodeReport(question, state, one, deletions);
    if (chosen === undefined) return report;
    const edits = editReport({ daemonSet, nodes: [one.node], allNodes: nodes, patchable });
    return { ...report, edits };
  });
  const counts = nodesBehindCounts(state);
  const { namespace = '', name = '' } = daemonSet.metadata;
  return {
    apiVersion: 'kdaemon.dev/v1alpha1',
    kind: 'PlacementReport',
    daemonSet: {
      namespace,
      name,
      from: manifest === undefined ? 'cluster' : 'manifest',
      exists: patchable || manifest.live !== undefined,
      revision: state.hash,
    },
    summary: {
      nodes: state.nodes.length,
      shouldRun: counts.desired.length,
      mayContinue: state.nodes.filter(
        ({ placement }) => !placement.shouldRun && placement.shouldContinueRunning,
      ).length,
    },
    notes: [...notesOnDaemonSet(question), ...notesOnUpdate(state, counts, deletions)],
    counts,
    staleCounts: manifest === undefined ? staleCounts(daemonSet, counts) : {},
    ...(chosen === undefined && { groups: nodeGroups({ daemonSet, nodes, patchable }, reports) }),
    nodes: reports,
    ...(manifest?.live !== undefined && { comparison: comparison(state, manifest.live) }),
  };
}

/** What the controller would delete now, by the controller's own plan. */
function plannedDeletions({ daemonSet, nodes, pods, revisions, now }: PlacementQuestion): PlannedDeletions {
  const decisions = planDaemonSet(
    { daemonSet, nodes, pods, revisions, now, backoff: new Map() },
    templateHash,
  );
  return new Map(
    decisions.flatMap((decision) =>
      decision.do === 'deletePod' ? [[decision.pod.metadata.name ?? '', decision.because] as const] : [],
    ),
  );
}

function nodeReport(
  question: PlacementQuestion,
  state: ExplainedState,
  here: ExplainedNode,
  deletions: PlannedDeletions,
): NodeReport {
  const { daemonSet, podsOnNode, newPod, manifest } = question;
  const { node, name, pods } = here;
  const { rules, ...placement } = explainPlacement(daemonSet, node);
  const added = placement.shouldRun && pods === undefined ? newPod(name) : undefined;
  const live = manifest?.live === undefined ? undefined : nodeShouldRunDaemonPod(node, manifest.live);
  return {
    name,
    ...placement,
    rules: rules.map((rule) => ({ ...rule, text: ruleText(rule, { full: true }) })),
    notes: notesOnNode(node),
    pods: podStandings(state, here, deletions, pods === undefined ? [] : podsOnNode(name)),
    ...(added !== undefined && { newPodObstacles: fitProblems(added, node, podsOnNode(name)) }),
    ...(live !== undefined && { live }),
  };
}

function staleCounts(
  { status }: DaemonSet,
  counts: NodesBehindCounts,
): Readonly<Partial<Record<keyof NodesBehindCounts, number>>> {
  const stored: Readonly<Record<keyof NodesBehindCounts, number>> = {
    desired: status?.desiredNumberScheduled ?? 0,
    current: status?.currentNumberScheduled ?? 0,
    updated: status?.updatedNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
    available: status?.numberAvailable ?? 0,
    unavailable: status?.numberUnavailable ?? 0,
    misscheduled: status?.numberMisscheduled ?? 0,
  };
  return Object.fromEntries(
    Object.entries(stored).filter(
      ([counter, count]) => counts[counter as keyof NodesBehindCounts].length !== count,
    ), // the same keys
  );
}

function comparison({ nodes }: ExplainedState, live: DaemonSet): NonNullable<PlacementReport['comparison']> {
  const changed = nodes.filter(
    ({ node, placement }) => nodeShouldRunDaemonPod(node, live).shouldRun !== placement.shouldRun,
  );
  const names = (gained: boolean): readonly string[] =>
    changed.filter(({ placement }) => placement.shouldRun === gained).map(({ name }) => name);
  return { gains: names(true), loses: names(false) };
}
