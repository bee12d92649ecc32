import type { KubeObject, ObjectMeta } from '../../api/meta.ts';

/** A value in a table: text, a count or a flag, as the API's Table carries it. */
export type Cell = string | number | boolean;

/** A column. Its heading on a terminal is the name in capitals. */
export interface Column {
  readonly name: string;
  /** 0 always shows, 1 only with `-o wide`. */
  readonly priority: 0 | 1;
  readonly type: 'string' | 'integer' | 'boolean' | 'number' | 'date';
}

/** One object's row; cells are in the columns' order. */
interface Row {
  readonly cells: readonly Cell[];
  readonly object: KubeObject;
}

/** What `get` prints of a list of objects, before it is turned into text. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** How one kind prints: its columns, and the cells of one object. `now` is in milliseconds since the epoch. */
export interface TableKind {
  readonly columns: readonly Column[];
  cells(object: KubeObject, now: number): readonly Cell[];
}

/** What every printed object has. Kinds add the fields that their columns read, all of them optional. */
export interface Printed {
  readonly metadata: ObjectMeta;
}

/**
 * A kind's table.
 *
 * @param names the columns; a leading `+` marks one that only shows with `-o wide`, `#` one with a count
 * @param cells the cells in the same order; T is what they read of the object
 */
export function tableKind<T extends Printed>(
  names: readonly string[],
  cells: (object: T, now: number) => readonly Cell[],
): TableKind {
  return {
    columns: names.map(column),
    // The registry hands in objects that were decoded as the kind that this table is registered for.
    cells: (object, now) => cells(object as unknown as T, now),
  };
}

function column(text: string): Column {
  const wide = text.startsWith('+');
  const rest = wide ? text.slice(1) : text;
  const count = rest.startsWith('#');
  return { name: count ? rest.slice(1) : rest, priority: wide ? 1 : 0, type: count ? 'integer' : 'string' };
}
