import { resolvePlain, resolveTagged, type ScalarValue } from './scalar.ts';
import { YamlError } from './yaml-error.ts';

const MERGE_TAG = 'tag:yaml.org,2002:merge';

/** A value of a YAML document. Mappings have text keys, as in JSON. Aliases share one value. */
export type YamlValue = ScalarValue | YamlValue[] | { [key: string]: YamlValue };

/** A composed node. */
export interface Node {
  /** `mergeKey` is the scalar `<<`, which as a key merges other mappings in. */
  readonly kind: 'scalar' | 'mergeKey' | 'sequence' | 'mapping';
  readonly value: YamlValue;
  /** How many nodes the value holds, itself included, with every alias counted as what it stands for. */
  readonly size: number;
}

/** One `key: value` of a mapping. */
export interface Pair {
  readonly key: Node;
  readonly value: Node;
  /** Where the value starts, from 0. */
  readonly line: number;
}

/** Keys and values of one document: about what fits into half a gigabyte of memory. */
const MAX_NODES = 8_000_000;

/** Turns the nodes of one document into values, and keeps what belongs to the document: anchors and limits. */
export class Composition {
  private readonly exactIntegers: boolean;
  /** One line for each key that was set twice, worded as Go's strict reading words it. */
  readonly duplicateKeys: string[] = [];
  private readonly anchors = new Map<string, Node | 'open'>();
  /** Nodes so far, and how many of them came from aliases: the measure of an alias bomb. */
  private nodeCount = 0;
  private aliasedCount = 0;
  /** The first problem of each kind. They show only in text whose syntax is right, and in this order. */
  private readonly problems: { decoding?: YamlError; conversion?: YamlError } = {};

  /** `exactIntegers`: whether integers beyond 2^53 stay bigint, or become the nearest number. */
  constructor(exactIntegers: boolean) {
    this.exactIntegers = exactIntegers;
  }

  /** Throws the first problem that came up since the beginning, if one did. */
  throwProblem(): void {
    const problem = this.problems.decoding ?? this.problems.conversion;
    if (problem !== undefined) throw problem;
  }

  private countNode(): void {
    this.nodeCount++;
    if (this.nodeCount > MAX_NODES) {
      throw new YamlError(`yaml: a document of more than ${MAX_NODES} values is too large`);
    }
  }

  scalar(text: string, plain: boolean, tag: string): Node {
    this.countNode();
    if (tag === MERGE_TAG || (text === '<<' && plain && tag === ''))
      return { kind: 'mergeKey', value: text, size: 1 };
    const value = tag !== '' ? this.tagged(tag, text) : plain ? resolvePlain(text) : text;
    return { kind: 'scalar', value, size: 1 };
  }

  private tagged(tag: string, text: string): ScalarValue {
    try {
      return resolveTagged(tag, text);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      this.problems.decoding ??= error;
      return null;
    }
  }

  sequence(items: readonly Node[]): Node {
    this.countNode();
    let size = 1;
    for (const item of items) size += item.size;
    return { kind: 'sequence', value: items.map((item) => this.member(item.value)), size };
  }

  mapping(pairs: readonly Pair[]): Node {
    this.countNode();
    const target: Record<string, YamlValue> = {};
    let otherKeys: Set<string> | undefined;
    let size = 1;
    for (const { key, value, line } of pairs) {
      size += key.size + value.size;
      if (key.kind === 'mergeKey') this.merge(target, value, line);
      else if (typeof key.value !== 'object' || key.value === null) {
        if (typeof key.value !== 'string') otherKeys ??= new Set();
        this.set(target, key.value, value.value, line, otherKeys);
      } else this.problems.decoding ??= new YamlError(`yaml: invalid map key: ${goSyntax(key.value)}`);
    }
    return { kind: 'mapping', value: target, size };
  }

  /** Notes an anchor whose node is about to be read: until `anchor`, it must not be referred to. */
  openAnchor(name: string): void {
    this.anchors.set(name, 'open');
  }

  anchor(name: string, node: Node): void {
    this.anchors.set(name, node);
  }

  alias(name: string): Node {
    const node = this.anchors.get(name);
    if (node === undefined) throw new YamlError(`yaml: unknown anchor '${name}' referenced`);
    if (node === 'open') {
      this.problems.decoding ??= new YamlError(`yaml: anchor '${name}' value contains itself`);
      return { kind: 'scalar', value: null, size: 1 };
    }
    this.nodeCount += node.size;
    this.aliasedCount += node.size;
    this.refuseAliasBomb();
    return node.kind === 'mergeKey' ? { ...node, kind: 'scalar' } : node;
  }

  /** Go's limits: small documents may repeat themselves, big ones only in part. */
  private refuseAliasBomb(): void {
    if (this.aliasedCount <= 100 || this.nodeCount <= 1000) return;
    if (this.aliasedCount / this.nodeCount > allowedAliasRatio(this.nodeCount)) {
      throw new YamlError('yaml: document contains excessive aliasing');
    }
  }

  /** Sets a key. `otherKeys` holds those of the mapping that are not text: 1 and '1' are two keys to YAML. */
  private set(
    target: Record<string, YamlValue>,
    key: ScalarValue,
    value: YamlValue,
    line: number,
    otherKeys?: Set<string>,
  ): void {
    const text = this.keyText(key, value);
    const isText = typeof key === 'string';
    const isSet = isText
      ? Object.hasOwn(target, text) && !otherKeys?.has(text)
      : otherKeys?.has(text) === true;
    if (isSet) this.duplicateKeys.push(`line ${line + 1}: key ${goSyntax(key)} already set in map`);
    if (!isText) otherKeys?.add(text);
    define(target, text, this.member(value));
  }

  /** Merges as Go does: in the place of the `<<`, so it overrides keys before it and yields to those after. */
  private merge(target: Record<string, YamlValue>, from: Node, line: number): void {
    const sources = Array.isArray(from.value) ? [...from.value].reverse() : [from.value];
    for (const source of sources) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.problems.decoding ??= new YamlError(
          'yaml: map merge requires map or sequence of maps as the value',
        );
        return;
      }
      for (const [key, value] of Object.entries(source)) this.set(target, key, value, line);
    }
  }

  /** A value as it goes into a collection or out to the caller. JSON has no infinities and no NaN. */
  member(value: YamlValue): YamlValue {
    if (typeof value === 'bigint') return this.exactIntegers ? value : Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const shown = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
      this.problems.conversion ??= new YamlError(`json: unsupported value: ${shown}`);
    }
    return value;
  }

  /** A key as JSON has it. Go's conversion knows no null keys and none of 64 bits without a sign. */
  private keyText(key: ScalarValue, value: YamlValue): string {
    if (typeof key === 'string') return key;
    if (key === null || (typeof key === 'bigint' && key >= 2n ** 63n)) {
      const type = key === null ? '%!s(<nil>)' : 'uint64';
      const shown = key === null ? '<nil>' : `0x${key.toString(16)}`;
      this.problems.conversion ??= new YamlError(
        `unsupported map key of type: ${type}, key: ${shown}, value: ${goSyntax(value)}`,
      );
    }
    return typeof key === 'number' ? numberKey(key) : String(key);
  }
}

/** From 0.99 for 400,000 nodes down to 0.1 for 4,000,000. */
function allowedAliasRatio(nodeCount: number): number {
  if (nodeCount <= 400_000) return 0.99;
  if (nodeCount >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((nodeCount - 400_000) / 3_600_000);
}

/** Go writes integers in full, and other keys in as few digits as a 32-bit float needs. */
function numberKey(key: number): string {
  if (Number.isSafeInteger(key)) return String(key);
  if (Number.isNaN(key)) return '.nan';
  if (!Number.isFinite(key)) return key > 0 ? '.inf' : '-.inf';
  for (let precision = 1; precision < 10; precision++) {
    const digits = key.toPrecision(precision);
    if (Math.fround(Number(digits)) === Math.fround(key)) return String(Number(digits));
  }
  return String(key);
}

/** A value as Go's `%#v` prints it. */
function goSyntax(value: YamlValue, inside = false): string {
  if (value === null) return inside ? 'interface {}(nil)' : '<nil>';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item, true)).join(', ')}}`;
  const keys = Object.keys(value).sort();
  const pairs = keys.map((key) => `${goSyntax(key)}:${goSyntax(value[key] ?? null, true)}`);
  return `map[interface {}]interface {}{${pairs.join(', ')}}`;
}

/** Sets a key that may be `__proto__` without touching the prototype. */
function define(target: Record<string, YamlValue>, key: string, value: YamlValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}
