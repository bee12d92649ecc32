import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../../src/api/apps.ts';
import type { Node, Pod } from '../../src/api/core.ts';
import type { Decision } from '../../src/domain/daemonset/observed.ts';
import { nodeShouldRunDaemonPod } from '../../src/domain/daemonset/placement.ts';
import { planDaemonSet } from '../../src/domain/daemonset/plan.ts';
import { targetNodeName } from '../../src/domain/daemonset/pod-template.ts';
import { templateHash } from '../../src/domain/hashing/template-hash.ts';
import { differences } from './difference.ts';
import type { RowResults } from './row-results.ts';

/** What upstream chose over many runs; a choice in these bounds is right. */
interface Choice {
  readonly count: readonly [fewest: number, most: number];
  readonly always: readonly string[];
  readonly ever: readonly string[];
}

export interface SyncRow {
  readonly name: string;
  readonly now: string;
  readonly input: {
    readonly daemonSet: DaemonSet;
    readonly nodes: readonly Node[] | null;
    readonly pods: readonly Pod[] | null;
    readonly controllerRevisions: readonly ControllerRevision[] | null;
  };
  readonly expect: {
    readonly placement: Readonly<Record<string, readonly [boolean, boolean]>>;
    readonly createOn: Choice;
    readonly delete: Choice;
    readonly adopt: readonly string[] | null;
    readonly release: readonly string[] | null;
    readonly status: DaemonSetStatus | null;
    readonly newRevisions: number;
    readonly deletedRevisions: readonly string[] | null;
    readonly revisionNumbers: Readonly<Record<string, number>>;
    readonly samplePod?: Pod;
    readonly error?: string;
  };
}

/** Runs the rows of daemonset-sync.jsonl: one sync each, compared with what the real controller did. */
export function runRows(fileText: string): RowResults {
  const rows = syncRowsOf(fileText);
  const failures = rows
    .map((row) => ({ name: row.name, detail: differencesOf(row, planOf(row)).join('\n') }))
    .filter(({ detail }) => detail !== '');
  return { passed: rows.length - failures.length, failures };
}

/** The rows of daemonset-sync.jsonl. */
export function syncRowsOf(fileText: string): readonly SyncRow[] {
  return (
    fileText
      .split('\n')
      .filter((line) => line !== '')
      // The recorder wrote these lines in this shape: FORMAT.md of the recordings.
      .map((line) => JSON.parse(line) as SyncRow)
  );
}

function planOf({ now, input }: SyncRow): readonly Decision[] {
  const { daemonSet, nodes, pods, controllerRevisions } = input;
  return planDaemonSet(
    {
      daemonSet,
      nodes: nodes ?? [],
      pods: pods ?? [],
      revisions: controllerRevisions ?? [],
      now: Date.parse(now),
      backoff: new Map(),
    },
    templateHash,
  );
}

/** What decisions have different from what the real controller did; empty is right. */
export function differencesOf({ input, expect }: SyncRow, decisions: readonly Decision[]): readonly string[] {
  const nodes = input.nodes ?? [];
  const placement = Object.fromEntries(
    nodes.map((node) => {
      const { shouldRun, shouldContinueRunning } = nodeShouldRunDaemonPod(node, input.daemonSet);
      return [node.metadata.name ?? '', [shouldRun, shouldContinueRunning]];
    }),
  );
  const created = only(decisions, 'createPod');
  const statuses = only(decisions, 'updateStatus').map(({ status }) => status);
  const failures = only(decisions, 'fail').map(({ message }) => message);
  return [
    ...differences(expect.placement, placement, 'placement'),
    ...choiceDifferences(
      'createOn',
      expect.createOn,
      created.map(({ nodeName }) => nodeName),
    ),
    ...choiceDifferences(
      'delete',
      expect.delete,
      only(decisions, 'deletePod').map(({ pod }) => nameOf(pod)),
    ),
    ...differences(
      sorted(expect.adopt),
      sorted(only(decisions, 'adoptPod').map(({ pod }) => nameOf(pod))),
      'adopt',
    ),
    ...differences(
      sorted(expect.release),
      sorted(only(decisions, 'releasePod').map(({ pod }) => nameOf(pod))),
      'release',
    ),
    ...differences(expect.status === null ? [] : [expect.status], statuses, 'status'),
    ...differences(expect.newRevisions, only(decisions, 'createRevision').length, 'newRevisions'),
    ...differences(
      sorted(expect.deletedRevisions),
      sorted(only(decisions, 'deleteRevision').map(({ revision }) => nameOf(revision))),
      'deletedRevisions',
    ),
    ...differences(
      expect.revisionNumbers,
      Object.fromEntries(
        only(decisions, 'renumberRevision').map(({ revision, number }) => [nameOf(revision), number]),
      ),
      'revisionNumbers',
    ),
    ...differences(expect.error === undefined ? [] : [expect.error], failures, 'error'),
    ...samplePodDifferences(expect, created),
  ];
}

function choiceDifferences(what: string, choice: Choice, chosen: readonly string[]): readonly string[] {
  const [fewest, most] = choice.count;
  const problems: string[] = [];
  if (chosen.length < fewest || chosen.length > most) problems.push(`${fewest} to ${most}`);
  if (new Set(chosen).size !== chosen.length) problems.push('each once');
  if (!choice.always.every((name) => chosen.includes(name)))
    problems.push(`all of ${choice.always.join(' ')}`);
  if (!chosen.every((name) => choice.ever.includes(name))) problems.push(`none but ${choice.ever.join(' ')}`);
  return problems.map((problem) => `${what}: expected ${problem}, got ${chosen.join(' ') || 'none'}`);
}

/**
 * The recorded pod is one of those that upstream created; where it chose among nodes, ours may be on others, and then
 * differs from the recorded one in the name of its node alone.
 */
function samplePodDifferences(
  { samplePod: expected, createOn }: SyncRow['expect'],
  created: readonly Extract<Decision, { do: 'createPod' }>[],
): readonly string[] {
  if (expected === undefined) return created.length === 0 ? [] : ['samplePod: expected none'];
  const nodeName = targetNodeName(expected) ?? '';
  const ours = created.find((creation) => creation.nodeName === nodeName) ?? created[0];
  if (ours === undefined) return ['samplePod: nothing was created'];
  const isFree = !createOn.always.includes(nodeName);
  // A request's path carries the namespace and its client the kind; Go always writes the empty status.
  const { namespace: _, ...metadata } = ours.pod.metadata;
  const spec = isFree ? onNode(ours.pod, ours.nodeName, nodeName) : ours.pod.spec;
  return differences(expected, { metadata, spec, status: {} }, 'samplePod');
}

function onNode({ spec }: Pod, from: string, to: string): unknown {
  const affinity: unknown = JSON.parse(
    JSON.stringify(spec.affinity).replaceAll(JSON.stringify(from), JSON.stringify(to)),
  );
  return { ...spec, affinity };
}

function only<K extends Decision['do']>(
  decisions: readonly Decision[],
  kind: K,
): readonly Extract<Decision, { do: K }>[] {
  return decisions.filter((decision): decision is Extract<Decision, { do: K }> => decision.do === kind);
}

function sorted(names: readonly string[] | null): readonly string[] {
  return [...(names ?? [])].sort();
}

function nameOf(object: { readonly metadata: { readonly name?: string } }): string {
  return object.metadata.name ?? '';
}
