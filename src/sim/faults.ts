import type { BehaviourRule, PodBehaviour } from '../agents/kubelet/behaviour.ts';
import type { Node, Pod } from '../api/core.ts';
import { fnv32a } from '../domain/hashing/fnv32a.ts';
import { seededRandom } from '../runtime/random.ts';
import type { NodeEvent, NodeTurn } from './node-events.ts';
import { ScenarioError } from './scenario-error.ts';
import { globPattern, parsePlanDuration } from './wording.ts';

/** What goes wrong in a plan, as asked for by `text`. */
export type Fault =
  | {
      readonly text: string;
      readonly kind: 'pods';
      readonly outcome: 'crash-loop' | 'image-pull-fails' | 'never-ready';
      /** A pattern of node names; absent: everywhere. */
      readonly nodes?: string;
      /** A tag, or a part of an image's name; absent: every pod that the plan creates. */
      readonly image?: string;
    }
  | {
      readonly text: string;
      readonly kind: 'slow';
      readonly startMs: number;
      /** Either way of `startMs`. */
      readonly spreadMs: number;
      readonly image?: string;
    }
  | { readonly text: string; readonly kind: 'node'; readonly event: NodeEvent };

/** Every form of `--fault`, for help and refusals. */
export const FAULT_FORMS: readonly string[] = [
  'image-crashes[:NODE][@IMAGE]',
  'pull-fails[:NODE][@IMAGE]',
  'never-ready[:NODE][@IMAGE]',
  'slow-start:30s±10s[@IMAGE]',
  'not-ready:NODE[@40s]',
  'node-lost:NODE[@40s]',
  'node-removed:NODE[@40s]',
  'cordoned:NODE[@40s]',
];

const outcomes = {
  'image-crashes': 'crash-loop',
  'pull-fails': 'image-pull-fails',
  'never-ready': 'never-ready',
} as const;
const turns: Readonly<Record<string, NodeTurn>> = {
  'not-ready': 'not-ready',
  'node-lost': 'lost',
  'node-removed': 'removed',
  cordoned: 'cordoned',
};

/**
 * Reads one fault: `image-crashes@v2`, `never-ready:gpu-*`, `slow-start:30s±10s` (or `+-`), `node-lost:worker-3@40s`.
 * Throws ScenarioError.
 */
export function parseFault(text: string): Fault {
  const [, word = '', target, at] = /^([a-z-]+)(?::([^@]*))?(?:@(.*))?$/s.exec(text) ?? [];
  if (target === '' || at === '') throw refusal(text, 'something is missing behind : or @');
  if (Object.hasOwn(outcomes, word)) {
    return {
      text,
      kind: 'pods',
      outcome: outcomes[word as keyof typeof outcomes], // one of its keys, as just checked
      ...(target === undefined ? {} : { nodes: target }),
      ...(at === undefined ? {} : { image: at }),
    };
  }
  if (word === 'slow-start') return slowStart(text, target, at);
  const turn = turns[word];
  if (turn === undefined || !Object.hasOwn(turns, word)) throw refusal(text, 'there is no such fault');
  if (target === undefined) throw refusal(text, 'it needs a node');
  const atMs = at === undefined ? 0 : parsePlanDuration(at);
  if (atMs === undefined) throw refusal(text, `${JSON.stringify(at)} is no time such as 40s`);
  return { text, kind: 'node', event: { atMs, nodes: target, turn } };
}

function slowStart(text: string, target: string | undefined, image: string | undefined): Fault {
  const [, mean = '', spread] = /^([^±+]+)(?:(?:±|\+-|\+\/-)(.+))?$/.exec(target ?? '') ?? [];
  const startMs = parsePlanDuration(mean);
  const spreadMs = spread === undefined ? 0 : parsePlanDuration(spread);
  if (startMs === undefined || spreadMs === undefined)
    throw refusal(text, 'it needs a duration such as 30s±10s');
  return { text, kind: 'slow', startMs, spreadMs, ...(image === undefined ? {} : { image }) };
}

function refusal(text: string, why: string): ScenarioError {
  return new ScenarioError(`fault ${JSON.stringify(text)}: ${why}; the faults are ${FAULT_FORMS.join(', ')}`);
}

/**
 * How simulated kubelets play the faults. Pods that were there before the plan are left out of it by `isNew`; chance
 * comes from the seed and the pod's node and revision, so that the same plan always goes the same way.
 */
export function faultRules(
  faults: readonly Fault[],
  seed: number,
  isNew: (pod: Pod) => boolean,
): readonly BehaviourRule[] {
  return faults.flatMap((fault): readonly BehaviourRule[] => {
    if (fault.kind === 'node') return [];
    const rule = (behaviour: (pod: Pod, node: Node) => Partial<PodBehaviour>): BehaviourRule => ({
      ...(fault.image === undefined ? {} : { image: imagePattern(fault.image) }),
      ...(fault.kind === 'pods' && fault.nodes !== undefined ? { node: globPattern(fault.nodes) } : {}),
      behaviour: (pod, node) => (isNew(pod) ? behaviour(pod, node) : {}),
    });
    if (fault.kind === 'pods') return [rule(() => ({ outcome: fault.outcome }))];
    return [rule((pod, node) => ({ startSeconds: spreadSeconds(fault, seed, pod, node) }))];
  });
}

/** A whole number of seconds within the spread. */
function spreadSeconds(
  { startMs, spreadMs }: { readonly startMs: number; readonly spreadMs: number },
  seed: number,
  pod: Pod,
  node: Node,
): number {
  const label = pod.metadata.labels?.['controller-revision-hash'] ?? '';
  const text = `${seed}/${node.metadata.name ?? ''}/${label}`;
  const spread = Math.round(spreadMs / 1000);
  const chance = seededRandom(fnv32a(new TextEncoder().encode(text)));
  return Math.max(0, Math.round(startMs / 1000) - spread + chance.int(2 * spread + 1));
}

/** A tag or digest of an image, or any part of its name. */
export function imagePattern(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return /[/:*]/.test(text)
    ? new RegExp(escaped)
    : new RegExp(`[:@/]${escaped}$|/${escaped}[:@]|^${escaped}([:@]|$)`);
}

/** The events of the faults that befall nodes. */
export function faultEvents(faults: readonly Fault[]): readonly NodeEvent[] {
  return faults.flatMap((fault) => (fault.kind === 'node' ? [fault.event] : []));
}
