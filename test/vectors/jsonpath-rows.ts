import type { Json } from '../../src/api/meta.ts';
import { jsonPath } from '../../src/domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../src/domain/jsonpath/jsonpath-error.ts';
import type { RowResults } from './row-results.ts';

interface Row {
  readonly template: string;
  readonly output?: string;
  readonly error?: string;
}

/** Runs the rows of a `jsonpath.json`: each template prints its output over the file's data, or fails in its words. */
export function runRows(fileText: string): RowResults {
  // The recorded file's shape, as its FORMAT.md says.
  const { data, cases } = JSON.parse(fileText) as { readonly data: Json; readonly cases: readonly Row[] };
  const failures = cases.flatMap((row) => {
    const detail = differenceOf(row, data);
    return detail === undefined ? [] : [{ name: row.template, detail }];
  });
  return { passed: cases.length - failures.length, failures };
}

function differenceOf(row: Row, data: Json): string | undefined {
  const expected = row.error === undefined ? { output: row.output ?? '' } : { error: row.error };
  const given = answer(row.template, data);
  const same = isInRandomOrder(row.template) ? sameWords(given, expected) : sameText(given, expected);
  return same ? undefined : `gave ${JSON.stringify(given)}, expected ${JSON.stringify(expected)}`;
}

interface Answer {
  readonly output?: string;
  readonly error?: string;
}

function answer(template: string, data: Json): Answer {
  try {
    return { output: jsonPath(template, { allowMissing: true }).text(data) };
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return { error: error.message };
  }
}

/** `..` and `.*` walk over maps, whose order Go leaves to chance: the recording shows one of many. */
function isInRandomOrder(template: string): boolean {
  return /\.\.|\.\*/.test(template);
}

const sameText = (a: Answer, b: Answer): boolean => a.output === b.output && a.error === b.error;

function sameWords(a: Answer, b: Answer): boolean {
  const sorted = ({ output, error }: Answer): Answer => ({
    ...(output === undefined ? {} : { output: output.split(' ').sort().join(' ') }),
    ...(error === undefined ? {} : { error }),
  });
  return sameText(sorted(a), sorted(b));
}
