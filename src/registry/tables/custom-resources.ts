import type { Json, KubeObject } from '../../api/meta.ts';
import { age } from '../../domain/duration.ts';
import { ageOf, nameOf } from './cell-text.ts';
import { firstAtPath } from './column-path.ts';
import type { Cell, Column, TableKind } from './table.ts';

/** One of a CustomResourceDefinition version's `additionalPrinterColumns`. */
export interface PrinterColumn {
  readonly name: string;
  /** `string`, `integer`, `number`, `boolean`, `date`. */
  readonly type: string;
  readonly jsonPath: string;
  /** Above 0 shows only with `-o wide`. */
  readonly priority?: number;
}

/** The part of a CustomResourceDefinition that says how its resources print. */
interface Definition {
  readonly spec?: {
    readonly versions?: readonly {
      readonly name: string;
      readonly additionalPrinterColumns?: readonly PrinterColumn[];
    }[];
  };
}

/** The columns that a CustomResourceDefinition declares for one of its versions; none where it declares none. */
export function printerColumnsOf(definition: KubeObject, version: string): readonly PrinterColumn[] {
  // A stored definition was validated against the schema that this shape is a part of.
  const { spec } = definition as KubeObject & Definition;
  return spec?.versions?.find(({ name }) => name === version)?.additionalPrinterColumns ?? [];
}

/** The table of custom resources: NAME and the declared columns, or NAME and AGE where none are declared. */
export function customResourceTable(declared: readonly PrinterColumn[]): TableKind {
  const name: Column = { name: 'Name', priority: 0, type: 'string' };
  if (declared.length === 0) {
    return {
      columns: [name, { name: 'Age', priority: 0, type: 'date' }],
      cells: (object, now) => [nameOf(object), ageOf(object, now)],
    };
  }
  return {
    columns: [name, ...declared.map(columnOf)],
    cells: (object, now) => [nameOf(object), ...declared.map((column) => cellOf(column, object, now))],
  };
}

function columnOf({ name, type, priority }: PrinterColumn): Column {
  const known = (['integer', 'number', 'boolean', 'date'] as const).find((word) => word === type);
  return { name, priority: (priority ?? 0) > 0 ? 1 : 0, type: known ?? 'string' };
}

/** The first value at the column's path, read as the column's type; empty where there is none or it does not fit. */
function cellOf(column: PrinterColumn, object: KubeObject, now: number): Cell {
  // Custom resources are JSON all the way down.
  const value = firstAtPath(object as unknown as Json, column.jsonPath);
  if (value === undefined || value === null) return '';
  switch (column.type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : '';
    case 'number':
      return typeof value === 'number' ? value : '';
    case 'boolean':
      return typeof value === 'boolean' ? value : '';
    case 'date':
      if (typeof value !== 'string') return '';
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : age(value, now);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
