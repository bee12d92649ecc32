import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Client, WriteRequest } from '../../src/api/client.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { daemonSetController } from '../../src/controllers/daemonset/controller.ts';
import type { Decision } from '../../src/domain/daemonset/observed.ts';
import { templateHash } from '../../src/domain/hashing/template-hash.ts';
import { RetryError } from '../../src/runtime/controller.ts';
import { kindKey, kindKeyOf } from '../../src/runtime/kind-key.ts';
import { createObjectIndex } from '../../src/runtime/object-index.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { keyText } from '../../src/runtime/write-requests.ts';
import { differencesOf, type SyncRow, syncRowsOf } from './daemonset-sync-rows.ts';

const text = gunzipSync(readFileSync(new URL('data/daemonset-sync.jsonl.gz', import.meta.url))).toString(
  'utf8',
);

test('the controller decides the same from a memory that saw half of it come later, in all 700 recorded states', async () => {
  const failures: string[] = [];
  const rows = syncRowsOf(text);
  for (const row of rows) {
    const wrong = differencesOf(row, await decisionsOf(row));
    if (wrong.length > 0) failures.push(`${row.name}: ${wrong.join('; ')}`);
  }
  expect(failures).toEqual([]);
  expect(rows).toHaveLength(700);
});

/** Syncs once over a part of the state, lets the rest come, and answers what the sync after that decides. */
async function decisionsOf({ now, input }: SyncRow): Promise<readonly Decision[]> {
  const index = createObjectIndex();
  let decisions: readonly Decision[] = [];
  const controller = daemonSetController({
    hash: templateHash,
    onSync: (record) => {
      decisions = record.decisions;
    },
  });
  const put = (object: KubeObject): void => {
    const previous = index.peer(object);
    index.put(object);
    for (const { kind, enqueue } of controller.watches)
      if (kind !== '*' && kindKey(kind) === kindKeyOf(object)) enqueue(previous, object, index);
  };
  const { daemonSet, nodes, pods, controllerRevisions: revisions } = input;
  const sync = async (): Promise<void> => {
    decisions = [];
    const context = {
      client: acceptingClient(daemonSet),
      lister: index,
      recorder: { event: () => undefined },
      random: seededRandom(1),
      now: Date.parse(now),
    };
    try {
      await controller.reconcile([keyText(daemonSet)], context);
    } catch (error) {
      if (!(error instanceof RetryError)) throw error;
    }
  };

  put(daemonSet);
  const isEarly = (_: KubeObject, position: number): boolean => position % 2 === 0;
  // A failed pod would already put its node into back-off.
  const early = pods?.filter(isEarly).filter(({ status }) => status?.phase !== 'Failed');
  for (const object of [...(nodes?.filter(isEarly) ?? []), ...(early ?? [])]) put(object);
  await sync();
  for (const object of [...(nodes ?? []), ...(pods ?? []), ...(revisions ?? [])]) put(object);
  await sync();
  return decisions;
}

/** A client that takes every write and keeps none. */
function acceptingClient(daemonSet: KubeObject): Client {
  const unexpected = (): never => {
    throw new Error('the controller asked for something else');
  };
  const objectOf = (request: WriteRequest): KubeObject =>
    request.verb === 'create' || request.verb === 'update' ? request.object : daemonSet;
  return {
    // Adoption looks whether the DaemonSet is still there.
    get: async <T extends KubeObject>() => daemonSet as T,
    commit: async (requests) =>
      requests.map((request) => ({ ok: true, did: 'updated', object: objectOf(request), warnings: [] })),
    list: unexpected,
    resources: unexpected,
    changes: unexpected,
    revision: unexpected,
    onChange: unexpected,
  };
}
