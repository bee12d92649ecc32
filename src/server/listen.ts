import { createServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { refusal } from '../registry/status-errors.ts';
import type { Random } from '../runtime/random.ts';
import { later } from '../runtime/timer.ts';
import { type AccessRules, whyRefused } from './access.ts';
import { type App, internalError, statusResponse } from './app.ts';
import type { ApiResponse } from './http-messages.ts';
import type { Limits } from './limits.ts';
import {
  ADMIN,
  bodyTooLarge,
  type NodeRequest,
  type NodeResponse,
  plainHeaders,
  readBytes,
  send,
} from './node-exchange.ts';

/** Where and for whom an app listens. */
export interface ListenOptions {
  readonly app: App;
  /** An IP address or `localhost`. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly access: AccessRules;
  readonly limits: Limits;
  readonly random: Random;
  /** PEM texts; absent is plain HTTP/1.1. With them, HTTP/2 and HTTP/1.1 over TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Told of what went wrong inside: the client only learns the message. */
  readonly onFailure?: (error: unknown) => void;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /**
   * Stops listening, refuses new requests with 503, lets those that are being answered come to their end (watches end
   * when their feed is closed) for at most `limits.drainMs`, then ends all connections.
   */
  close(): Promise<void>;
}

/** Starts to listen. Rejects when the address is taken or not this machine's. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { limits, tls } = options;
  const open = new Set<Socket | Http2Session>();
  const { handler, drained } = exchange(options);
  const server: Server | Http2SecureServer =
    tls === undefined
      ? createServer(
          {
            maxHeaderSize: limits.headerBytes,
            // Node looks for slow clients only so often; by default twice a minute.
            connectionsCheckingInterval: Math.min(limits.headersMs, 5000),
          },
          handler,
        )
      : createSecureServer(
          {
            allowHTTP1: true,
            key: tls.key,
            cert: tls.cert,
            maxSessionMemory: 64,
            settings: { maxConcurrentStreams: 1000, maxHeaderListSize: limits.headerBytes },
          },
          handler,
        );
  if ('headersTimeout' in server) {
    server.headersTimeout = limits.headersMs;
    server.requestTimeout = limits.requestMs;
    server.keepAliveTimeout = 90_000;
  }
  server.maxConnections = limits.connections;
  const keep = (one: Socket | Http2Session): void => {
    open.add(one);
    one.once('close', () => open.delete(one));
  };
  server.on('connection', keep);
  server.on('session', keep);
  // Broken connections end by themselves; without a listener they would end the process.
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    // A server that listens on TCP has an address with a port.
    port: (server.address() as AddressInfo).port,
    async close() {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      await within(limits.drainMs, drained());
      // What was answered may still be on its way.
      for (const one of open) 'destroySoon' in one ? one.destroySoon() : one.close();
      await within(limits.drainMs, ended);
      for (const one of open) one.destroy();
      await ended;
    },
  };
}

/** Resolves when the work is done, at the latest after so many milliseconds. */
function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = later(ms, resolve);
    void work.then(() => {
      cancel();
      resolve();
    });
  });
}

function exchange({ app, access, limits, random, onFailure }: ListenOptions) {
  let watches = 0;
  let exchanges = 0;
  /** Called when the last exchange has ended; set when the server closes. */
  let onDrained: (() => void) | undefined;

  async function respond(request: NodeRequest): Promise<ApiResponse> {
    if (onDrained !== undefined) return shuttingDown();
    const headers = plainHeaders(request);
    const refused = whyRefused(access, headers);
    if (refused !== undefined) return refused;
    const body = await readBytes(request, limits);
    if (body === undefined) return bodyTooLarge(limits.bodyBytes);
    const [path = '/', search = ''] = splitOnce(request.url ?? '/', '?');
    return app.handle({
      method: request.method ?? 'GET',
      path,
      query: new URLSearchParams(search),
      headers: { ...headers, host: headers.host ?? headers[':authority'] },
      body,
      user: ADMIN,
    });
  }

  async function serve(request: NodeRequest, response: NodeResponse): Promise<void> {
    response.setHeader('audit-id', random.uuid());
    const answer = await respond(request).catch((error: unknown) => {
      if (!request.complete) return undefined; // the client has gone: no fault of anything here
      onFailure?.(error);
      return internalError(error);
    });
    if (answer === undefined) {
      response.destroy();
      return;
    }
    const head = request.method === 'HEAD';
    if (typeof answer.body === 'string') {
      // A body that was cut off is still on its way: the connection cannot be used again.
      if (answer.status === 413 && request.httpVersionMajor === 1) response.setHeader('connection', 'close');
      return send(response, answer, head, limits);
    }
    if (watches >= limits.watches) return send(response, tooManyWatches(), head, limits);
    watches++;
    try {
      await send(response, answer, head, limits);
    } finally {
      watches--;
    }
  }

  function handler(request: NodeRequest, response: NodeResponse): void {
    exchanges++;
    serve(request, response)
      .catch((error: unknown) => {
        onFailure?.(error);
        response.destroy();
      })
      .finally(() => {
        exchanges--;
        if (exchanges === 0) onDrained?.();
      });
  }

  return {
    handler,
    /** Refuses requests from now on; resolves when all others are answered. */
    drained: () =>
      new Promise<void>((resolve) => {
        onDrained = resolve;
        if (exchanges === 0) resolve();
      }),
  };
}

function splitOnce(text: string, at: string): readonly [string, string?] {
  const index = text.indexOf(at);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function shuttingDown(): ApiResponse {
  const status = refusal(503, 'ServiceUnavailable', 'the server is shutting down', { retryAfterSeconds: 1 });
  return statusResponse(status.status);
}

function tooManyWatches(): ApiResponse {
  const message = 'too many watches are open at one time, please try again later';
  return statusResponse(refusal(429, 'TooManyRequests', message, { retryAfterSeconds: 1 }).status);
}
