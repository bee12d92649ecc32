import { templateHash } from '../domain/hashing/template-hash.ts';
import type { Controller } from '../runtime/controller.ts';
import { daemonSetController } from './daemonset/controller.ts';
import type { SyncMemories } from './daemonset/sync-memories.ts';
import type { SyncRecord } from './daemonset/sync-record.ts';
import { garbageCollector } from './garbage-collector/controller.ts';
import { namespaceController } from './namespace/controller.ts';
import { nodeLifecycleController } from './node-lifecycle/controller.ts';
import { type PodGcOptions, podGcController } from './pod-gc/controller.ts';
import { taintEvictionController } from './taint-eviction/controller.ts';

/** Choices for the control plane. */
export interface ControllerOptions {
  /** Told of every sync of a DaemonSet that wrote something: see `createReportCollector`. */
  readonly onSync?: (record: SyncRecord) => void;
  /** What the DaemonSet controller remembers to begin with. */
  readonly memories?: SyncMemories;
  readonly podGc?: PodGcOptions;
}

/** The control plane's controllers, each with a state of its own; node lifecycle is the first. The scheduler and the kubelets are agents. */
export function defaultControllers(options: ControllerOptions = {}): readonly [Controller, ...Controller[]] {
  return [
    nodeLifecycleController(),
    daemonSetController({ hash: templateHash, ...options }),
    taintEvictionController(),
    podGcController(options.podGc),
    garbageCollector(),
    namespaceController(),
  ];
}
