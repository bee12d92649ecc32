/** Whoever sends a request. */
export interface User {
  readonly username: string;
  readonly groups: readonly string[];
}

/** An HTTP request, as far as the API looks at it. */
export interface ApiRequest {
  /** In capitals. */
  readonly method: string;
  /** Without the query, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** As it was sent: text, or protobuf. */
  readonly body: Buffer;
  readonly user: User;
}

/** Text that is sent piece by piece. It ends by itself, or soon after the signal says that nobody reads it. */
export type TextStream = (signal: AbortSignal) => AsyncIterable<string>;

/** An HTTP response. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | TextStream;
}

/** A response in plain text. */
export function plainText(status: number, body: string): ApiResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
