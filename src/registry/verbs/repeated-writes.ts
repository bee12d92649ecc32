import type { FieldValidation } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import type { ServedKind } from '../served-kind.ts';
import { at, withField } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { areAlike, madeAlike, passedThrough } from './alike.ts';
import { ADDRESSES, CREATED } from './allowed-differences.ts';
import { generateName } from './names.ts';
import type { Transition } from './transition.ts';

/** A create as it was asked for. */
interface Asked {
  readonly namespace: string;
  readonly object: unknown;
  readonly fieldValidation: FieldValidation;
}

/** A write that went well, by which others of the same batch are answered. */
interface Example {
  readonly kind: ServedKind;
  readonly namespace: string;
  readonly given: object;
  readonly made: KubeObject;
  /** Of a status: the state before. */
  readonly existing: KubeObject | undefined;
}

/** A create that went well, and what it was admitted by. */
interface CreateExample extends Example {
  readonly fieldValidation: FieldValidation;
  readonly namespaceObject: KubeObject | null;
  /** Pods only. */
  readonly priorityClasses: readonly KubeObject[];
}

/** How many makes of objects are remembered: a batch has pods of a few DaemonSets. */
const REMEMBERED = 8;

/** By client: creates of one make come in many batches. */
const creates = new WeakMap<object, CreateExample[]>();
/** By batch: statuses hold times. */
const statuses = new WeakMap<WriteContext, Example[]>();

/**
 * Answers a create that is like an earlier one of its client but for what is known not to matter: pods of one template
 * that are pinned to different nodes, events of one kind about different objects. What they are admitted by is still the
 * same, so that decoding, defaults, admission and validation would come to the same. Undefined: it has to be looked at
 * in full.
 */
export function repeatedCreate(
  kind: ServedKind,
  asked: Asked,
  context: WriteContext,
): Transition | undefined {
  const differences = CREATED[kindName(kind)];
  const examples = creates.get(context.client);
  if (differences === undefined || examples === undefined) return undefined;
  const { namespace, object, fieldValidation } = asked;
  for (const example of examples) {
    if (example.kind !== kind || example.namespace !== namespace) continue;
    if (example.fieldValidation !== fieldValidation) continue;
    if (!isAdmittedAlike(example, context) || !areAlike(object, example.given, differences)) continue;
    const { made } = example;
    // `areAlike` has found an object like the example, which is one.
    const { metadata, ...rest } = madeAlike(made, object as object, differences);
    const name = (metadata.generateName ?? '') === '' ? metadata.name : generatedFor(example, context);
    const uid = context.random.uuid();
    const creationTimestamp = formatRfc3339(context.now);
    return {
      did: 'created',
      object: {
        ...rest,
        metadata: { ...metadata, ...(name === undefined ? {} : { name }), uid, creationTimestamp },
      },
      warnings: [],
    };
  }
  return undefined;
}

/** Remembers a create that went well, as it was asked for and answered. */
export function rememberCreate(
  kind: ServedKind,
  { namespace, object: given, fieldValidation }: Asked,
  { did, object: made, warnings }: Transition,
  context: WriteContext,
): void {
  const differences = CREATED[kindName(kind)];
  if (differences === undefined || did !== 'created' || warnings.length > 0) return;
  if (typeof given !== 'object' || given === null || !isTypical(given, made)) return;
  if (!passedThrough(made, given, differences)) return;
  const example = { kind, namespace, given, made, existing: undefined, fieldValidation };
  remember(creates, context.client, { ...example, ...admittedBy(kind, namespace, context) });
}

/** What admission looks up for an object of this kind. */
function admittedBy(kind: ServedKind, namespace: string, { lookups }: WriteContext) {
  const isPod = kindName(kind) === '/Pod';
  return {
    namespaceObject: lookups.namespace(namespace),
    priorityClasses: isPod ? lookups.priorityClasses() : [],
  };
}

function isAdmittedAlike(example: CreateExample, context: WriteContext): boolean {
  const { namespaceObject, priorityClasses } = admittedBy(example.kind, example.namespace, context);
  return (
    namespaceObject === example.namespaceObject &&
    priorityClasses.length === example.priorityClasses.length &&
    priorityClasses.every((one, index) => one === example.priorityClasses[index])
  );
}

/** Whether an object gets its name as those of its make do: a pod from the server, an event from its writer. */
function isTypical(given: object, made: KubeObject): boolean {
  // Decoding has found metadata there.
  const { name, generateName } = (given as KubeObject).metadata;
  const isGenerated = (name ?? '') === '' && (generateName ?? '') !== '';
  return made.kind === 'Pod' ? isGenerated : !isGenerated && (generateName ?? '') === '';
}

function generatedFor({ made }: Example, { random }: WriteContext): string {
  return generateName(made.metadata.generateName ?? '', random);
}

/**
 * Answers the write of a pod's status that differs from an earlier one of its batch in addresses alone, and leaves the
 * rest of the pod as it is, by identity. Undefined: it has to be looked at in full.
 */
export function repeatedStatus(
  kind: ServedKind,
  object: unknown,
  existing: KubeObject,
  context: WriteContext,
): Transition | undefined {
  const examples = statuses.get(context);
  if (examples === undefined || !changesStatusAlone(kind, object, existing)) return undefined;
  const given = at(object, 'status');
  for (const example of examples) {
    if (example.kind !== kind || !areAlike(given, example.given, ADDRESSES)) continue;
    if (!hadLikeStatus(existing, example)) continue;
    // `areAlike` has found a status like that of the example.
    const status = madeAlike(at(example.made, 'status') as object, given as object, ADDRESSES);
    return { did: 'updated', object: withField(existing, 'status', status), warnings: [] };
  }
  return undefined;
}

/** Remembers the write of a status that went well. */
export function rememberStatus(
  kind: ServedKind,
  object: unknown,
  existing: KubeObject,
  { did, object: made, warnings }: Transition,
  context: WriteContext,
): void {
  if (did !== 'updated' || warnings.length > 0 || !changesStatusAlone(kind, object, existing)) return;
  const given = at(object, 'status');
  if (typeof given !== 'object' || given === null || !passedThrough(at(made, 'status'), given, ADDRESSES))
    return;
  const hasNewPhase = at(existing, 'status', 'phase') !== at(given, 'phase');
  if (hasNewPhase) remember(statuses, context, { kind, namespace: '', given, made, existing });
}

function changesStatusAlone(kind: ServedKind, object: unknown, existing: KubeObject): boolean {
  if (kindName(kind) !== '/Pod' || typeof object !== 'object' || object === null) return false;
  if (existing.metadata.deletionTimestamp !== undefined) return false;
  // Any object can be asked for fields that it may lack.
  const given = object as Partial<KubeObject>;
  return (
    given.metadata === existing.metadata &&
    given.apiVersion === existing.apiVersion &&
    given.kind === existing.kind &&
    at(existing, 'spec') === at(object, 'spec') &&
    Object.keys(object).every((name) => name === 'status' || name in existing)
  );
}

/** Whether the states before were alike in what the new one takes over, and different from it. */
function hadLikeStatus(existing: KubeObject, example: Example): boolean {
  if (example.existing === undefined) return false;
  return ['phase', 'qosClass'].every(
    (name) => at(existing, 'status', name) === at(example.existing, 'status', name),
  );
}

function remember<K extends object, E extends Example>(into: WeakMap<K, E[]>, owner: K, example: E): void {
  const examples = into.get(owner) ?? [];
  into.set(owner, [example, ...examples].slice(0, REMEMBERED));
}

function kindName({ info }: ServedKind): string {
  return `${info.group}/${info.kind}`;
}
