import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Status } from '../../api/status.ts';
import { StatusError } from '../../api/status.ts';
import { CommandError } from '../errors.ts';
import { readIfThere } from '../serve/private-files.ts';

/** How to reach an API server, and who asks. Certificates and keys are PEM texts. */
export interface RemoteAccess {
  /** `https://127.0.0.1:6443`, possibly with a path. */
  readonly server: string;
  readonly token?: string;
  /** A file that holds the token, read again for each request: tokens in files are renewed by others. */
  readonly tokenFile?: string;
  /** What to trust instead of what the machine trusts. */
  readonly authority?: string;
  /** The client's own certificate and key. */
  readonly cert?: string;
  readonly key?: string;
  readonly skipVerify?: boolean;
}

/** What one request sends. */
export interface Outgoing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** An answer that was read to its end. */
interface Incoming {
  readonly status: number;
  /** The texts of `Warning:` headers. */
  readonly warnings: readonly string[];
  readonly json: unknown;
}

/** The server cannot be reached, or left in the middle of an answer. What it did of the request nobody knows. */
export class Unreachable extends CommandError {}

/** Sends requests over connections that are kept. */
export interface Transport {
  /** Throws StatusError for refusals, and Unreachable. */
  send(request: Outgoing): Promise<Incoming>;
  /**
   * The lines of an answer as they come, until it ends or the signal aborts. `opened` is called when the answer
   * begins. Throws as `send` does.
   */
  lines(path: string, signal: AbortSignal, opened?: () => void): AsyncGenerator<string>;
  close(): void;
}

/** How long a server may keep silent in the middle of a request, in milliseconds. */
const SILENCE_MS = 60_000;
/** How long a watch may be quiet: longer than servers go without a bookmark, and than watches are asked to last. */
const QUIET_WATCH_MS = 330_000;

/** A transport to an API server. */
export function httpTransport(access: RemoteAccess): Transport {
  const base = new URL(access.server);
  const secure = base.protocol === 'https:';
  const agent = secure
    ? new HttpsAgent({
        keepAlive: true,
        ...(access.authority === undefined ? {} : { ca: access.authority }),
        ...(access.cert === undefined ? {} : { cert: access.cert }),
        ...(access.key === undefined ? {} : { key: access.key }),
        rejectUnauthorized: access.skipVerify !== true,
      })
    : new HttpAgent({ keepAlive: true });
  const prefix = base.pathname.replace(/\/$/, '');
  const token = tokenReader(access);

  function open(
    { method, path, body, contentType }: Outgoing,
    silenceMs = SILENCE_MS,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const make = secure ? httpsRequest : httpRequest;
      const bearer = token();
      const headers = {
        accept: 'application/json',
        'user-agent': 'kdaemon',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      const request: ClientRequest = make(
        {
          host: base.hostname.replace(/^\[|\]$/g, ''),
          port: base.port,
          method,
          path: prefix + path,
          headers,
          agent,
          timeout: silenceMs,
        },
        resolve,
      );
      request.on('timeout', () => request.destroy(new Error(`no answer within ${silenceMs / 1000}s`)));
      request.on('error', (error) => reject(unreachable(base, error)));
      request.end(body);
    });
  }

  return {
    async send(request) {
      const response = await open(request);
      const text = await textOf(response).catch((error: Error) => {
        throw unreachable(base, error);
      });
      const status = response.statusCode ?? 0;
      if (status >= 400) throw new StatusError(statusOf(status, text));
      return { status, warnings: warningsOf(response), json: text === '' ? {} : JSON.parse(text) };
    },
    async *lines(path, signal, opened) {
      const response = await open({ method: 'GET', path }, QUIET_WATCH_MS);
      const status = response.statusCode ?? 0;
      if (status >= 400) throw new StatusError(statusOf(status, await textOf(response)));
      opened?.();
      const leave = (): void => {
        response.destroy();
      };
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      try {
        let rest = '';
        response.setEncoding('utf8');
        for await (const chunk of response) {
          const lines = (rest + String(chunk)).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) if (line !== '') yield line;
        }
      } catch (error) {
        // A watch may end at any time, also in the middle: the caller goes on from what it has seen.
        if (!signal.aborted && !isCutOff(error)) throw error;
      } finally {
        signal.removeEventListener('abort', leave);
        leave();
      }
    },
    close: () => agent.destroy(),
  };
}

/** The token to send now. A file that cannot be read is being renewed: what was in it last still counts. */
function tokenReader({ token, tokenFile }: RemoteAccess): () => string | undefined {
  if (token !== undefined || tokenFile === undefined) return () => token;
  let last: string | undefined;
  return () => {
    last = readIfThere(tokenFile)?.trim() || last;
    return last;
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

/** The Status in a refusal; where a proxy in between answers otherwise, one that says as much. */
function statusOf(code: number, text: string): Status {
  try {
    const value = JSON.parse(text) as Partial<Status>;
    if (value.kind === 'Status') return value as Status;
  } catch {
    // Falls through.
  }
  const message = text.trim() === '' ? `the server answered with status ${code}` : text.trim();
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code };
}

/** `299 - "text"` gives the text. Node joins repeated headers with commas. */
function warningsOf({ headers }: IncomingMessage): readonly string[] {
  const { warning } = headers;
  if (warning === undefined) return [];
  const quoted = [...String(warning).matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)];
  return quoted.map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
}

function isCutOff(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function unreachable(base: URL, error: Error): Unreachable {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') {
    const port = base.port === '' ? (base.protocol === 'https:' ? '443' : '80') : base.port;
    return new Unreachable(
      `The connection to the server ${base.hostname}:${port} was refused - did you specify the right host or port?`,
    );
  }
  return new Unreachable(`Unable to connect to the server: ${error.message}`);
}
