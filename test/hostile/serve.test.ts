import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServeProcess, startServe } from '../e2e/serve-process.ts';
import { openShell } from '../support/kdaemon.ts';

const TOKEN = 'token-that-nobody-may-see-31415926';
const SECRET = 'secret-that-nobody-may-see-27182818';
const SECRETS = '/api/v1/namespaces/default/secrets';

let serve: ServeProcess;
let told = '';
beforeAll(async () => {
  const shell = openShell();
  writeFileSync(join(shell.folder, 'token'), TOKEN);
  serve = await startServe(['--token-file', 'token'], shell);
});
afterAll(async () => {
  await serve.stop();
  serve.shell.remove();
});

/** Sends a request, with the token unless another is given, and keeps what was answered in an error. */
function call(
  method: string,
  path: string,
  body = '',
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers };
    const sent = request(new URL(path, serve.url), { method, headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        if ((response.statusCode ?? 0) >= 400) told += text;
        resolve(response.statusCode ?? 0);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('a server under attack', () => {
  test('tells neither its token nor what secrets hold, however it fails', async () => {
    const secret = (name: string, data: unknown) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...(data as object) });
    const base64 = Buffer.from(SECRET).toString('base64');
    expect(await call('POST', SECRETS, secret('good', { data: { password: base64 } }))).toBe(201);
    const failures: readonly (readonly [string, string, string?, Record<string, string>?])[] = [
      ['POST', SECRETS, secret('good', { data: { password: base64 } })],
      ['POST', SECRETS, secret('bad', { data: { 'no/key': base64 } })],
      ['POST', SECRETS, secret('bad', { type: 'kubernetes.io/tls', data: { password: base64 } })],
      ['PUT', `${SECRETS}/good`, secret('other', { data: { password: base64 } })],
      [
        'PATCH',
        `${SECRETS}/good`,
        `[{"op":"test","path":"/data/password","value":"x"}]`,
        { 'content-type': 'application/json-patch+json' },
      ],
      [
        'PATCH',
        `${SECRETS}/good`,
        `{"data":{"password":"${base64}"}`,
        { 'content-type': 'application/merge-patch+json' },
      ],
      ['GET', `${SECRETS}/good`, '', { authorization: `Bearer x${TOKEN}` }],
      ['GET', `${SECRETS}/good?token=${TOKEN}`, '', { authorization: '' }],
      ['GET', SECRETS, '', { authorization: `Basic ${TOKEN}` }],
    ];
    for (const [method, path, body, headers] of failures) {
      expect(await call(method, path, body, headers), `${method} ${path}`).toBeGreaterThanOrEqual(400);
    }
    for (const shown of [TOKEN, SECRET, base64]) expect(told).not.toContain(shown);
  });

  test('stays within its memory while thousands of requests and half-open connections come in', async () => {
    const before = residentMib(serve.process.pid ?? 0);
    const { port } = new URL(serve.url);
    const idle = Array.from({ length: 500 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
      return socket;
    });
    const body = `{"data":"${'x'.repeat(1_000_000)}"`;
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, () => call('POST', SECRETS, body)));
      await Promise.all(
        Array.from({ length: 50 }, () => call('GET', `/apis/${'x'.repeat(1000)}?a=${round}`)),
      );
    }
    for (const socket of idle) socket.destroy();
    expect(await call('GET', '/version')).toBe(200);
    expect(residentMib(serve.process.pid ?? 0) - before).toBeLessThan(400);
  });

  test('has written none of it down, and ends as it should', async () => {
    const { code, stdout, stderr } = await serve.stop();
    expect(code).toBe(0);
    for (const shown of [TOKEN, SECRET, Buffer.from(SECRET).toString('base64')]) {
      expect(stdout + stderr).not.toContain(shown);
    }
    expect(stderr).toBe('');
  });
});

/** Linux tells of each process how much memory it holds. */
function residentMib(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
