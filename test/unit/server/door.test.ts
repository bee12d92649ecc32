import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectHttp2, constants } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/runtime/random.ts';
import { issueServer, newAuthority } from '../../../src/server/certificates/issue.ts';
import { DEFAULT_LIMITS, type Limits } from '../../../src/server/limits.ts';
import { type Listening, type ListenOptions, listen } from '../../../src/server/listen.ts';
import { openInProcess } from '../../support/in-process.ts';
import { CONFIG_MAPS, configMap, type ServedApp, servedApp } from './served-app.ts';

const TOKEN = 'the-right-token-0123456789';
const NOW = Date.now();
const authority = newAuthority(NOW);
const server = issueServer(authority, ['localhost', '127.0.0.1'], NOW);

let api: ServedApp;
let door: Listening | undefined;
afterEach(async () => {
  await door?.close();
  door = undefined;
});

async function open(options: Partial<ListenOptions> = {}, limits: Partial<Limits> = {}): Promise<number> {
  api = servedApp();
  door = await listen({
    app: api.app,
    address: '127.0.0.1',
    port: 0,
    access: {},
    limits: { ...DEFAULT_LIMITS, ...limits },
    random: seededRandom(1),
    ...options,
  });
  return door.port;
}

/** Sends bytes as they are, and resolves with all that comes back until the server closes, or until `enough`. */
function sendRaw(port: number, text: string | Buffer, enough = /\r\n\r\n[\s\S]*/): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1');
    let answer = '';
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (enough.test(answer)) end();
    });
    socket.on('close', end);
    socket.on('error', end);
    socket.write(text);
  });
}

const get = (path: string, ...headers: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, 'Connection: close', '', ''].join('\r\n');
const statusOf = (answer: string): string => answer.slice(9, 12);

describe('who gets in, over HTTP and TLS alike', () => {
  const CASES = [
    ['no token', [], '/version', 401],
    [
      'a wrong token of the same length',
      ['Authorization: Bearer the-wrong-token-0123456789'],
      '/version',
      401,
    ],
    ['a token of another length', ['Authorization: Bearer the'], '/version', 401],
    ['an empty token', ['Authorization: Bearer '], '/version', 401],
    ['the token as a password', [`Authorization: Basic ${TOKEN}`], '/version', 401],
    ['the token in the query', [], `/version?access_token=${TOKEN}&token=${TOKEN}`, 401],
    ['the right token', [`Authorization: Bearer ${TOKEN}`], '/version', 200],
    [
      'two tokens, one of them right',
      [`Authorization: Bearer x`, `Authorization: Bearer ${TOKEN}`],
      '/version',
      401,
    ],
  ] as const;

  test.each(CASES)('%s, over HTTP', async (_who, headers, path, expected) => {
    const port = await open({ access: { token: TOKEN } });
    expect(statusOf(await sendRaw(port, get(path, ...headers)))).toBe(String(expected));
  });

  test.each(CASES)('%s, over TLS', async (_who, headers, path, expected) => {
    const port = await open({ access: { token: TOKEN }, tls: server });
    const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert });
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (chunk) => resolve(chunk.toString('latin1')));
      socket.write(get(path, ...headers));
    });
    socket.destroy();
    expect(statusOf(answer)).toBe(String(expected));
  });

  test.each(['/', '/healthz', '/openapi/v2', '/api', '/nothing/there', '//', '/%00'])(
    '%s is behind the door as well',
    async (path) => {
      const port = await open({ access: { token: TOKEN } });
      const answer = await sendRaw(port, get(path));
      expect(statusOf(answer)).toBe('401');
      expect(answer).not.toContain(TOKEN);
    },
  );

  test('tokens are compared in constant time', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../src/server/access.ts'), 'utf8');
    expect(text).toContain('timingSafeEqual(digest(sent), digest(token))');
  });
});

describe('TLS', () => {
  const shake = (port: number, version: SecureVersion): Promise<string> =>
    new Promise((resolve) => {
      const only = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
      const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, ...only }, () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      });
      socket.once('error', () => resolve('refused'));
    });

  test.each([
    ['TLSv1', 'refused'],
    ['TLSv1.1', 'refused'],
    ['TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3'],
  ] as const)('%s: %s', async (version, expected) => {
    expect(await shake(await open({ tls: server }), version)).toBe(expected);
  });

  test('a certificate of the client does not stand in for the token', async () => {
    const port = await open({ tls: server, access: { token: TOKEN } });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const own = { cert: server.cert, key: server.key, ca: authority.cert };
      const request = httpsRequest({ port, host: '127.0.0.1', path: '/version', ...own }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.once('error', reject);
      request.end();
    });
    expect(status).toBe(401);
  });

  test('plain HTTP does not get in', async () => {
    const answer = await sendRaw(await open({ tls: server }), get('/version'));
    expect(answer).not.toContain('gitVersion');
  });
});

describe('addresses that other machines reach', () => {
  const shell = openInProcess();
  beforeAll(() => () => shell.remove());

  test.each([
    [['--address', '0.0.0.0']],
    [['--address', '0.0.0.0', '--tls']],
    [['--address', '0.0.0.0', '--token-file', 'token']],
    [['--address', '::']],
    [['--address', '192.0.2.1']],
    [['--address', '127.0.0.1.example.com']],
  ])('serve %j is refused before it listens', async (flags) => {
    const { code, err } = await shell.run(['serve', ...flags]);
    expect(code).toBe(1);
    expect(err).toContain('can be reached from other machines: that needs TLS');
  });
});

describe('web pages', () => {
  test.each([
    ['Host: evil.example'],
    ['Host: 127.0.0.1.evil.example'],
    ['Host: 127.0.0.1@evil.example'],
    ['Host: localhost.evil.example:80'],
    ['Host: '],
  ])('a name that was made to point here is refused: %s', async (host) => {
    const port = await open();
    const answer = await sendRaw(port, `GET /version HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
    expect(statusOf(answer)).toBe('403');
  });

  test.each([
    ['Origin: https://evil.example', 'Content-Type: text/plain'],
    ['Origin: null', 'Content-Type: application/x-www-form-urlencoded'],
    ['Origin: https://localhost.evil.example', 'Content-Type: application/json'],
    ['Sec-Fetch-Site: cross-site', 'Content-Type: text/plain'],
  ])('a page of another site writes nothing: %s, %s', async (...headers) => {
    const port = await open();
    const body = JSON.stringify(configMap('from-a-page'));
    const head = [
      `POST ${CONFIG_MAPS} HTTP/1.1`,
      'Host: 127.0.0.1',
      ...headers,
      `Content-Length: ${body.length}`,
    ];
    expect(statusOf(await sendRaw(port, [...head, '', body].join('\r\n')))).toBe('403');
    expect((await api.get(CONFIG_MAPS)).json.items).toEqual([]);
  });

  test('no page is told that it may read: there are no CORS headers, and no answer to OPTIONS', async () => {
    const port = await open();
    for (const method of ['GET', 'OPTIONS']) {
      const request = `${method} /version HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n`;
      expect((await sendRaw(port, request)).toLowerCase()).not.toContain('access-control-');
    }
  });
});

describe('paths that point elsewhere', () => {
  test.each([
    '/api/v1/namespaces/default/configmaps/..%2f..%2f..%2fetc%2fpasswd',
    '/api/v1/namespaces/default/configmaps/%2e%2e',
    '/api/v1/namespaces/..%2f..%2f/configmaps/a',
    '/api/v1/namespaces/default/configmaps/a%00b',
    '/api/v1/namespaces/default/configmaps/%zz',
    '/../../../../etc/passwd',
    '/api/v1/../../etc/passwd',
    '/openapi/v3/..%2f..%2f..%2fetc%2fpasswd',
    '/api/v1/namespaces/default/pods/a/log/../../../etc/passwd',
    '/static/..%5c..%5cetc/passwd',
  ])('%s finds nothing', async (path) => {
    const port = await open();
    const answer = await sendRaw(port, get(path));
    expect(['400', '404', '405']).toContain(statusOf(answer));
    expect(answer).not.toContain('root:');
  });

  test.each(['../x', 'a/b', '..', '.', 'a\0b', '%2e%2e', '/etc/passwd'])(
    'no object is called %j',
    async (name) => {
      await open();
      const { status } = await api.post(CONFIG_MAPS, configMap(name));
      expect(status).toBe(422);
      const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
      const role = {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name },
        rules: [],
      };
      if (name !== 'a\0b') expect((await api.post(roles, role)).status).toBe(422);
    },
  );

  test('nothing behind the door can read files or start programs', () => {
    const rooms = ['api', 'domain', 'registry', 'runtime', 'server'].map((room) =>
      join(import.meta.dirname, '../../../src', room),
    );
    const reaching = rooms
      .flatMap((room) =>
        readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
      )
      .filter((file) => file.endsWith('.ts'))
      .filter((file) =>
        /from 'node:(fs|child_process|dgram|vm|worker_threads|cluster)/.test(readFileSync(file, 'utf8')),
      );
    expect(reaching).toEqual([]);
  });
});

describe('odd questions', () => {
  test.each([
    ['limit=-1', 200],
    ['limit=1e99', 400],
    ['limit=99999999999999999999', 200],
    ['timeoutSeconds=x', 400],
    ['timeoutSeconds=-5', 200],
    ['resourceVersion=junk', 400],
    ['resourceVersion=-1', 400],
    ['resourceVersion=99999999999999999999', 400],
    ['continue=junk', 400],
    ['labelSelector=%28%28%28', 400],
    ['fieldSelector=nothing%3Dthere', 400],
    ['watch=1&timeoutSeconds=1e9', 400],
    ['__proto__=1&constructor=2&toString=3', 200],
    [`pretty=${'x'.repeat(5000)}`, 200],
  ])('?%s is answered with %i', async (query, expected) => {
    await open();
    expect((await api.get(`${CONFIG_MAPS}?${query}`)).status).toBe(expected);
  });
});

describe('requests that were made to break a server', () => {
  const post = (length: string, body: string): string =>
    `POST ${CONFIG_MAPS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${length}\r\n\r\n${body}`;
  const isUp = async (port: number): Promise<boolean> =>
    statusOf(await sendRaw(port, get('/version'))) === '200';

  test.each([
    [
      'more headers than the limit',
      `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${'a: b\r\n'.repeat(60_000)}\r\n`,
      '431',
    ],
    ['one huge header', `GET / HTTP/1.1\r\na: ${'b'.repeat(200_000)}\r\n\r\n`, '431'],
    ['a huge request line', `GET /${'a'.repeat(200_000)} HTTP/1.1\r\n\r\n`, '431'],
    ['no HTTP at all', '\0\x01\x02\x03 hello\r\n\r\n', '400'],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3', '{}'), '400'],
    ['a length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), '400'],
    ['a negative length', post('Content-Length: -1', '{}'), '400'],
    ['a chunk without a size', post('Transfer-Encoding: chunked', 'zz\r\n'), '400'],
    ['a header with a line break inside', 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n', '400'],
  ])('%s: %#', async (_what, request, expected) => {
    const port = await open();
    expect(statusOf(await sendRaw(port, request))).toBe(expected);
    expect(await isUp(port)).toBe(true);
  });

  test('chunks without end are cut off at the limit of bodies', async () => {
    const port = await open({}, { bodyBytes: 100_000 });
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`.repeat(10);
    expect(statusOf(await sendRaw(port, post('Transfer-Encoding: chunked', chunk)))).toBe('413');
  });

  test('a body that was compressed is read as what it is: no bomb unfolds', async () => {
    const port = await open();
    const answer = await sendRaw(port, post('Content-Length: 2\r\nContent-Encoding: gzip', '\x1f\x8b'));
    expect(statusOf(answer)).toBe('400');
  });

  test('of many requests in one piece each is answered, in order', async () => {
    const port = await open();
    const one = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    const answer = await sendRaw(port, one.repeat(500) + get('/version'), /gitVersion[\s\S]*}\s*$/);
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(501);
  });

  test('who sends headers or a body too slowly is sent away', async () => {
    const port = await open({}, { headersMs: 200, requestMs: 400 });
    expect(statusOf(await sendRaw(port, 'GET / HTTP/1.1\r\nHost:'))).toBe('408');
    expect(statusOf(await sendRaw(port, post('Content-Length: 100', '{')))).not.toBe('200');
    expect(await isUp(port)).toBe(true);
  });

  test('over HTTP/2 a body that never ends is cut off as well', async () => {
    const port = await open({ tls: server }, { requestMs: 200 });
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.cert });
    session.on('error', () => undefined);
    const stream = session.request({
      ':method': 'POST',
      ':path': CONFIG_MAPS,
      'content-type': 'application/json',
    });
    stream.on('error', () => undefined);
    stream.write('{');
    await new Promise<void>((resolve) => stream.once('close', () => resolve()));
    session.destroy();
  });

  test('streams that are opened and reset at once keep nobody else from the server', async () => {
    const port = await open({ tls: server });
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.cert });
    const over = new Promise<void>((resolve) => session.once('close', () => resolve()));
    session.on('error', () => undefined);
    await new Promise<void>((resolve) => session.once('connect', () => resolve()));
    for (let sent = 0; sent < 5000 && !session.destroyed; sent++) {
      const stream = session.request({ ':path': '/version' });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const other = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.cert });
    const stream = other.request({ ':path': '/version' });
    const status = await new Promise((resolve) =>
      stream.once('response', (headers) => resolve(headers[':status'])),
    );
    expect(status).toBe(200);
    other.destroy();
    session.destroy();
    await over;
  });

  test('JSON and YAML without bottom are refused', async () => {
    const port = await open();
    for (const [type, body] of [
      ['application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['application/json', `{"data":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
      ['application/yaml', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['application/yaml', `a: &a [x]\nb: &b [${'*a,'.repeat(99)}*a]\nc: [${'*b,'.repeat(999)}*b]`],
    ] as const) {
      const head = `POST ${CONFIG_MAPS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
      expect(statusOf(await sendRaw(port, head + body))).toBe('400');
    }
    expect(await isUp(port)).toBe(true);
  });
});
