// Mirrors constructHistory, snapshot, dedupCurHistories and cleanupHistory (pkg/controller/daemon/update.go, v1.37.2).
import type { ControllerRevision, DaemonSet } from '../../api/apps.ts';
import type { Pod, PodTemplateSpec } from '../../api/core.ts';
import { CONTROLLER_REVISION, CONTROLLER_REVISION_HASH, DAEMON_SET } from '../../api/well-known.ts';
import { controllerReference } from '../owner-references.ts';
import { claim } from './claim.ts';
import type { Decision, TemplateHash } from './observed.ts';
import { matchesRevision, revisionData } from './revision-data.ts';

/** What the sync knows of its revisions after it has put them in order. */
export interface History {
  readonly decisions: readonly Decision[];
  /** Revisions of other templates. */
  readonly old: readonly ControllerRevision[];
  /** The current revision's hash; undefined when its name is taken, and the sync must end here. */
  readonly hash: string | undefined;
}

/**
 * Sorts the revisions into the current one and the old ones. The current one is created when it is missing, merged
 * when there are several, and always has the highest number: that is how a rollback reuses an old revision.
 * `ownPods` is asked only when revisions are merged.
 */
export function constructHistory(
  daemonSet: DaemonSet,
  revisions: readonly ControllerRevision[],
  ownPods: () => readonly Pod[],
  hashOf: TemplateHash,
): History {
  const decisions: Decision[] = [];
  const claimed = claimRevisions(daemonSet, revisions, decisions);
  const data = revisionData(daemonSet.spec.template);
  const current = claimed.filter((revision) => matchesRevision(revision, data));
  const old = claimed.filter((revision) => !current.includes(revision));
  const number = maxRevision(old) + 1;

  const kept = keptRevision(current);
  if (kept === undefined) {
    const { decision, hash } = snapshot(daemonSet, revisions, number, hashOf);
    return { decisions: decision === undefined ? decisions : [...decisions, decision], old, hash };
  }
  if (current.length > 1) decisions.push(...dedupCurHistories(current, kept, ownPods()));
  if (kept.revision < number) {
    const because = `revision ${kept.revision} holds the current template again, so it becomes the newest`;
    decisions.push({ do: 'renumberRevision', revision: kept, number, because });
  }
  return { decisions, old, hash: hashLabel(kept) };
}

/**
 * Old revisions beyond the history limit, oldest first. A revision that any pod still carries the hash of is kept:
 * `isLive` says so of a hash, for all own pods that name a node, those that have ended included.
 */
export function cleanupHistory(
  daemonSet: DaemonSet,
  old: readonly ControllerRevision[],
  isLive: (hash: string) => boolean,
): readonly Decision[] {
  const limit = daemonSet.spec.revisionHistoryLimit ?? 10;
  const surplus = old.length - limit;
  if (surplus <= 0) return [];
  const because = `${old.length} old revisions are more than revisionHistoryLimit ${limit}, and no pod is of this one`;
  return [...old]
    .sort((a, b) => a.revision - b.revision || compareNames(a, b))
    .filter((revision) => revision.metadata.labels === undefined || !isLive(hashLabel(revision)))
    .slice(0, surplus)
    .map((revision): Decision => ({ do: 'deleteRevision', revision, because }));
}

/** The highest number of these revisions; 0 for none. */
function maxRevision(revisions: readonly ControllerRevision[]): number {
  return revisions.reduce((highest, { revision }) => Math.max(highest, revision), 0);
}

function claimRevisions(
  daemonSet: DaemonSet,
  revisions: readonly ControllerRevision[],
  decisions: Decision[],
): readonly ControllerRevision[] {
  const { owned, adopted, released } = claim(daemonSet, revisions);
  for (const revision of released) {
    decisions.push({ do: 'releaseRevision', revision, because: 'the selector no longer matches its labels' });
  }
  for (const revision of adopted) {
    decisions.push({
      do: 'adoptRevision',
      revision,
      because: 'the selector matches it and it has no controller',
    });
  }
  return owned.map((revision) => {
    if (revision.metadata.labels !== undefined && CONTROLLER_REVISION_HASH in revision.metadata.labels)
      return revision;
    const hash = revision.metadata.name ?? '';
    decisions.push({
      do: 'labelRevision',
      revision,
      hash,
      because: `it has no label ${CONTROLLER_REVISION_HASH}`,
    });
    const labels = { ...revision.metadata.labels, [CONTROLLER_REVISION_HASH]: hash };
    return { ...revision, metadata: { ...revision.metadata, labels } };
  });
}

/** Of several revisions with the current template, the one with the highest number, the last of equals. */
function keptRevision(current: readonly ControllerRevision[]): ControllerRevision | undefined {
  return current.reduce<ControllerRevision | undefined>(
    (kept, revision) => (kept === undefined || revision.revision >= kept.revision ? revision : kept),
    undefined,
  );
}

/** Moves every pod to the kept revision's hash, those of old templates too (as upstream does), and drops the others. */
function dedupCurHistories(
  current: readonly ControllerRevision[],
  kept: ControllerRevision,
  ownPods: readonly Pod[],
): readonly Decision[] {
  const hash = hashLabel(kept);
  const name = kept.metadata.name ?? '';
  return [
    ...ownPods
      .filter((pod) => pod.metadata.labels?.[CONTROLLER_REVISION_HASH] !== hash)
      .map((pod): Decision => {
        const because = `revisions with the same template are merged into ${name}`;
        return { do: 'relabelPod', pod, hash, because };
      }),
    ...current
      .filter((revision) => revision !== kept)
      .map((revision): Decision => {
        const because = `${name} holds the same template`;
        return { do: 'deleteRevision', revision, because };
      }),
  ];
}

/**
 * The revision for a template that has none. When its name belongs to a revision with other data, the collision
 * count goes up instead, and the next sync tries the name that comes of it.
 */
function snapshot(
  daemonSet: DaemonSet,
  revisions: readonly ControllerRevision[],
  number: number,
  hashOf: TemplateHash,
): { readonly decision?: Decision; readonly hash: string | undefined } {
  const hash = hashOf(daemonSet.spec.template, daemonSet.status?.collisionCount);
  const revision = newRevision(daemonSet, number, hash);
  const { name } = revision.metadata;
  const taken = revisions.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === revision.metadata.namespace,
  );
  if (taken === undefined) {
    const because = number === 1 ? 'it is the first template' : 'the template is new';
    return { decision: { do: 'createRevision', revision, because }, hash };
  }
  if (revision.data !== undefined && matchesRevision(taken, revision.data)) return { hash: hashLabel(taken) };
  const collisionCount = (daemonSet.status?.collisionCount ?? 0) + 1;
  const status = { ...NO_STATUS, ...daemonSet.status, collisionCount };
  const because = `the name ${name ?? ''} belongs to a revision with another template`;
  return { decision: { do: 'updateStatus', status, because }, hash: undefined };
}

const NO_STATUS = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};

function newRevision(daemonSet: DaemonSet, number: number, hash: string): ControllerRevision {
  const { name = '', namespace, annotations } = daemonSet.metadata;
  const template: PodTemplateSpec = daemonSet.spec.template;
  return {
    apiVersion: 'apps/v1',
    kind: CONTROLLER_REVISION.kind,
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      labels: { ...template.metadata?.labels, [CONTROLLER_REVISION_HASH]: hash },
      ...(annotations !== undefined && { annotations }),
      ownerReferences: [controllerReference(daemonSet, DAEMON_SET)],
    },
    data: revisionData(template),
    revision: number,
  };
}

function hashLabel(revision: ControllerRevision): string {
  return revision.metadata.labels?.[CONTROLLER_REVISION_HASH] ?? '';
}

function compareNames(a: ControllerRevision, b: ControllerRevision): number {
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
