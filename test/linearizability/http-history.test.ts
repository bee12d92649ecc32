import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { type ServeProcess, startServe } from '../e2e/serve-process.ts';
import { violations } from './checker.ts';
import type { Answer, Asked, Operation } from './history.ts';

const NAMES = Array.from({ length: 16 }, (_, index) => `shared-${index}`);

let server: ServeProcess;
beforeAll(async () => {
  server = await startServe(['--controllers=-*']);
});
afterAll(async () => {
  await server.stop();
  server.shell.remove();
});

/** A ConfigMap, as far as clients here look at it. */
interface ConfigMap {
  readonly metadata: { readonly resourceVersion: string };
  readonly data: { readonly text: string };
}

/** An operation with what is needed to send it. */
interface Request {
  readonly asked: Asked;
  readonly method: string;
  readonly type?: string;
  readonly body?: object;
}

/** A client that reads, creates, replaces, patches and deletes ConfigMaps by chance. */
async function client(name: string, random: Random, count: number): Promise<readonly Operation[]> {
  const read = new Map<string, ConfigMap>();
  const operations: Operation[] = [];
  for (let done = 0; done < count; done += 1) {
    // What was read is often written next: swaps of what is long gone would all be refused.
    const just = operations.at(-1);
    const stays = just?.asked.do === 'read' && random.int(3) > 0;
    const key = stays ? just.key : (NAMES[random.int(NAMES.length)] ?? '');
    const request = someRequest(key, random, read.get(key), `${name} ${done}`);
    const { asked } = request;
    const called = performance.now();
    const { status, body } = await send(key, request);
    operations.push({
      key,
      asked,
      answer: answerOf(asked, status, body),
      called,
      returned: performance.now(),
    });
    if (asked.do === 'read') {
      if (status === 404) read.delete(key);
      else read.set(key, body);
    }
  }
  return operations;
}

function someRequest(key: string, random: Random, known: ConfigMap | undefined, to: string): Request {
  const sort = random.int(10);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: key }, data: { text: to } };
  if (sort < 2 || (sort < 6 && known === undefined)) return { asked: { do: 'read' }, method: 'GET' };
  if (sort < 6 && known !== undefined) {
    const { resourceVersion } = known.metadata;
    return {
      asked: { do: 'write', when: { is: 'value', value: known.data.text }, to },
      method: 'PUT',
      type: 'application/json',
      body: { ...object, metadata: { name: key, resourceVersion } },
    };
  }
  if (sort === 6) {
    return {
      asked: { do: 'write', when: { is: 'absent' }, to },
      method: 'POST',
      type: 'application/json',
      body: object,
    };
  }
  if (sort === 9) return { asked: { do: 'write', when: { is: 'present' }, to: null }, method: 'DELETE' };
  return {
    asked: { do: 'write', when: { is: 'present' }, to },
    method: 'PATCH',
    type: 'application/merge-patch+json',
    body: { data: { text: to } },
  };
}

async function send(
  key: string,
  { method, type, body }: Request,
): Promise<{ readonly status: number; readonly body: ConfigMap }> {
  const all = `${server.url}/api/v1/namespaces/default/configmaps`;
  const response = await fetch(method === 'POST' ? all : `${all}/${key}`, {
    method,
    ...(type !== undefined && { headers: { 'content-type': type } }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as ConfigMap };
}

/** What a response says of the operation. Throws for a response that says nothing of it. */
function answerOf(asked: Asked, status: number, body: ConfigMap): Answer {
  if (asked.do === 'read' && status === 404) return { value: null };
  if (asked.do === 'read' && status === 200) return { value: body.data.text };
  if (asked.do === 'write' && (status === 200 || status === 201)) return { done: true };
  if (asked.do === 'write' && (status === 404 || status === 409)) return { done: false };
  throw new Error(`${asked.do} was answered ${status}: ${JSON.stringify(body)}`);
}

/** Whether a history has swaps that were done and swaps that lost, so that a store that mixes them up shows. */
function hasSwapsOfBothEnds(history: readonly Operation[]): boolean {
  const swaps = history.filter(({ asked }) => asked.do === 'write' && asked.when.is === 'value');
  const done = swaps.filter(({ answer }) => answer !== 'none' && 'done' in answer && answer.done);
  return done.length > 10 && swaps.length > done.length + 10;
}

test('what 32 clients of a server see has one order', async () => {
  const history: Operation[] = [];
  // How many swaps win depends on how the machine interleaves the clients, so they go on until both ends were seen.
  for (let round = 0; round < 20 && !hasSwapsOfBothEnds(history); round += 1) {
    const clients = Array.from({ length: 32 }, (_, at) =>
      client(`round-${round} client-${at}`, seededRandom(round * 32 + at), 25),
    );
    history.push(...(await Promise.all(clients)).flat());
  }

  expect(hasSwapsOfBothEnds(history)).toBe(true);
  expect(violations(history)).toEqual([]);
});
