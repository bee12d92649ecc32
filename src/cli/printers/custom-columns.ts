import { readFileSync } from 'node:fs';
import type { Json } from '../../api/meta.ts';
import { goPrinted } from '../../domain/go-values/print.ts';
import { type JsonPath, jsonPath, relaxedPath } from '../../domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../domain/jsonpath/jsonpath-error.ts';
import { CommandError } from '../errors.ts';
import { goReason } from '../manifests/go-reason.ts';
import { withoutEscapes } from './table-text.ts';

/** Columns that a user chose. */
export interface CustomColumns {
  readonly head: readonly string[];
  /** An object's cells. Throws CommandError where a path fails. */
  row(object: Json): readonly string[];
}

const EXPECTED =
  'Expected format is one line of space separated headers, one line of space separated column specs.';

/** Reads `NAME:.metadata.name,NODE:.spec.nodeName`. Throws CommandError. */
export function customColumns(spec: string): CustomColumns {
  const parts = spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) {
      throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    }
    return [part.slice(0, colon), part.slice(colon + 1)] as const;
  });
  return columnsOf(
    parts.map(([head]) => head),
    parts.map(([, path]) => path),
  );
}

/** Reads a file with a line of headers and a line of paths. Throws CommandError. */
export function customColumnsFile(file: string): CustomColumns {
  const [headers, paths] = linesOf(file).map((line) => line.trim().split(/\s+/));
  if (headers === undefined) throw new CommandError(`invalid template, missing header line. ${EXPECTED}`);
  if (paths === undefined) throw new CommandError(`invalid template, missing spec line. ${EXPECTED}`);
  if (headers.length !== paths.length) {
    throw new CommandError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  }
  return columnsOf(headers, paths);
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/\n$/, '')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    throw new CommandError(`error reading template ${file}, open ${file}: ${goReason(error)}`);
  }
}

function columnsOf(head: readonly string[], paths: readonly string[]): CustomColumns {
  const read = inWords(() => paths.map((path) => jsonPath(relaxedPath(path), { allowMissing: true })));
  return { head, row: (object) => inWords(() => read.map((path) => cellOf(path, object))) };
}

/** Everything that the path finds, with commas between. */
function cellOf(path: JsonPath, object: Json): string {
  const found = path.find(object);
  return found.length === 0 ? '<none>' : withoutEscapes(found.map(goPrinted).join(','));
}

function inWords<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw error instanceof JsonPathError ? new CommandError(error.message) : error;
  }
}
