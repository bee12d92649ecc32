import type { Node, Pod } from '../../api/core.ts';

/** How the containers of a pod end up. */
type Outcome =
  /** They run and become ready. */
  | 'ready'
  /** They run, but their readiness probe never succeeds. */
  | 'never-ready'
  /** The image of the first container cannot be pulled. */
  | 'image-pull-fails'
  /** The first container exits with an error after a second, again and again. */
  | 'crash-loop'
  /** The kubelet evicts the pod: its phase becomes Failed. */
  | 'evicted';

/** How a simulated kubelet runs a pod: how long each stage takes, in seconds, and how it ends. */
export interface PodBehaviour {
  readonly pullSeconds: number;
  /** All init containers together. */
  readonly initSeconds: number;
  readonly startSeconds: number;
  /** From the start of the containers until they are ready. */
  readonly readySeconds: number;
  /** From a deletion until the containers have stopped, at most the grace period. */
  readonly stopSeconds: number;
  readonly outcome: Outcome;
}

/** Behaviour for some pods. What is not given comes from the next rule that applies, at last from the default. */
export interface BehaviourRule {
  /** Applies to pods with a container of this image, or one that matches; absent: any. */
  readonly image?: string | RegExp;
  /** Applies on this node, or those that match; absent: any. */
  readonly node?: string | RegExp;
  /** A function is asked at each stage of a pod, and must answer the same for the same pod and node. */
  readonly behaviour: Partial<PodBehaviour> | ((pod: Pod, node: Node) => Partial<PodBehaviour>);
}

/**
 * Images that cannot be pulled because nobody can have pushed them: from a host below `.invalid`, which is reserved
 * for names that do not exist, or with a tag that says so (`non-existent`, `nonexistent`, `does-not-exist`).
 */
export const IMPOSSIBLE_IMAGES: BehaviourRule = {
  image: /^[\w.-]+\.invalid(:\d+)?\/|:(non-?existent|does-not-exist)$/,
  behaviour: { outcome: 'image-pull-fails' },
};

/** Annotation of a pod (usually through its template) or of a node that chooses behaviour: see `parseBehaviour`. */
export const BEHAVIOUR_ANNOTATION = 'kdaemon.dev/simulate';

const readyAtOnce: PodBehaviour = {
  pullSeconds: 0,
  initSeconds: 0,
  startSeconds: 0,
  readySeconds: 0,
  stopSeconds: 0,
  outcome: 'ready',
};
const outcomes: readonly string[] = ['ready', 'never-ready', 'image-pull-fails', 'crash-loop', 'evicted'];
const stages = ['pull', 'init', 'start', 'ready', 'stop'] as const;

/**
 * Reads the text of the annotation: an outcome and seconds per stage, in any order, separated by commas, such as
 * `pull=20s,ready=5s` or `crash-loop`. Words that it does not know are ignored, as unknown annotations are.
 */
export function parseBehaviour(text: string | undefined): Partial<PodBehaviour> {
  if (text === undefined) return {};
  const behaviour: { -readonly [field in keyof PodBehaviour]?: PodBehaviour[field] } = {};
  for (const word of text.split(',').map((part) => part.trim())) {
    if (outcomes.includes(word)) behaviour.outcome = word as Outcome; // checked against the list of all outcomes
    const [, stage, seconds] = /^(\w+)=(\d+(?:\.\d+)?)s?$/.exec(word) ?? [];
    const known = stages.find((name) => name === stage);
    if (known !== undefined) behaviour[`${known}Seconds`] = Number(seconds);
  }
  return behaviour;
}

/** How a pod is run on a node: by its annotation, then the node's, then the rules in order, else ready at once. */
export function behaviourOf(pod: Pod, node: Node, rules: readonly BehaviourRule[]): PodBehaviour {
  const byPod = pod.metadata.annotations?.[BEHAVIOUR_ANNOTATION];
  const byNode = node.metadata.annotations?.[BEHAVIOUR_ANNOTATION];
  const applying = rules.length === 0 ? rules : rules.filter((rule) => applies(rule, pod, node));
  if (byPod === undefined && byNode === undefined && applying.length === 0) return readyAtOnce;
  const behaviours = [
    ...applying
      .map(({ behaviour }) => (typeof behaviour === 'function' ? behaviour(pod, node) : behaviour))
      .reverse(),
    parseBehaviour(byNode),
    parseBehaviour(byPod),
  ];
  return Object.assign({}, readyAtOnce, ...behaviours) as PodBehaviour; // later ones only replace fields
}

function applies({ image, node: name }: BehaviourRule, pod: Pod, node: Node): boolean {
  if (name !== undefined && !matches(name, node.metadata.name ?? '')) return false;
  if (image === undefined) return true;
  return pod.spec.containers.some((container) => matches(image, container.image ?? ''));
}

function matches(wanted: string | RegExp, text: string): boolean {
  return typeof wanted === 'string' ? wanted === text : wanted.test(text);
}
