import type { Pod } from '../../api/core.ts';
import type { PodBehaviour } from './behaviour.ts';
import type { Stage } from './stage.ts';

/** An event that a kubelet records about a pod. */
export interface PodHappening {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

const normal = (reason: string, message: string): PodHappening => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): PodHappening => ({ type: 'Warning', reason, message });

const none: readonly PodHappening[] = [];

/**
 * The events of a pod that enters a stage. A pod that becomes ready without delay records none: nothing happened to
 * it that its status does not say.
 */
export function podHappenings(pod: Pod, stage: Stage, behaviour: PodBehaviour): readonly PodHappening[] {
  if (stage.name === 'running' && behaviour.outcome === 'ready') return none;
  const [container] = pod.spec.containers;
  const image = `"${container?.image ?? ''}"`;
  switch (stage.name) {
    case 'pulling':
      return [normal('Pulling', `Pulling image ${image}`)];
    case 'pull-failed':
      return stage.backingOff
        ? [normal('BackOff', `Back-off pulling image ${image}`), warning('Failed', 'Error: ImagePullBackOff')]
        : [
            ...(behaviour.pullSeconds === 0 ? [normal('Pulling', `Pulling image ${image}`)] : []),
            warning('Failed', `Failed to pull image ${image}: not found (simulated)`),
            warning('Failed', 'Error: ErrImagePull'),
          ];
    case 'starting':
      return [normal('Created', 'Container created')];
    case 'running':
      if (behaviour.outcome === 'never-ready') {
        return [warning('Unhealthy', 'Readiness probe failed: the container is not ready (simulated)')];
      }
      return behaviour.outcome === 'crash-loop' ? [normal('Started', 'Container started')] : [];
    case 'crashed':
      return [
        warning(
          'BackOff',
          `Back-off restarting failed container ${container?.name ?? ''} in pod ${pod.metadata.name ?? ''}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid ?? ''})`,
        ),
      ];
    case 'evicted':
      return [warning('Evicted', 'The node was low on resource: memory. (simulated)')];
    case 'initializing':
      return [];
    default:
      return stage satisfies never;
  }
}
