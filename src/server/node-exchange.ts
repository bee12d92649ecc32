import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { refusal } from '../registry/status-errors.ts';
import { later } from '../runtime/timer.ts';
import { internalError, statusResponse } from './app.ts';
import type { ApiResponse, TextStream, User } from './http-messages.ts';
import type { Limits } from './limits.ts';

/** A request of either HTTP version. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** Its response. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/**
 * Reads a body up to the limit; undefined when it is longer. Rejects when the client goes away, and sends it away when
 * the body takes longer than `requestMs`: HTTP/2 has no such limit of its own.
 */
export async function readBytes(
  request: NodeRequest,
  { bodyBytes, requestMs }: Pick<Limits, 'bodyBytes' | 'requestMs'>,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  const cancel = later(requestMs, () => request.destroy());
  try {
    for await (const chunk of request) {
      // No encoding is set, so chunks are buffers.
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > bodyBytes) return undefined;
      chunks.push(bytes);
    }
  } finally {
    cancel();
  }
  return Buffer.concat(chunks);
}

/** The 413 of a body that is longer than the limit. */
export function bodyTooLarge(limit: number): ApiResponse {
  return statusResponse(
    refusal(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`).status,
  );
}

/** Headers by lower-case name; of repeated ones, Node keeps or joins what HTTP says. */
export function plainHeaders(request: NodeRequest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/** The user that everybody is who was let in. */
export const ADMIN: User = { username: 'kdaemon-admin', groups: ['system:masters', 'system:authenticated'] };

/** Sends a response; resolves when it is sent or the client has gone. */
export async function send(
  response: NodeResponse,
  answer: ApiResponse,
  head: boolean,
  limits: Limits,
): Promise<void> {
  if (response.destroyed || response.writableEnded) return;
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) {
    // Both versions take lists; their declarations only agree on text.
    (response as ServerResponse).setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  const { body } = answer;
  if (typeof body === 'string') {
    response.setHeader('content-length', String(Buffer.byteLength(body)));
    // Text and not bytes: Node then sends it with the headers, in one call of the system.
    if (head) response.end();
    else response.end(body);
    return;
  }
  await sendStream(response, body, limits);
}

async function sendStream(response: NodeResponse, stream: TextStream, limits: Limits): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // Clients wait for the headers of a watch, however long its first event takes.
  if ('flushHeaders' in response) response.flushHeaders();
  try {
    for await (const text of stream(gone.signal)) {
      if (gone.signal.aborted) return;
      if (!write(response, text) && !(await drained(response, gone.signal, limits.stalledMs))) {
        response.destroy();
        return;
      }
    }
  } catch (error) {
    // The status line is sent: all that is left is the form in which watches tell errors.
    if (!gone.signal.aborted) write(response, watchError(error));
  }
  response.end();
}

/** Writes to either kind of response; their signatures differ in what they do not share. */
const write = (response: NodeResponse, text: string): boolean => (response as ServerResponse).write(text);

function watchError(error: unknown): string {
  const { body } = internalError(error);
  return `{"type":"ERROR","object":${String(body).trim()}}\n`;
}

/** Waits until a slow client has read; false when it took too long or has gone. */
function drained(response: NodeResponse, signal: AbortSignal, stalledMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (read: boolean): void => {
      cancel();
      response.off('drain', onDrain);
      signal.removeEventListener('abort', onGone);
      resolve(read);
    };
    const onDrain = (): void => done(true);
    const onGone = (): void => done(false);
    const cancel = later(stalledMs, () => done(false));
    response.once('drain', onDrain);
    signal.addEventListener('abort', onGone, { once: true });
    if (signal.aborted) done(false);
  });
}
