import type { Node } from '../api/core.ts';
import type { Json } from '../api/meta.ts';
import { parseTaintSpecs } from '../domain/taint-spec.ts';
import { type Fault, parseFault } from './faults.ts';
import { NODE_TURNS, type NodeEvent } from './node-events.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Timing } from './timing.ts';
import { parsePlanDuration } from './wording.ts';

/** What a scenario file says, with its times in milliseconds since the start. */
export interface Scenario {
  readonly seed?: number;
  readonly timing: Partial<Timing>;
  readonly faults: readonly Fault[];
  readonly events: readonly NodeEvent[];
  readonly later: readonly LaterChange[];
}

/** A later change of the DaemonSet. */
export interface LaterChange {
  readonly atMs: number;
  /** As behind `--then AFTER:`: a file, `CONTAINER=IMAGE,…`, `undo` or `undo=REVISION`. */
  readonly what: string;
}

/**
 * Reads a scenario file's content. Every field is optional, and none that is not known is taken:
 *
 * ```yaml
 * apiVersion: kdaemon.dev/v1alpha1
 * kind: PlanScenario
 * seed: 7
 * timing: {pull: 20s, init: 5s, start: 5s, ready: 10s, stop: 5s}
 * faults: ["image-crashes@v2", "slow-start:30s±10s"]
 * then:
 * - {at: 60s, apply: next.yaml}
 * - {at: 2m, setImage: agent=registry.example/agent:v4}
 * - {at: 3m, undo: true}          # or undo: 3, the revision to go back to
 * events:
 * - {at: 40s, node: worker-3, becomes: lost}      # not-ready, lost, ready, removed, cordoned, uncordoned
 * - {at: 50s, node: "gpu-*", taint: "gpu=true:NoSchedule"}
 * - {at: 50s, node: worker-4, labels: {disk: ssd}}
 * - {at: 55s, add: {metadata: {name: worker-9}}}  # a Node; what it leaves out is filled in
 * ```
 *
 * Throws ScenarioError.
 */
export function parseScenario(value: Json): Scenario {
  const top = fieldsOf(value, 'the scenario', [
    'apiVersion',
    'kind',
    'seed',
    'timing',
    'faults',
    'then',
    'events',
  ]);
  constant(top, 'apiVersion', 'kdaemon.dev/v1alpha1');
  constant(top, 'kind', 'PlanScenario');
  const { seed } = top;
  if (seed !== undefined && !(typeof seed === 'number' && Number.isSafeInteger(seed)))
    throw new ScenarioError('seed: it is no whole number');
  return {
    ...(seed === undefined ? {} : { seed }),
    timing: timingOf(top.timing),
    faults: listOf(top.faults, 'faults').map((one, index) => parseFault(textOf(one, `faults[${index}]`))),
    later: listOf(top.then, 'then').map((one, index) => laterChange(one, `then[${index}]`)),
    events: listOf(top.events, 'events').map((one, index) => nodeEvent(one, `events[${index}]`)),
  };
}

type Fields = Readonly<Record<string, Json>>;

function fieldsOf(value: Json | undefined, where: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ScenarioError(`${where}: it is no map of fields`);
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new ScenarioError(
      `${where}: unknown field ${JSON.stringify(stranger)}; the fields are ${known.join(', ')}`,
    );
  return value as Fields; // a map, as just checked
}

function constant(fields: Fields, name: string, wanted: string): void {
  const value = fields[name];
  if (value !== undefined && value !== wanted)
    throw new ScenarioError(`${name}: it is ${JSON.stringify(value)}, not ${wanted}`);
}

function listOf(value: Json | undefined, where: string): readonly Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new ScenarioError(`${where}: it is no list`);
  return value;
}

function textOf(value: Json | undefined, where: string): string {
  if (typeof value !== 'string' || value === '') throw new ScenarioError(`${where}: it is no text`);
  return value;
}

function durationOf(value: Json | undefined, where: string): number {
  const ms = typeof value === 'string' ? parsePlanDuration(value) : value === 0 ? 0 : undefined;
  if (ms === undefined) throw new ScenarioError(`${where}: it is no duration such as 40s`);
  return ms;
}

function timingOf(value: Json | undefined): Partial<Timing> {
  if (value === undefined) return {};
  const stages = ['pull', 'init', 'start', 'ready', 'stop'];
  const fields = fieldsOf(value, 'timing', stages);
  return Object.fromEntries(
    Object.entries(fields).map(([stage, text]) => [`${stage}Ms`, durationOf(text, `timing.${stage}`)]),
  );
}

function laterChange(value: Json, where: string): LaterChange {
  const fields = fieldsOf(value, where, ['at', 'apply', 'setImage', 'undo']);
  const atMs = durationOf(fields.at, `${where}.at`);
  const ways = ['apply', 'setImage', 'undo'].filter((name) => fields[name] !== undefined);
  const [way] = ways;
  if (ways.length !== 1 || way === undefined)
    throw new ScenarioError(`${where}: it needs one of apply, setImage, undo`);
  if (way !== 'undo') return { atMs, what: textOf(fields[way], `${where}.${way}`) };
  const { undo } = fields;
  if (undo !== true && !(typeof undo === 'number' && Number.isInteger(undo) && undo > 0))
    throw new ScenarioError(`${where}.undo: it is neither true nor a revision`);
  return { atMs, what: undo === true ? 'undo' : `undo=${undo}` };
}

function nodeEvent(value: Json, where: string): NodeEvent {
  const fields = fieldsOf(value, where, ['at', 'node', 'becomes', 'taint', 'labels', 'add']);
  const atMs = fields.at === undefined ? 0 : durationOf(fields.at, `${where}.at`);
  const ways = ['becomes', 'taint', 'labels', 'add'].filter((name) => fields[name] !== undefined);
  const [way] = ways;
  if (ways.length !== 1 || way === undefined)
    throw new ScenarioError(`${where}: it needs one of becomes, taint, labels, add`);
  if (way === 'add') {
    if (fields.node !== undefined) throw new ScenarioError(`${where}: add names its node itself`);
    return { atMs, add: newNode(fields.add, `${where}.add`) };
  }
  const nodes = textOf(fields.node, `${where}.node`);
  if (way === 'taint') {
    const taint = textOf(fields.taint, `${where}.taint`);
    const read = parseTaintSpecs([taint]);
    if (typeof read === 'string') throw new ScenarioError(`${where}.taint: ${read}`);
    return { atMs, nodes, taint };
  }
  if (way === 'labels') {
    const labels = fieldsOf(fields.labels, `${where}.labels`, Object.keys(fields.labels ?? {}));
    const texts = Object.entries(labels).map(([key, text]) => [key, textOf(text, `${where}.labels.${key}`)]);
    return { atMs, nodes, labels: Object.fromEntries(texts) };
  }
  const turn = NODE_TURNS.find((one) => one === fields.becomes);
  if (turn === undefined)
    throw new ScenarioError(
      `${where}.becomes: ${JSON.stringify(fields.becomes)} is none of ${NODE_TURNS.join(', ')}`,
    );
  return { atMs, nodes, turn };
}

function newNode(value: Json | undefined, where: string): Node {
  const fields = fieldsOf(value, where, ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const { metadata } = fields;
  const isMap = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  const name = isMap && 'name' in metadata ? metadata.name : undefined;
  textOf(name, `${where}.metadata.name`);
  // The API checks the rest when the node is created.
  return { ...fields, apiVersion: 'v1', kind: 'Node' } as unknown as Node;
}
