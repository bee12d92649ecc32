/** An object as a test reads it. */
// biome-ignore lint/suspicious/noExplicitAny: assertions say what is expected of it
export type Loose = any;

/** A small typed-by-hand client of the API over HTTP. */
export interface Api {
  /** Sends a request and resolves with the body; rejects with the Status's message when it is refused. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<Loose>;
  get(path: string): Promise<Loose>;
  /** GET, change, PUT, again on conflict: as client-go's RetryOnConflict. */
  change(path: string, mutate: (object: Loose) => void, subresource?: string): Promise<Loose>;
  /** Strategic merge patch. */
  patch(path: string, patch: unknown, contentType?: string): Promise<Loose>;
  /** Asks again until `ready` is true of the answer; rejects after 30 seconds. */
  until(path: string, what: string, ready: (answer: Loose) => boolean): Promise<Loose>;
  /** Opens a watch and resolves with its events until one makes `enough` true. */
  watch(path: string, enough: (event: Loose) => boolean): Promise<readonly Loose[]>;
}

/** A refusal. */
export class Refused extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

export function apiAt(url: string): Api {
  const api: Api = {
    async call(method, path, body, contentType = 'application/json') {
      const response = await fetch(url + path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': contentType } }),
      });
      const answer: Loose = await response.json();
      if (!response.ok) throw new Refused(response.status, answer.message);
      return answer;
    },
    get: (path) => api.call('GET', path),
    async change(path, mutate, subresource = '') {
      for (;;) {
        const object = await api.get(path);
        mutate(object);
        try {
          return await api.call('PUT', path + subresource, object);
        } catch (error) {
          if (!(error instanceof Refused) || error.code !== 409) throw error;
        }
      }
    },
    patch: (path, patch, contentType = 'application/strategic-merge-patch+json') =>
      api.call('PATCH', path, patch, contentType),
    async until(path, what, ready) {
      const deadline = performance.now() + 30_000;
      let last: Loose;
      while (performance.now() < deadline) {
        last = await api.get(path).catch((error: unknown) => error);
        if (ready(last)) return last;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`never came true: ${what}\n${JSON.stringify(last)}`);
    },
    async watch(path, enough) {
      const response = await fetch(url + path, {
        signal: AbortSignal.timeout(30_000),
      });
      const events: Loose[] = [];
      let rest = '';
      const decoder = new TextDecoder();
      // Node's streams can be iterated; the DOM's declarations do not say so.
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event: Loose = JSON.parse(line);
          events.push(event);
          // Leaving the loop ends the connection.
          if (enough(event)) return events;
        }
      }
      return events;
    },
  };
  return api;
}
