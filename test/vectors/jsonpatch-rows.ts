import type { Json } from '../../src/api/meta.ts';
import { deepEqual } from '../../src/domain/deep-equal.ts';
import { applyJsonPatch } from '../../src/domain/patch/json-patch.ts';
import { PatchError } from '../../src/domain/patch/patch-error.ts';
import type { RowResults } from './row-results.ts';

interface Row {
  readonly name: string;
  readonly document: Json;
  readonly patch: Json;
  readonly result?: Json;
  readonly error?: string;
}

/** Runs the rows of a `jsonpatch.json`: each gives its result, or is refused where the row has an error. */
export function runRows(fileText: string): RowResults {
  // The recorded file's shape, as its FORMAT.md says.
  const rows = JSON.parse(withNumbersAsWritten(fileText)) as readonly Row[];
  const failures = rows.flatMap((row) => {
    const detail = differenceOf(row);
    return detail === undefined ? [] : [{ name: row.name, detail }];
  });
  return { passed: rows.length - failures.length, failures };
}

/**
 * JSON text in which a number that is not written as JavaScript would write it (`1.0`) is a value of its own. The API
 * server's `test` compares numbers as they are written, and JSON.parse would make `1.0` and `1` the same before the
 * patch sees them. kubectl sends numbers in their shortest form, so only raw requests can tell the difference.
 */
function withNumbersAsWritten(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `{"number":"${token}"}`,
  );
}

function differenceOf(row: Row): string | undefined {
  try {
    const result = applyJsonPatch(row.document, row.patch);
    if (row.error !== undefined) return `gave ${JSON.stringify(result)}, expected a refusal: ${row.error}`;
    return deepEqual(result, row.result)
      ? undefined
      : `gave ${JSON.stringify(result)}, expected ${JSON.stringify(row.result)}`;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return row.error === undefined ? `refused: ${error.message}` : undefined;
  }
}
