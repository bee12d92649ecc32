import type { PatchType, WriteOutcome } from '../../src/api/client.ts';
import type { Json, KubeObject } from '../../src/api/meta.ts';
import type { Status } from '../../src/api/status.ts';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { memoryClient } from '../support/memory-client.ts';
import { differences } from './difference.ts';
import { applyRow } from './patches-apply-row.ts';
import type { RowResults } from './row-results.ts';

/** The API server's answer to one patch. */
export interface PatchRow {
  readonly name: string;
  readonly contentType: string;
  /** `&force=true` or ''. */
  readonly query: string;
  readonly patch: Json;
  readonly code: number;
  readonly body: Answer;
}

/** What is read of an answer that is a Status; other answers are objects. */
type Answer = Partial<Pick<Status, 'message' | 'reason' | 'code' | 'details'>>;

const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/strategic-merge-patch+json': 'strategic',
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
  'application/apply-patch+yaml': 'apply',
};

/** Runs the rows of a `patches.jsonl`: every patch is applied to the first line's object, one at a time. */
export async function runRows(fileText: string): Promise<RowResults> {
  const [first = '', ...lines] = fileText.split('\n').filter((line) => line !== '');
  // The recorded file's shape, as its FORMAT.md says.
  const { object } = JSON.parse(first) as { readonly object: KubeObject };
  const answer = await server(object);
  const failures: { name: string; detail: string }[] = [];
  for (const line of lines) {
    const row = JSON.parse(line) as PatchRow;
    const type = PATCH_TYPES[row.contentType];
    const wrong = type === 'apply' ? applyRow(object, row) : problems(row, await answer(row, type ?? 'json'));
    if (wrong.length > 0) failures.push({ name: row.name, detail: wrong.join('\n') });
  }
  return { passed: lines.length - failures.length, failures };
}

/** A registry that holds the object, and answers patches of it without keeping them. */
async function server(
  object: KubeObject,
): Promise<(row: PatchRow, patchType: PatchType) => Promise<WriteOutcome>> {
  const { client } = memoryClient();
  const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
  const kind = DAEMON_SET;
  const setUp = [
    { verb: 'create', kind, namespace: key.namespace, object } as const,
    { verb: 'patch', kind, key, subresource: 'status', patchType: 'merge', patch: statusOf(object) } as const,
  ];
  for (const request of setUp) {
    const [outcome] = await client.commit([request]);
    if (outcome?.ok !== true) throw new Error(`cannot set up the object: ${JSON.stringify(outcome)}`);
  }
  return async ({ patch }, patchType) => {
    const [outcome] = await client.commit([
      {
        verb: 'patch',
        kind,
        key,
        patchType,
        patch,
        dryRun: true,
        fieldValidation: 'Warn',
        fieldManager: 'tester',
      },
    ]);
    if (outcome === undefined) throw new Error('no answer');
    return outcome;
  };
}

function statusOf(object: KubeObject): Json {
  // The recorded object is JSON and has a status.
  return { status: (object as unknown as { readonly status: Json }).status };
}

/** What is wrong with an answer, by FORMAT.md's rules for patches. */
function problems(row: PatchRow, outcome: WriteOutcome): readonly string[] {
  if (outcome.ok) {
    if (row.code !== 200) return [`expected ${row.code} ${row.body.reason}: ${row.body.message}`];
    return differences(comparable(row.body), comparable(outcome.object));
  }
  return refusalProblems(row, outcome.error);
}

/** Compares a refusal: its code and reason, and the fields of a 422. A 500 may be a refusal of another code. */
function refusalProblems(row: PatchRow, error: Answer): readonly string[] {
  const said = `${error.code} ${error.reason}: ${error.message}`;
  if (row.code === 500) return error.code === 500 || error.code === 400 || error.code === 422 ? [] : [said];
  if (row.code !== error.code || row.body.reason !== error.reason) {
    return [`expected ${row.code} ${row.body.reason}: ${row.body.message}, got ${said}`];
  }
  const fields = (answer: Answer) => (answer.details?.causes ?? []).map(({ field }) => field).sort();
  return row.code === 422 ? differences(fields(row.body), fields(error), 'causes') : [];
}

/** An object without what no two servers share, and without the managers, which are compared for apply only. */
function comparable(object: unknown): unknown {
  const { metadata, ...rest } = object as { readonly metadata: Readonly<Record<string, unknown>> };
  const {
    uid: _uid,
    resourceVersion: _revision,
    creationTimestamp: _created,
    managedFields: _managers,
    ...kept
  } = metadata;
  return { ...rest, metadata: kept };
}
