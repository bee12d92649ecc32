import type { Controller } from '../runtime/controller.ts';
import { type KubeletOptions, simulatedKubelets } from './kubelet/kubelet.ts';
import { scheduler } from './scheduler/scheduler.ts';

/** The simulated scheduler and kubelets: loops of the same shape as controllers. */
export function defaultAgents(kubelet: KubeletOptions = {}): readonly Controller[] {
  return [scheduler(), simulatedKubelets(kubelet)];
}
