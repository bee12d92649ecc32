import type { Client } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import type { KubeObject, LabelSelector } from '../../api/meta.ts';
import { POD } from '../../api/well-known.ts';
import { matchesLabelSelector } from '../../domain/selectors/labels.ts';

/** Pods of a workload, by phase. */
export interface PodCounts {
  readonly running: number;
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Counts the pods that a workload selects and controls. */
export async function countOwnPods(
  client: Client,
  owner: KubeObject,
  selector: LabelSelector | undefined,
): Promise<PodCounts> {
  const { items } = await client.list<Pod>(POD, { namespace: owner.metadata.namespace ?? '' });
  const phases = items
    .filter(
      ({ metadata }) =>
        matchesLabelSelector(selector, metadata.labels) &&
        metadata.ownerReferences?.some((one) => one.controller === true && one.uid === owner.metadata.uid),
    )
    .map(({ status }) => status?.phase);
  const count = (phase: string): number => phases.filter((one) => one === phase).length;
  return {
    running: count('Running'),
    waiting: count('Pending'),
    succeeded: count('Succeeded'),
    failed: count('Failed'),
  };
}

/** `1 Running / 0 Waiting / 0 Succeeded / 0 Failed`. */
export function podCountsText({ running, waiting, succeeded, failed }: PodCounts): string {
  return `${running} Running / ${waiting} Waiting / ${succeeded} Succeeded / ${failed} Failed`;
}
