import type { PatchType, WriteOutcome } from '../../src/api/client.ts';
import type { Json, KubeObject } from '../../src/api/meta.ts';
import type { Status } from '../../src/api/status.ts';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { memoryClient } from '../support/memory-client.ts';
import { differences } from './difference.ts';
import type { RowResults } from './row-results.ts';

/** The API server's answer to one patch. */
interface PatchRow {
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
    if (type === undefined) throw new Error(`${row.name}: no patch type for ${row.contentType}`);
    const wrong = problems(row, type, await answer(row, type));
    if (wrong.length > 0) failures.push({ name: row.name, detail: wrong.join('\n') });
  }
  return { passed: lines.length - failures.length, failures };
}

/** A registry that holds the object with its managers, and answers patches of it without keeping them. */
async function server(
  object: KubeObject,
): Promise<(row: PatchRow, patchType: PatchType) => Promise<WriteOutcome>> {
  const { client } = memoryClient();
  const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
  const kind = DAEMON_SET;
  const status = { subresource: 'status', patchType: 'merge', patch: statusOf(object) } as const;
  const setUp = [
    { verb: 'create', kind, namespace: key.namespace, object, fieldManager: 'creator' } as const,
    { verb: 'patch', kind, key, ...status, fieldManager: 'kube-controller-manager' } as const,
  ];
  for (const request of setUp) {
    const [outcome] = await client.commit([request]);
    if (outcome?.ok !== true) throw new Error(`cannot set up the object: ${JSON.stringify(outcome)}`);
  }
  const held = comparable(await client.get(kind, key), true);
  const wrong = differences(comparable(object, true), held);
  if (wrong.length > 0) throw new Error(`the object is not held as it was recorded:\n${wrong.join('\n')}`);
  return async ({ patch, query }, patchType) => {
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
        ...(query.includes('force=true') ? { force: true } : {}),
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
function problems(row: PatchRow, type: PatchType, outcome: WriteOutcome): readonly string[] {
  if (!outcome.ok) return refusalProblems(row, type, outcome.error);
  if (row.code !== 200) return [`expected ${row.code} ${row.body.reason}: ${row.body.message}`];
  return differences(comparable(row.body, type === 'apply'), comparable(outcome.object, type === 'apply'));
}

/** Compares a refusal: its code and reason, the fields of a 422, all of a refused apply. Another 500 may be a refusal of
 * another code. */
function refusalProblems(row: PatchRow, type: PatchType, error: Answer): readonly string[] {
  const said = `${error.code} ${error.reason}: ${error.message}`;
  if (row.code === 500 && type !== 'apply')
    return error.code === 500 || error.code === 400 || error.code === 422 ? [] : [said];
  if (row.code !== error.code || row.body.reason !== error.reason) {
    return [`expected ${row.code} ${row.body.reason}: ${row.body.message}, got ${said}`];
  }
  if (type === 'apply') {
    return [
      ...differences(row.body.message, error.message, 'message'),
      ...differences(row.body.details, error.details, 'details'),
    ];
  }
  const fields = (answer: Answer) => (answer.details?.causes ?? []).map(({ field }) => field).sort();
  return row.code === 422 ? differences(fields(row.body), fields(error), 'causes') : [];
}

/** An object without what no two servers share. The managers, without their times, are compared for apply only. */
function comparable(object: unknown, withManagers: boolean): unknown {
  const { metadata, ...rest } = object as {
    readonly metadata: Readonly<Record<string, unknown>> & {
      readonly managedFields?: readonly Readonly<Record<string, unknown>>[];
    };
  };
  const {
    uid: _uid,
    resourceVersion: _revision,
    creationTimestamp: _created,
    managedFields = [],
    ...kept
  } = metadata;
  const managers = managedFields.map(({ time: _time, ...entry }) => entry);
  return { ...rest, metadata: withManagers ? { ...kept, managers } : kept };
}
