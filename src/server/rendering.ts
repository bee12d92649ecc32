import type { Json, KubeObject, ObjectList } from '../api/meta.ts';
import { dumpYaml } from '../domain/yaml/dump.ts';
import type { ServedKind } from '../registry/served-kind.ts';
import { printerColumnsOf } from '../registry/tables/custom-resources.ts';
import { tableFor } from '../registry/tables/table-for.ts';
import { nextTurn } from '../runtime/timer.ts';
import type { Accepted } from './media-types.ts';
import type { ObjectTexts } from './object-texts.ts';
import { apiVersionOf, listKindOf } from './served-kinds.ts';

/** How much of an object a row of a table carries. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Everything that decides how objects are written. */
export interface Rendering {
  readonly kind: ServedKind;
  readonly accepted: Accepted;
  readonly includeObject: IncludeObject;
  /** For the ages in tables, in milliseconds since the epoch. */
  readonly now: number;
}

type ListMeta = Omit<ObjectList, 'items'>;

/** Text of a value in the format that was asked for. `pretty` indents JSON. */
export function encode(value: unknown, { format }: Accepted, pretty: boolean): string {
  // What the API answers is JSON, with absent fields undefined.
  if (format === 'yaml') return dumpYaml(value as Json);
  return pretty ? `${JSON.stringify(value, null, 2)}\n` : `${JSON.stringify(value)}\n`;
}

/** Objects of a list that are written before others have their turn. */
const WRITTEN_AT_ONCE = 500;

/** The body that answers with a list. Objects that go out as they are, on one line, are not written anew. */
export async function listText(
  list: ObjectList,
  rendering: Rendering,
  texts: ObjectTexts,
  pretty: boolean,
): Promise<string> {
  const { kind, accepted } = rendering;
  if (!isPlain(accepted, pretty)) return encode(renderedList(list, rendering), accepted, pretty);
  const { items, ...metadata } = list;
  const written: string[] = [];
  for (const item of items) {
    written.push(texts.of(item));
    if (written.length % WRITTEN_AT_ONCE === 0) await nextTurn();
  }
  const head = JSON.stringify({ kind: listKindOf(kind), apiVersion: apiVersionOf(kind.ref), metadata });
  return `${head.slice(0, -1)},"items":[${written.join(',')}]}\n`;
}

/** The body that answers with an object. */
export function objectText(
  object: KubeObject,
  rendering: Rendering,
  texts: ObjectTexts,
  pretty: boolean,
): string {
  const { accepted } = rendering;
  if (isPlain(accepted, pretty)) return `${texts.of(object)}\n`;
  return encode(renderedObject(object, rendering), accepted, pretty);
}

const isPlain = ({ as, format }: Accepted, pretty: boolean): boolean =>
  as === undefined && format === 'json' && !pretty;

/** An object, or what was asked for in its place. */
export function renderedObject(object: KubeObject, rendering: Rendering): unknown {
  const { as } = rendering.accepted;
  if (as === 'Table')
    return renderedTable([object], { resourceVersion: object.metadata.resourceVersion ?? '' }, rendering);
  return as === undefined ? object : partial(object);
}

/** A list of objects, or what was asked for in its place. */
export function renderedList({ items, ...meta }: ObjectList, rendering: Rendering): unknown {
  const { kind, accepted } = rendering;
  switch (accepted.as) {
    case 'Table':
      return renderedTable(items, meta, rendering);
    case undefined:
      return { kind: listKindOf(kind), apiVersion: apiVersionOf(kind.ref), metadata: meta, items };
    default:
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata: meta,
        items: items.map(partial),
      };
  }
}

/** A meta.k8s.io/v1 Table. Without headings it is one of a watch's later events. */
export function renderedTable(
  objects: readonly KubeObject[],
  metadata: ListMeta,
  { kind, includeObject, now }: Rendering,
  headings = true,
): unknown {
  const declared =
    kind.definition === undefined ? undefined : printerColumnsOf(kind.definition, kind.ref.version);
  const table = tableFor(kind.ref, objects, now, declared);
  const columnDefinitions = table.columns.map(({ name, type, priority }) => ({
    name,
    type,
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority,
  }));
  const rows = table.rows.map(({ cells, object }) => ({
    cells,
    ...completion(object),
    ...(includeObject === 'None' ? {} : { object: includeObject === 'Object' ? object : partial(object) }),
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: headings ? columnDefinitions : null,
    rows,
  };
}

/** Marks the rows of pods that came to their end, as the API does. */
function completion(object: KubeObject): { conditions?: unknown } {
  if (object.kind !== 'Pod') return {};
  // Only pods get here, and their phase is text where they have one.
  const { phase } = (object as KubeObject & { readonly status?: { readonly phase?: string } }).status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') return {};
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return { conditions: [{ type: 'Completed', status: 'True', reason: phase, message }] };
}

/** A meta.k8s.io/v1 PartialObjectMetadata. */
function partial({ metadata }: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
