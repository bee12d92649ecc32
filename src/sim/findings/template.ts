import type { ControllerRevision } from '../../api/apps.ts';
import type { KubeObject } from '../../api/meta.ts';
import { CONTROLLER_REVISION, CONTROLLER_REVISION_HASH, POD } from '../../api/well-known.ts';
import { isDeleting } from '../../domain/conditions.ts';
import { deepEqual } from '../../domain/deep-equal.ts';
import { controllerOf } from '../../domain/owner-references.ts';
import { matchesLabelSelector } from '../../domain/selectors/labels.ts';
import { isSameInAnyOrder } from '../differences.ts';
import type { Finding } from '../plan-report.ts';
import { counted, someOf } from '../wording.ts';
import { changesTemplate, type Examined, finding, podsBefore } from './examined.ts';

/** What a change of the template, its labels or the history brings with it. */
export function templateFindings(examined: Examined): readonly Finding[] {
  return [
    ...churn(examined),
    ...labels(examined),
    ...strangers(examined),
    ...takenForUpdated(examined),
    ...rollback(examined),
  ];
}

function churn(examined: Examined): readonly Finding[] {
  const { run, after, report } = examined;
  if (run.before === undefined || !changesTemplate(examined)) return [];
  if (!isSameInAnyOrder(run.before.spec.template, after.spec.template)) return [];
  const paths = report.differences.map(({ path }) => path);
  const text = `the template only has lists in another order (${someOf(paths, 3)}): it is a new revision all the same, and every pod is restarted for nothing`;
  return [finding('warning', 'template-churn', text)];
}

function labels(examined: Examined): readonly Finding[] {
  const changed = examined.report.differences.filter(({ path }) =>
    path.startsWith('spec.template.metadata.labels'),
  );
  if (changed.length === 0) return [];
  const names = changed.map(({ path }) => path.slice('spec.template.metadata.labels.'.length));
  const text = `labels of the pods change (${someOf(names)}): until a node is updated its pod has the old ones, so Services and policies that select by them see a part of the pods`;
  return [finding('note', 'template-labels', text)];
}

/** Pods that the DaemonSet lets go because their labels no longer match, and pods that it takes over. */
function strangers(examined: Examined): readonly Finding[] {
  const { run, after, options } = examined;
  const matches = (own: Readonly<Record<string, string>> | undefined): boolean =>
    matchesLabelSelector(after.spec.selector, own);
  const released = podsBefore(examined).filter(
    ({ pod }) => !isDeleting(pod) && !matches(pod.metadata.labels),
  );
  const orphans = run.listerBefore
    .list(POD, options.target.namespace)
    .filter((pod) => controllerOf(pod) === undefined && !isDeleting(pod) && matches(pod.metadata.labels));
  const nameOf = ({ metadata }: (typeof orphans)[number]): string => metadata.name ?? '';
  return [
    ...(released.length === 0
      ? []
      : [
          finding(
            'warning',
            'released-pods',
            `${counted(released.length, 'pod')} of it no longer ${released.length === 1 ? 'matches' : 'match'} the selector and ${released.length === 1 ? 'runs' : 'run'} on without a controller, beside a new one: ${someOf(released.map(({ pod }) => nameOf(pod)))}`,
          ),
        ]),
    ...(orphans.length === 0
      ? []
      : [
          finding(
            'note',
            'adopted-pods',
            `${counted(orphans.length, 'pod')} without a controller ${orphans.length === 1 ? 'matches' : 'match'} the selector and ${orphans.length === 1 ? 'is' : 'are'} adopted: ${someOf(orphans.map(nameOf))}`,
          ),
        ]),
  ];
}

/**
 * Pods that nobody replaces although they are of another revision. The controller goes by labels: it relabels all pods
 * when it merges revisions, and the generation of a pod may be right by chance, as with orphans that are adopted.
 */
function takenForUpdated({ run, options }: Examined): readonly Finding[] {
  const current = run.recorder.currentRevision();
  if (current === undefined) return [];
  const isSame = (object: KubeObject): object is ControllerRevision =>
    object.kind === CONTROLLER_REVISION.kind && 'data' in object && deepEqual(object.data, current.data);
  const hashes = new Set(
    [current, ...options.objects.filter(isSame)].map(
      ({ metadata }) => metadata.labels?.[CONTROLLER_REVISION_HASH] ?? metadata.name,
    ),
  );
  const nodes = run.recorder.wanting().filter((node) =>
    run.recorder.podsOn(node).some(({ pod, isUpdated, isNew }) => {
      const { namespace = '', name = '' } = pod.metadata;
      const before = run.listerBefore.get(POD, { namespace, name });
      const hash = before?.metadata.labels?.[CONTROLLER_REVISION_HASH];
      return isUpdated && !isNew && hash !== undefined && !hashes.has(hash);
    }),
  );
  if (nodes.length === 0) return [];
  const [those, them] = nodes.length === 1 ? ['it is', 'it'] : ['they are', 'them'];
  const text = `${counted(nodes.length, 'pod')} ${nodes.length === 1 ? 'counts' : 'count'} as up to date although ${those} of another revision, because the labels say so, and ${nodes.length === 1 ? 'is' : 'are'} not replaced: ${someOf(nodes)}. Delete ${them} to have ${them} replaced`;
  return [finding('warning', 'taken-for-updated', text)];
}

function rollback({ options, report, after }: Examined): readonly Finding[] {
  if (!options.changes.some(({ text }) => text.startsWith('undo'))) return [];
  const touched = report.counts.replace + report.counts.gain + report.counts.blocked;
  const stale =
    after.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration'] === undefined
      ? ''
      : '; the manifest that was applied last still holds the newer template, and the next apply of it rolls forward again';
  const text = `going back replaces the pods of ${counted(touched, 'node')}${stale}`;
  return [finding('note', 'rollback', text)];
}
