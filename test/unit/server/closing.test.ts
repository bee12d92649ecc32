import { Agent, get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/runtime/random.ts';
import type { ApiResponse } from '../../../src/server/http-messages.ts';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import { type Listening, listen } from '../../../src/server/listen.ts';

/** A server whose requests are answered when the test says so. */
async function slowServer(drainMs: number): Promise<{
  readonly listening: Listening;
  /** Resolves when a request has come to the app. */
  arrived(): Promise<void>;
  answer(response: ApiResponse): void;
}> {
  let arrive: () => void = () => undefined;
  let answer: (response: ApiResponse) => void = () => undefined;
  const arrivals = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answers = new Promise<ApiResponse>((resolve) => {
    answer = resolve;
  });
  const listening = await listen({
    app: {
      handle: () => {
        arrive();
        return answers;
      },
    },
    address: '127.0.0.1',
    port: 0,
    access: {},
    limits: { ...DEFAULT_LIMITS, drainMs },
    random: seededRandom(1),
  });
  return { listening, arrived: () => arrivals, answer };
}

/** Sends a GET; resolves to the status and the body, or to the error's code. */
function call(port: number, agent: Agent = new Agent()): Promise<string> {
  return new Promise((resolve) => {
    const sent = get({ host: '127.0.0.1', port, path: '/', agent }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
      response.on('error', () => resolve('cut off'));
    });
    sent.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'failed'));
  });
}

const answered = (body: ApiResponse['body']): ApiResponse => ({ status: 200, headers: {}, body });

describe('a server that closes', () => {
  test('lets requests that are being answered come to their end', async () => {
    const { listening, arrived, answer } = await slowServer(60_000);
    const body = 'x'.repeat(5_000_000);
    const called = call(listening.port);
    await arrived();
    const closed = listening.close();
    answer(answered(body));
    expect(await called).toBe(`200 ${body}`);
    await closed;
  });

  test('takes no new connections, and refuses requests on those that are open', async () => {
    const { listening, arrived, answer } = await slowServer(60_000);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = call(listening.port, agent);
    const second = call(listening.port, agent);
    await arrived();
    const closed = listening.close();
    expect(await call(listening.port)).toBe('ECONNREFUSED');
    answer(answered('done'));
    expect(await first).toBe('200 done');
    // It comes on the connection of the first, or finds that closed.
    expect(await second).toMatch(/^(503 .*the server is shutting down|ECONNRESET|ECONNREFUSED)/);
    await closed;
    agent.destroy();
  });

  test('cuts off what does not come to its end', async () => {
    const { listening, arrived, answer } = await slowServer(10);
    const called = call(listening.port);
    await arrived();
    answer(
      answered(async function* () {
        yield 'begun';
        await new Promise(() => undefined);
      }),
    );
    await listening.close();
    expect(await called).toMatch(/^(cut off|ECONNRESET)$/);
  });
});
