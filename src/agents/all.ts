import type { Controller } from '../runtime/controller.ts';
import { type KubeletOptions, type SimulatedKubelets, simulatedKubelets } from './kubelet/kubelet.ts';
import { scheduler } from './scheduler/scheduler.ts';

/** The simulated scheduler and kubelets: loops of the same shape as controllers. */
export function defaultAgents(kubelet: KubeletOptions = {}): readonly [Controller, SimulatedKubelets] {
  return [scheduler(), simulatedKubelets(kubelet)];
}
