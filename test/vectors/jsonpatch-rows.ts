import type { Json } from '../../src/api/meta.ts';
import { deepEqual } from '../../src/domain/deep-equal.ts';
import { applyJsonPatch } from '../../src/domain/patch/json-patch.ts';
import { PatchError } from '../../src/domain/patch/patch-error.ts';

interface Row {
  readonly name: string;
  readonly document: Json;
  readonly patch: Json;
  readonly result?: Json;
  readonly error?: string;
}

interface Outcome {
  readonly passed: number;
  readonly failures: readonly { readonly name: string; readonly detail: string }[];
}

/** Runs the rows of a `jsonpatch.json`: each gives its result, or is refused where the row has an error. */
export function runRows(fileText: string): Outcome {
  // The recorded file's shape, as its FORMAT.md says.
  const rows = JSON.parse(fileText) as readonly Row[];
  const failures = rows.flatMap((row) => {
    const detail = differenceOf(row);
    return detail === undefined ? [] : [{ name: row.name, detail }];
  });
  return { passed: rows.length - failures.length, failures };
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
