import { createHash, timingSafeEqual } from 'node:crypto';
import { refusal } from '../registry/status-errors.ts';
import { statusResponse } from './app.ts';
import type { ApiResponse } from './http-messages.ts';

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  return LOOPBACK_NAMES.has(address) || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** What decides who is let in. */
export interface AccessRules {
  /** The bearer token that every request must carry; absent lets everybody in who can reach the address. */
  readonly token?: string;
}

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Why a request is not let in; undefined when it is. Without a token, only requests that a program on this machine
 * made on purpose pass: a web page must not reach the server through the browser of whoever runs it, neither by its
 * own origin nor by a name that was made to point here.
 */
export function whyRefused({ token }: AccessRules, headers: Headers): ApiResponse | undefined {
  if (token !== undefined) return carriesToken(headers.authorization, token) ? undefined : unauthorized();
  if (!isLoopbackHost(headers.host ?? headers[':authority'])) return foreign('Host');
  const { origin } = headers;
  if (origin !== undefined && !isLoopbackOrigin(origin)) return foreign('Origin');
  // Requests that a browser makes for another page's images and scripts have no origin, but say so.
  if (headers['sec-fetch-site'] === 'cross-site') return foreign('Sec-Fetch-Site');
  return undefined;
}

/** Compares in constant time: digests have one length, whatever was sent. */
function carriesToken(authorization: string | undefined, token: string): boolean {
  const [, sent = ''] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(sent), digest(token));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function isLoopbackHost(host: string | undefined): boolean {
  return isLoopback((host ?? '').replace(/:\d+$/, ''));
}

function isLoopbackOrigin(origin: string): boolean {
  try {
    return isLoopback(new URL(origin).hostname);
  } catch {
    return false;
  }
}

function unauthorized(): ApiResponse {
  return statusResponse(refusal(401, 'Unauthorized', 'Unauthorized').status);
}

function foreign(header: string): ApiResponse {
  const message = `the ${header} header is not of this machine, and the server has no token to tell who asks`;
  return statusResponse(refusal(403, 'Forbidden', message).status);
}
