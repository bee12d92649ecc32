import { KUBERNETES_VERSION } from '../../../src/api/well-known.ts';
import { type App, createApp } from '../../../src/server/app.ts';
import { type ChangeFeed, changeFeed } from '../../../src/server/change-feed.ts';
import type { ApiResponse } from '../../../src/server/http-messages.ts';
import { type MemoryClient, memoryClient } from '../../support/memory-client.ts';

/** A response, read. */
interface Answer {
  readonly status: number;
  readonly headers: ApiResponse['headers'];
  readonly text: string;
  /** The body as JSON; tests look into it freely. */
  // biome-ignore lint/suspicious/noExplicitAny: assertions say what is expected of it
  readonly json: any;
}

/** The API over a store in memory. */
export interface ServedApp extends MemoryClient {
  readonly app: App;
  readonly feed: ChangeFeed;
  /** Sends a request; `body` is sent as JSON unless it is text. */
  call(method: string, target: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(target: string, accept?: string): Promise<Answer>;
  post(target: string, body: unknown): Promise<Answer>;
  /** Opens a watch. */
  watch(target: string, accept?: string): OpenWatch;
}

/** A watch that is read event by event. */
export interface OpenWatch {
  // biome-ignore lint/suspicious/noExplicitAny: assertions say what is expected of it
  next(): Promise<any>;
  /** Ends it from the client's side; resolves when the server's side has ended. */
  stop(): Promise<void>;
}

export function servedApp(memory: MemoryClient = memoryClient()): ServedApp {
  const { client, clock } = memory;
  const feed = changeFeed(client, clock, 5);
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? [];
  const app = createApp({ client, feed, clock, version: { gitVersion: KUBERNETES_VERSION, major, minor } });

  const send = (method: string, target: string, body: unknown, headers: Record<string, string>) => {
    const [path = '', search = ''] = target.split('?');
    const bytes = Buffer.isBuffer(body)
      ? body
      : Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
    const query = new URLSearchParams(search);
    const user = { username: 'somebody', groups: ['everybody'] };
    return app.handle({
      method,
      path,
      query,
      headers: { host: '127.0.0.1:1', ...headers },
      body: bytes,
      user,
    });
  };

  const served: ServedApp = {
    ...memory,
    app,
    feed,
    async call(method, target, body, headers = {}) {
      const { status, headers: sent, body: content } = await send(method, target, body, headers);
      if (typeof content !== 'string') throw new Error('this is a stream: use watch()');
      let json: unknown;
      try {
        json = JSON.parse(content);
      } catch {
        json = undefined;
      }
      return { status, headers: sent, text: content, json };
    },
    get: (target, accept) => served.call('GET', target, undefined, accept === undefined ? {} : { accept }),
    post: (target, body) => served.call('POST', target, body),
    watch(target, accept) {
      const gone = new AbortController();
      const lines: string[] = [];
      let stream: AsyncIterator<string> | undefined;
      return {
        async next() {
          if (stream === undefined) {
            const { body } = await send('GET', target, undefined, accept === undefined ? {} : { accept });
            if (typeof body === 'string') throw new Error(`no stream: ${body}`);
            stream = body(gone.signal)[Symbol.asyncIterator]();
          }
          while (lines.length === 0) {
            const { done, value } = await stream.next();
            if (done === true) return undefined;
            lines.push(...value.split('\n').filter(Boolean));
          }
          return JSON.parse(lines.shift() ?? '');
        },
        async stop() {
          gone.abort();
          for (let done = false; !done && stream !== undefined; ) done = (await stream.next()).done === true;
        },
      };
    },
  };
  return served;
}

/** A small ConfigMap. */
export function configMap(name: string, extra: object = {}, data: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...extra }, data };
}

/** A small DaemonSet. */
export function daemonSet(name: string, image = 'img:1'): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image }] } },
    },
  };
}

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const DAEMON_SETS = '/apis/apps/v1/namespaces/default/daemonsets';
