import type { ResourceInfo } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { PrinterColumn } from '../../registry/tables/custom-resources.ts';
import type { Column } from '../../registry/tables/table.ts';
import { tableFor } from '../../registry/tables/table-for.ts';
import { qualifiedName } from '../object-names.ts';
import type { Paint } from './status-colours.ts';
import { growingTable, plainCell } from './table-text.ts';

/** How `get` lays a table out. */
export interface TableOptions {
  /** `-o wide`. */
  readonly wide: boolean;
  readonly headers: boolean;
  /** Whether namespaces have a column; it is empty for objects without one. */
  readonly withNamespace: boolean;
  /** Names as `daemonset.apps/x`. */
  readonly withKind: boolean;
  readonly showLabels: boolean;
  /** Labels with a column of their own. */
  readonly labelColumns: readonly string[];
  /** The cluster's time, in milliseconds since the epoch. */
  readonly now: number;
  /** What the objects are, where it is not the resource that they are named for: a subresource of another kind. */
  readonly shownAs?: ResourceInfo;
  /** Columns that a definition declares. */
  readonly declared: readonly PrinterColumn[];
  /** Colours of the words in a STATUS column. */
  readonly paint: Paint | undefined;
}

/** Objects of one kind as `kubectl get` prints them. */
export function objectTable(
  resource: ResourceInfo,
  objects: readonly KubeObject[],
  options: TableOptions,
): string {
  const { head, rows } = tableCells(resource, objects, options);
  return growingTable(statusPainter(head, options.paint))(options.headers ? [head, ...rows] : rows);
}

/** Paints the words below the heading STATUS. */
export function statusPainter(
  head: readonly string[],
  paint: Paint | undefined,
): ((cell: string, at: number) => string) | undefined {
  const status = head.indexOf('STATUS');
  if (paint === undefined || status < 0) return undefined;
  return (cell, at) => (at === status && cell !== 'STATUS' && cell !== '' ? paint(cell) : cell);
}

/** The headings and cells of that table, before they are aligned. */
export function tableCells(
  resource: ResourceInfo,
  objects: readonly KubeObject[],
  options: TableOptions,
): { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const table = tableFor(options.shownAs ?? resource, objects, options.now, options.declared);
  const shown = [...table.columns.entries()].filter(([, { priority }]) => priority === 0 || options.wide);
  const { withNamespace } = options;
  const head = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    ...shown.map(([, { name }]) => name.toUpperCase()),
    ...options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
  const rows = table.rows.map(({ cells, object }) => [
    ...(withNamespace ? [object.metadata.namespace ?? ''] : []),
    ...shown.map(([at, column]) => {
      const text = plainCell(cells[at] ?? '');
      return options.withKind && isName(column) ? qualifiedName(resource, text) : text;
    }),
    ...options.labelColumns.map((label) => plainCell(object.metadata.labels?.[label] ?? '')),
    ...(options.showLabels ? [labelsText(object)] : []),
  ]);
  return { head, rows };
}

/** The column of names: the first in most tables, further back in that of events. */
function isName({ name }: Column): boolean {
  return name === 'Name';
}

function labelsText({ metadata }: KubeObject): string {
  const pairs = Object.entries(metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '<none>' : plainCell(pairs.map(([key, value]) => `${key}=${value}`).join(','));
}
