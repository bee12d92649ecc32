import type { FieldValidation } from '../../api/client.ts';
import type { Pod } from '../../api/core.ts';
import type { KubeObject, ObjectMeta } from '../../api/meta.ts';
import { formatRfc3339 } from '../../domain/rfc3339.ts';
import { openMetadata } from '../open-state.ts';
import type { ServedKind } from '../served-kind.ts';
import { at, fieldOf, kindName, withMetadata } from '../strategies/generic.ts';
import type { WriteContext } from '../strategies/strategy.ts';
import { type Differences, isLike, type Likeness, likenessOf, madeAlike, passedThrough } from './alike.ts';
import { ADDRESSES, CREATED } from './allowed-differences.ts';
import { generateName, needsName } from './names.ts';
import { changesStatusAlone } from './status-alone.ts';
import type { Transition } from './transition.ts';

/** A create as it was asked for. */
interface Asked {
  readonly namespace: string;
  readonly object: unknown;
  readonly fieldValidation: FieldValidation;
}

/** A write that went well, by which others of its kind are answered. */
interface Example {
  /** What the others have to be like. */
  readonly likeness: Likeness;
  readonly made: KubeObject;
}

/** A create that went well, and what it was admitted by. */
interface CreateExample extends Example {
  readonly namespace: string;
  readonly fieldValidation: FieldValidation;
  readonly differences: Differences;
  readonly namespaceObject: KubeObject | null;
  /** Pods only. */
  readonly priorityClasses: readonly KubeObject[];
  /** The newest batch for which admission is known to look at the same. */
  admittedIn: WriteContext;
}

/** The write of a status that went well. */
interface StatusExample extends Example {
  readonly existing: KubeObject;
}

/** How many makes of objects of a kind are remembered: a batch has pods of a few DaemonSets. */
const REMEMBERED = 8;

/** By client and kind: creates of one make come in many batches. */
const creates = new WeakMap<object, Map<ServedKind, readonly CreateExample[]>>();
/** By batch: statuses hold times. All are of pods. */
const statuses = new WeakMap<WriteContext, readonly StatusExample[]>();

/**
 * Answers a create that is like an earlier one of its client but for what is known not to matter: pods of one template
 * that are pinned to different nodes, events of one kind about different objects. What they are admitted by is still the
 * same, so that decoding, defaults, admission and validation would come to the same. Undefined: it has to be looked at
 * in full.
 */
export function repeatedCreate(
  kind: ServedKind,
  { namespace, object, fieldValidation }: Asked,
  context: WriteContext,
): Transition | undefined {
  const examples = creates.get(context.client)?.get(kind);
  if (examples === undefined) return undefined;
  for (const example of examples) {
    if (example.namespace !== namespace || example.fieldValidation !== fieldValidation) continue;
    if (isLike(object, example.likeness) && isAdmittedAlike(example, context)) {
      return { did: 'created', object: createdLike(example, object, context), warnings: [] };
    }
  }
  return undefined;
}

function createdLike({ made, differences }: CreateExample, given: object, context: WriteContext): KubeObject {
  const object = madeAlike(made, given, differences);
  // Copied by `madeAlike`, and open already.
  const metadata = object.metadata as { -readonly [field in keyof ObjectMeta]: ObjectMeta[field] };
  if (needsName((given as KubeObject).metadata))
    metadata.name = generateName(metadata.generateName ?? '', context.random);
  metadata.uid = context.random.uuid();
  metadata.creationTimestamp = formatRfc3339(context.now);
  return object;
}

/** Remembers a create that went well, as it was asked for and answered. */
export function rememberCreate(
  kind: ServedKind,
  { namespace, object: given, fieldValidation }: Asked,
  { did, object, warnings }: Transition,
  context: WriteContext,
): void {
  const differences = CREATED[kindName(kind)];
  if (differences === undefined || did !== 'created' || warnings.length > 0) return;
  if (typeof given !== 'object' || given === null || !isTypical(given, object)) return;
  if (!passedThrough(object, given, differences)) return;
  const ofClient = creates.get(context.client) ?? new Map<ServedKind, readonly CreateExample[]>();
  const example: CreateExample = {
    likeness: likenessOf(given, differences),
    made: withMetadata(object, openMetadata(object.metadata)),
    namespace,
    fieldValidation,
    differences,
    namespaceObject: context.lookups.namespace(namespace),
    priorityClasses: object.kind === 'Pod' ? context.lookups.priorityClasses() : [],
    admittedIn: context,
  };
  ofClient.set(kind, added(ofClient.get(kind), example));
  creates.set(context.client, ofClient);
}

/** Whether admission looks at the same namespace and priority classes for another create of a make. */
function isAdmittedAlike(example: CreateExample, context: WriteContext): boolean {
  if (example.admittedIn === context) return true;
  const { namespace, namespaceObject, priorityClasses, made } = example;
  const { lookups } = context;
  const classes = made.kind === 'Pod' ? lookups.priorityClasses() : [];
  const isAlike =
    isSameState(lookups.namespace(namespace), namespaceObject) &&
    classes.length === priorityClasses.length &&
    classes.every((one, index) => isSameState(one, priorityClasses[index] ?? null));
  if (isAlike) example.admittedIn = context;
  return isAlike;
}

/** A revision names one state of one object. */
function isSameState(a: KubeObject | null, b: KubeObject | null): boolean {
  return a?.metadata.resourceVersion === b?.metadata.resourceVersion;
}

/** Whether an object gets its name as those of its make do: a pod from the server, an event from its writer. */
function isTypical(given: object, made: KubeObject): boolean {
  // Decoding has found metadata there.
  const { metadata } = given as KubeObject;
  return made.kind === 'Pod'
    ? needsName(metadata)
    : !needsName(metadata) && (metadata.generateName ?? '') === '';
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
  if (examples === undefined || !changesPodStatus(kind, object, existing)) return undefined;
  const { status: given } = object;
  for (const { likeness, made, existing: before } of examples) {
    if (!isLike(given, likeness) || !hadLikeStatus(existing as Pod, before as Pod)) continue;
    const status = madeAlike((made as Pod).status as object, given, ADDRESSES); // a status that was written
    const next = { ...existing, metadata: openMetadata(existing.metadata), status };
    return { did: 'updated', object: next, warnings: [] };
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
  if (did !== 'updated' || warnings.length > 0 || !changesPodStatus(kind, object, existing)) return;
  const { status: given } = object;
  if (
    typeof given !== 'object' ||
    given === null ||
    !passedThrough(fieldOf(made, 'status'), given, ADDRESSES)
  )
    return;
  const hasNewPhase = at(existing, 'status', 'phase') !== at(given, 'phase');
  if (!hasNewPhase) return;
  const example = { likeness: likenessOf(given, ADDRESSES), made, existing };
  statuses.set(context, added(statuses.get(context), example));
}

/** Whether a body is the pod that is there, by identity, but for the status. */
function changesPodStatus(
  kind: ServedKind,
  object: unknown,
  existing: KubeObject,
): object is { readonly status?: unknown } {
  return (
    existing.kind === 'Pod' &&
    kind.info.group === '' &&
    existing.metadata.deletionTimestamp === undefined &&
    changesStatusAlone(kind, object, existing)
  );
}

/** Whether the states before were alike in what the new one takes over, and different from it. */
function hadLikeStatus({ status: a }: Pod, { status: b }: Pod): boolean {
  return a?.phase === b?.phase && a?.qosClass === b?.qosClass;
}

function added<E>(examples: readonly E[] | undefined, example: E): readonly E[] {
  return [example, ...(examples ?? [])].slice(0, REMEMBERED);
}
