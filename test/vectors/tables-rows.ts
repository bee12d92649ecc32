import type { KubeObject } from '../../src/api/meta.ts';
import { deepEqual } from '../../src/domain/deep-equal.ts';
import { tableFor } from '../../src/registry/tables/table-for.ts';
import type { RowResults } from './row-results.ts';

interface Row {
  readonly name: string;
  /** The clock, RFC 3339. */
  readonly now: string;
  readonly object: KubeObject;
  /** `Name:priority`. */
  readonly columns: readonly string[];
  readonly cells: readonly unknown[];
}

/** Runs the rows of a `tables.jsonl`: columns and cells must equal what the API server printed. */
export function runRows(fileText: string): RowResults {
  const lines = fileText.split('\n').filter((line) => line !== '');
  const failures = lines.flatMap((line) => {
    // The recorded file's shape, as its FORMAT.md says.
    const row = JSON.parse(line) as Row;
    const detail = differenceOf(row);
    return detail === undefined ? [] : [{ name: row.name, detail }];
  });
  return { passed: lines.length - failures.length, failures };
}

function differenceOf(row: Row): string | undefined {
  const { apiVersion, kind } = row.object;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const table = tableFor(
    { group: group ?? '', version: version ?? '', kind },
    [row.object],
    Date.parse(row.now),
  );
  const columns = table.columns.map((column) => `${column.name}:${column.priority}`);
  if (!deepEqual(columns, row.columns))
    return `columns ${columns.join(', ')}, expected ${row.columns.join(', ')}`;
  const cells = table.rows[0]?.cells ?? [];
  const wrong = row.cells.flatMap((expected, index) =>
    deepEqual(cells[index], expected) ? [] : [`${columns[index]}: ${cells[index]}, expected ${expected}`],
  );
  return wrong.length === 0 && cells.length === row.cells.length ? undefined : wrong.join('; ');
}
