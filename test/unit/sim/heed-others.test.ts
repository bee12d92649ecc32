import { expect, test } from 'vitest';
import type { Pod } from '../../../src/api/core.ts';
import { POD } from '../../../src/api/well-known.ts';
import { virtualClock } from '../../../src/runtime/clock.ts';
import { type Controller, watch } from '../../../src/runtime/controller.ts';
import { createManager } from '../../../src/runtime/manager.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { keyText, parseKeyText, statusUpdate } from '../../../src/runtime/write-requests.ts';
import { heedOthers } from '../../../src/sim/heed-others.ts';
import { memoryClient } from '../../support/memory-client.ts';
import { creating, pod } from '../registry/verbs/objects.ts';

/** A kubelet that lets pods run, and asks to be called again 5 s after each look. */
function kubelet(looks: string[]): Controller {
  return {
    name: 'kubelet',
    watches: [watch(POD, (_previous, current) => (current === undefined ? [] : [`pod ${keyText(current)}`]))],
    async reconcile(keys, { client, lister, now }) {
      for (const key of keys) {
        const found = lister.get<Pod>(POD, parseKeyText(key.slice('pod '.length)));
        looks.push(`${found?.status?.phase} at ${now}`);
        const startTime = '1970-01-01T00:00:00Z';
        if (found?.status?.phase === 'Pending')
          await client.commit([
            statusUpdate({ ...found, status: { ...found.status, phase: 'Running', startTime } }),
          ]);
      }
      return keys.map((key) => ({
        key,
        afterMs: 5000,
        wait: { kind: 'machinery', because: 'it looks again' },
      }));
    },
  };
}

async function looksOf(startedAt: number): Promise<readonly string[]> {
  const looks: string[] = [];
  const { client } = memoryClient();
  const clock = virtualClock(startedAt);
  const random = seededRandom(1);
  const manager = createManager({ client, clock, random, controllers: [heedOthers(kubelet(looks))] });
  await client.commit([creating(POD, pod('one'))]);
  while (await manager.step());
  clock.advanceTo(startedAt + 5000);
  while (await manager.step());
  const [running] = (await client.list<Pod>(POD)).items;
  if (running !== undefined) await client.commit([statusUpdate({ ...running, status: { phase: 'Failed' } })]);
  while (await manager.step());
  return looks;
}

test('a kubelet is spared what it has just written, and sees what comes later or from others', async () => {
  expect(await looksOf(0)).toEqual(['Pending at 0', 'Running at 5000', 'Failed at 5000']);
});

test('it looks again when the time of the start was cut to whole seconds', async () => {
  expect(await looksOf(300)).toEqual([
    'Pending at 300',
    'Running at 300',
    'Running at 5300',
    'Failed at 5300',
  ]);
});
