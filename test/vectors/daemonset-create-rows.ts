import type { WriteOutcome } from '../../src/api/client.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { Status } from '../../src/api/status.ts';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { memoryClient } from '../support/memory-client.ts';
import { differences } from './difference.ts';
import type { RowResults } from './row-results.ts';

interface CreateRow {
  readonly base: string;
  readonly path?: readonly (string | number)[];
  readonly edit: unknown;
  readonly manifest: unknown;
  readonly code: 201 | 400 | 422;
  readonly body: KubeObject | Status;
  /** Values of the `Warning` headers: `299 - "text"`. */
  readonly warnings: readonly string[] | null;
}

/** Where the recorder posted its manifests. */
const NAMESPACE = 'kube-system';

/**
 * Runs the rows of daemonset-create.jsonl: each manifest goes through the registry as a dry-run create with strict
 * field validation, and must be answered as the API server answered it, warnings included.
 */
export async function runRows(fileText: string): Promise<RowResults> {
  const { client } = memoryClient();
  const rows = fileText
    .split('\n')
    .filter((line) => line !== '')
    // The recorder wrote these lines in this shape: FORMAT.md of the recordings.
    .map((line) => JSON.parse(line) as CreateRow);
  const outcomes = await client.commit(
    rows.map(({ manifest }) => ({
      verb: 'create',
      kind: DAEMON_SET,
      namespace: NAMESPACE,
      // Much of what the recorder sent is no object at all: refusing that is what is tested.
      object: manifest as KubeObject,
      dryRun: true,
      fieldValidation: 'Strict',
    })),
  );
  const failures = rows.flatMap((row, index) => {
    const detail = rowDifferences(row, outcomes[index]).join('\n');
    return detail === '' ? [] : [{ name: nameOf(row, index), detail }];
  });
  return { passed: rows.length - failures.length, failures };
}

function nameOf({ base, path, edit }: CreateRow, index: number): string {
  return `row ${index + 1}: ${base} ${(path ?? []).join('.')} ${JSON.stringify(edit)}`;
}

function rowDifferences(row: CreateRow, outcome: WriteOutcome | undefined): readonly string[] {
  if (outcome === undefined) return ['no outcome'];
  if (!outcome.ok) return refusalDifferences(row, outcome.error);
  if (row.code !== 201) return [`expected ${row.code} ${(row.body as Status).message}, got the object`];
  const warnings = outcome.warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  return [
    ...differences(row.body, withoutChance(outcome.object)),
    ...differences(row.warnings ?? [], warnings, 'warnings'),
  ];
}

/** The object without what no two runs share; the recorder removed the same. */
function withoutChance(object: KubeObject): unknown {
  const { uid: _uid, creationTimestamp: _created, resourceVersion: _revision, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function refusalDifferences({ code, body }: CreateRow, error: Status): readonly string[] {
  if (code === 201) return [`expected the object, got ${error.code} ${error.message}`];
  const expected = body as Status;
  const summary = differences([code, expected.reason], [error.code, error.reason], 'code and reason');
  if (code === 422) {
    return [
      ...summary,
      ...differences(expected.message, error.message, 'message'),
      ...differences(expected.details, error.details, 'details'),
    ];
  }
  // Go's own type names in a decoding message need not match; the list of unknown and duplicate fields must.
  const isStrict = expected.message?.includes('strict decoding error') === true;
  return [...summary, ...(isStrict ? differences(expected.message, error.message, 'message') : [])];
}
