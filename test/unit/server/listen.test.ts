import { X509Certificate } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/runtime/random.ts';
import { isLoopback, whyRefused } from '../../../src/server/access.ts';
import { issueServer, newAuthority } from '../../../src/server/certificates/issue.ts';
import { DEFAULT_LIMITS } from '../../../src/server/limits.ts';
import { type Listening, type ListenOptions, listen } from '../../../src/server/listen.ts';
import { CONFIG_MAPS, configMap, type ServedApp, servedApp } from './served-app.ts';

let api: ServedApp;
let listening: Listening | undefined;
afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

async function start(options: Partial<ListenOptions> = {}): Promise<Listening> {
  api = servedApp();
  const random = seededRandom(1);
  const { app } = api;
  listening = await listen({
    app,
    address: '127.0.0.1',
    port: 0,
    access: {},
    limits: DEFAULT_LIMITS,
    random,
    ...options,
  });
  return listening;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

function call(
  port: number,
  path: string,
  options: { method?: string; body?: string; headers?: Record<string, string>; ca?: string } = {},
): Promise<Answer> {
  const { method = 'GET', body, headers = {}, ca } = options;
  return new Promise((resolve, reject) => {
    const make = ca === undefined ? httpRequest : httpsRequest;
    const request = make(
      { port, path, method, headers, host: '127.0.0.1', ...(ca === undefined ? {} : { ca }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** Opens a watch and resolves with its first piece; `ended` resolves when the server ends it. */
function openWatch(
  port: number,
): Promise<{ status: number | undefined; first: string; ended: Promise<void>; leave(): void }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: `${CONFIG_MAPS}?watch=1` }, (response) => {
      const ended = new Promise<void>((done) => response.on('close', () => done()));
      response.on('error', () => undefined);
      response.once('data', (chunk: Buffer) =>
        resolve({
          status: response.statusCode,
          first: chunk.toString(),
          ended,
          leave: () => request.destroy(),
        }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('over plain HTTP', () => {
  test('requests and answers go through, UTF-8 and warnings too', async () => {
    const { port } = await start();
    const body = JSON.stringify({ ...configMap('a', {}, { k: 'ü€😀' }), datta: 1 });
    const made = await call(port, CONFIG_MAPS, { method: 'POST', body });
    expect(made.status).toBe(201);
    expect(made.headers.warning).toBe('299 - "unknown field \\"datta\\""');
    expect(made.headers['audit-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse((await call(port, `${CONFIG_MAPS}/a`)).text).data.k).toBe('ü€😀');
    const head = await call(port, `${CONFIG_MAPS}/a`, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
  });

  test('a body above the limit is 413', async () => {
    const { port } = await start({ limits: { ...DEFAULT_LIMITS, bodyBytes: 100 } });
    const answer = await call(port, CONFIG_MAPS, { method: 'POST', body: 'x'.repeat(101) });
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text).reason).toBe('RequestEntityTooLarge');
  });

  test('headers above the limit are 431', async () => {
    const { port } = await start({ limits: { ...DEFAULT_LIMITS, headerBytes: 2000 } });
    expect((await call(port, '/version', { headers: { x: 'y'.repeat(3000) } })).status).toBe(431);
  });

  test('watches above the cap are 429, until one ends', async () => {
    const { port } = await start({ limits: { ...DEFAULT_LIMITS, watches: 1 } });
    await api.post(CONFIG_MAPS, configMap('a'));
    const first = await openWatch(port);
    expect(first.first).toContain('"type":"ADDED"');
    const second = await call(port, `${CONFIG_MAPS}?watch=1`);
    expect([second.status, second.headers['retry-after']]).toEqual([429, '1']);
    first.leave();
    await first.ended;
    let third = await openWatch(port);
    while (third.status === 429) third = await openWatch(port);
    expect(third.status).toBe(200);
    third.leave();
  });

  test('close ends watches', async () => {
    const { port, close } = await start();
    await api.post(CONFIG_MAPS, configMap('a'));
    const watch = await openWatch(port);
    await Promise.all([watch.ended, close()]);
  });

  test('a fault inside is 500 and is reported', async () => {
    const faults: unknown[] = [];
    const app = { handle: () => Promise.reject(new Error('the disk is on fire')) };
    const { port } = await start({ app, onFailure: (error) => faults.push(error) });
    const answer = await call(port, '/api');
    expect([answer.status, JSON.parse(answer.text).message]).toEqual([
      500,
      'Internal error occurred: the disk is on fire',
    ]);
    expect(faults).toHaveLength(1);
  });

  test('an address that is taken is refused', async () => {
    const { port } = await start();
    const { app } = api;
    const again = listen({
      app,
      address: '127.0.0.1',
      port,
      access: {},
      limits: DEFAULT_LIMITS,
      random: seededRandom(1),
    });
    await expect(again).rejects.toThrow('EADDRINUSE');
  });
});

describe('over TLS', () => {
  const now = Date.now();
  const authority = newAuthority(now);
  const tls = issueServer(authority, ['localhost', '127.0.0.1', '::1', 'a.example'], now);

  test('HTTP/1.1 and HTTP/2 both work, for clients that trust the authority', async () => {
    const { port } = await start({ tls });
    expect((await call(port, '/readyz', { ca: authority.cert })).text).toBe('ok');
    const session = connectHttp2(`https://localhost:${port}`, { ca: authority.cert });
    const stream = session.request({ ':path': CONFIG_MAPS, accept: 'application/json' });
    const text = await new Promise<string>((resolve, reject) => {
      let all = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        all += chunk;
      });
      stream.on('end', () => resolve(all));
      stream.on('error', reject);
    });
    expect(JSON.parse(text).kind).toBe('ConfigMapList');
    expect(session.alpnProtocol).toBe('h2');
    session.close();
  });

  test('a watch over HTTP/2 starts at once and can be left', async () => {
    const { port } = await start({ tls });
    const session = connectHttp2(`https://localhost:${port}`, { ca: authority.cert });
    const stream = session.request({ ':path': `${CONFIG_MAPS}?watch=1` });
    const status = await new Promise((resolve) =>
      stream.on('response', (headers) => resolve(headers[':status'])),
    );
    expect(status).toBe(200);
    const piece = new Promise<string>((resolve) =>
      stream.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    await api.post(CONFIG_MAPS, configMap('a'));
    expect(await piece).toContain('"name":"a"');
    stream.close(constants.NGHTTP2_CANCEL);
    session.destroy();
  });

  test('strangers to the authority are not fooled', async () => {
    const { port } = await start({ tls });
    await expect(call(port, '/readyz', { ca: newAuthority(now).cert })).rejects.toThrow(/certificate/);
  });

  test('the certificate says what it should', () => {
    const server = new X509Certificate(tls.cert);
    expect(server.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:a.example',
    );
    const root = new X509Certificate(authority.cert);
    expect([root.ca, server.ca, server.checkIssued(root), server.verify(root.publicKey)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(root.serialNumber).not.toBe(server.serialNumber);
    expect(Date.parse(server.validTo) - now).toBeGreaterThan(364 * 86_400_000);
    expect(Date.parse(root.validTo) - now).toBeGreaterThan(3649 * 86_400_000);
  });
});

describe('who is let in', () => {
  const status = (token: string | undefined, headers: Record<string, string>) =>
    whyRefused(token === undefined ? {} : { token }, headers)?.status;

  test.each([
    ['the right token', 'Bearer secret-secret-secret', undefined],
    ['a wrong one', 'Bearer secret-secret-secreT', 401],
    ['a part of it', 'Bearer secret', 401],
    ['another scheme', 'Basic secret-secret-secret', 401],
  ])('with a token: %s', (_name, authorization, expected) => {
    expect(status('secret-secret-secret', { authorization, host: 'anything' })).toBe(expected);
  });

  test('with a token, nobody without one', () => {
    expect(status('secret-secret-secret', { host: '127.0.0.1' })).toBe(401);
  });

  test.each([
    [{ host: '127.0.0.1:8001' }, undefined],
    [{ host: 'localhost:8001' }, undefined],
    [{ host: '[::1]:8001' }, undefined],
    [{ ':authority': 'localhost:1' }, undefined],
    [{ host: 'evil.example:8001' }, 403],
    [{}, 403],
    [{ host: 'localhost:1', origin: 'https://evil.example' }, 403],
    [{ host: 'localhost:1', origin: 'null' }, 403],
    [{ host: 'localhost:1', origin: 'http://localhost:3000' }, undefined],
  ] as const)('without a token, %j is answered by %s', (headers, expected) => {
    expect(status(undefined, headers)).toBe(expected);
  });

  test.each([
    ['127.0.0.1', true],
    ['127.8.0.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.evil.example', false],
    ['192.168.1.2', false],
  ])('%s is loopback: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
