import { BEHAVIOUR_ANNOTATION, type BehaviourRule } from '../agents/kubelet/behaviour.ts';
import type { Node, Pod, PodTemplateSpec } from '../api/core.ts';
import type { Json, KubeObject } from '../api/meta.ts';

/** How long a simulated pod takes, stage by stage, in milliseconds. */
export interface Timing {
  /** Only for images that the node has not run yet. */
  readonly pullMs: number;
  /** All init containers of a pod together; for pods that have some. */
  readonly initMs: number;
  readonly startMs: number;
  /** From the containers' start to readiness; a probe's initialDelaySeconds count when they are longer. */
  readonly readyMs: number;
  /** From a deletion to the end of the containers, at most the pod's grace period. */
  readonly stopMs: number;
}

/**
 * What a plan assumes where nobody says better: 12 seconds a pod, hence five pods a minute one by one, which is what
 * operators of large clusters see of small agents.
 */
export const DEFAULT_TIMING: Timing = {
  pullMs: 5000,
  initMs: 1000,
  startMs: 2000,
  readyMs: 3000,
  stopMs: 2000,
};

/** What the rule of a timing is told about the world. */
export interface TimingContext {
  /** Whether a node has run an image already. */
  hasImage(node: Node, image: string): boolean;
  /** Whether faults change how pods start or end. */
  readonly hasPodFaults: boolean;
}

/**
 * The kubelets' behaviour under a timing. Pods that start and pods that run and are not ready yet look the same in a
 * plan, so one step stands for both, unless somebody (a fault, an annotation) speaks of them one by one.
 */
export function timingRule(timing: Timing, { hasImage, hasPodFaults }: TimingContext): BehaviourRule {
  const seconds = (ms: number): number => ms / 1000;
  return {
    behaviour: (pod, node) => {
      const { images, probeDelay } = containerFacts(pod);
      const readySeconds = Math.max(seconds(timing.readyMs), probeDelay);
      const isPlain = !hasPodFaults && !hasBehaviour(pod) && !hasBehaviour(node);
      return {
        pullSeconds: images.every((image) => hasImage(node, image)) ? 0 : seconds(timing.pullMs),
        initSeconds: hasInitContainers(pod) ? seconds(timing.initMs) : 0,
        startSeconds: seconds(timing.startMs) + (isPlain ? readySeconds : 0),
        readySeconds: isPlain ? 0 : readySeconds,
        stopSeconds: seconds(timing.stopMs),
      };
    },
  };
}

const hasBehaviour = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[BEHAVIOUR_ANNOTATION] !== undefined;

const hasInitContainers = ({ spec }: Pod): boolean =>
  spec.initContainers?.some(({ restartPolicy }) => restartPolicy !== 'Always') === true;

/** The images of a pod or a template. */
export function imagesOf({ spec }: Pick<PodTemplateSpec, 'spec'>): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ image }) =>
    image === undefined ? [] : [image],
  );
}

/** What a pod's containers say. Pods of one make have the same list of containers, and are asked at each stage. */
function containerFacts(pod: Pod) {
  const { containers, initContainers } = pod.spec;
  let facts = knownFacts.get(containers);
  if (facts === undefined || facts.initContainers !== initContainers) {
    facts = { initContainers, images: imagesOf(pod), probeDelay: probeDelaySeconds(pod) };
    knownFacts.set(containers, facts);
  }
  return facts;
}

const knownFacts = new WeakMap<
  Pod['spec']['containers'],
  {
    readonly initContainers: Pod['spec']['initContainers'];
    readonly images: readonly string[];
    readonly probeDelay: number;
  }
>();

/** The longest time after which a readiness probe begins. */
function probeDelaySeconds({ spec }: Pod): number {
  return Math.max(0, ...spec.containers.map(({ readinessProbe }) => initialDelay(readinessProbe)));
}

function initialDelay(probe: Json | undefined): number {
  if (typeof probe !== 'object' || probe === null || !('initialDelaySeconds' in probe)) return 0;
  const { initialDelaySeconds } = probe;
  return typeof initialDelaySeconds === 'number' ? initialDelaySeconds : 0;
}
