import type { Json } from '../../src/api/meta.ts';
import { readDocuments } from '../../src/domain/yaml/documents.ts';
import { type Dumpable, dumpYaml } from '../../src/domain/yaml/dump.ts';
import { parseYaml } from '../../src/domain/yaml/parse.ts';
import type { RowFailure, RowResults } from './row-results.ts';

interface YamlFile {
  /** What is read: as JSON (with what strict reading adds, behind STRICT), or not at all. */
  readonly load: readonly { readonly yaml: string; readonly json?: string; readonly error?: string }[];
  /** What `{k: value}` is written as. */
  readonly dump: readonly { readonly value: Dumpable; readonly yaml: string }[];
  /** The documents of a stream, and the error that ends it. */
  readonly streams?: readonly {
    readonly text: string;
    readonly documents: readonly string[];
    readonly error?: string;
  }[];
}

const STRICT = '  ||STRICT ERR yaml: unmarshal errors:\n  ';

/** Runs the rows of a `yaml.json`: what is read, what is refused (with its words), and what is written. */
export function runRows(fileText: string): RowResults {
  const file = JSON.parse(fileText) as YamlFile; // the recorded file's shape, as its FORMAT.md says
  const rows: readonly (RowFailure & { readonly expected: string })[] = [
    ...file.load.map((row) => ({
      name: `load ${JSON.stringify(row.yaml)}`,
      expected: row.json ?? `refused: ${row.error ?? ''}`,
      detail: reading(row.yaml),
    })),
    ...file.dump.map((row) => ({
      name: `dump ${JSON.stringify(row.value)}`,
      expected: row.yaml,
      detail: dumpYaml({ k: row.value }),
    })),
    ...(file.streams ?? []).map((row) => ({
      name: `stream ${JSON.stringify(row.text)}`,
      expected: [...row.documents.map((text) => goJson(JSON.parse(text))), row.error ?? 'end'].join('\n'),
      detail: stream(row.text),
    })),
  ];
  const failures = rows
    .filter(({ detail, expected }) => detail !== expected)
    .map(({ name, detail, expected }) => ({
      name,
      detail: `expected ${JSON.stringify(expected)}\n     got ${JSON.stringify(detail)}`,
    }));
  return { passed: rows.length - failures.length, failures };
}

function reading(text: string): string {
  try {
    const { value, duplicateKeys } = parseYaml(text, { exactIntegers: true });
    return goJson(value) + (duplicateKeys.length === 0 ? '' : STRICT + duplicateKeys.join('\n  '));
  } catch (error) {
    return `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function stream(text: string): string {
  const lines: string[] = [];
  try {
    for (const { value } of readDocuments(text)) lines.push(goJson(value));
    lines.push('end');
  } catch (error) {
    lines.push(error instanceof Error ? error.message : String(error));
  }
  return lines.join('\n');
}

/** JSON as Go writes it: sorted keys, `<`, `>` and `&` escaped, integers of any size in full. */
function goJson(value: Json | Dumpable): string {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = value as Readonly<Record<string, Json>>; // neither scalar nor array
    const keys = Object.keys(members).sort();
    return `{${keys.map((key) => `${goJson(key)}:${goJson(members[key] ?? null)}`).join(',')}}`;
  }
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
