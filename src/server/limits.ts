/** What one client may ask of the server. */
export interface Limits {
  /** Of a request's body, in bytes. Above it is 413. */
  readonly bodyBytes: number;
  /** Of a request's headers, in bytes. Above it is 431. */
  readonly headerBytes: number;
  /** How long a client may take to send its headers, in milliseconds. */
  readonly headersMs: number;
  /** How long a client may take to send a whole request, in milliseconds. */
  readonly requestMs: number;
  /** Connections at one time. Further ones are closed at once: each holds memory before it has said a word. */
  readonly connections: number;
  /** Watches at one time. Above it is 429. */
  readonly watches: number;
  /** How long a client may leave what it was sent unread before it is cut off, in milliseconds. */
  readonly stalledMs: number;
  /** How long requests that are being answered may take to their end when the server closes, in milliseconds. */
  readonly drainMs: number;
}

/** As an API server has them, where it has them: bodies of 3 MiB, headers of 1 MiB are far more than clients need. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 3 * 1024 * 1024,
  headerBytes: 64 * 1024,
  headersMs: 30_000,
  requestMs: 60_000,
  connections: 10_000,
  watches: 10_000,
  stalledMs: 60_000,
  drainMs: 300,
};
