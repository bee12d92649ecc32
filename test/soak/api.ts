import { Agent, request } from 'node:http';

/** The API of a server at work. */
export interface Api {
  /** Sends a request; resolves with its status and body. Rejects when the server cannot be reached. */
  call(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
  /** Follows a collection until `close`, and only counts what it is told. */
  watch(path: string): { events(): number; close(): void };
  close(): void;
}

/** What the server said. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Keeps connections open, as a client that works all day does. */
export function apiAt(url: string): Api {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    call: (method, path, body, type = 'application/json') =>
      new Promise((resolve, reject) => {
        const sent = request(
          new URL(path, url),
          { method, agent, headers: { 'content-type': type } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
            );
            response.on('error', reject);
          },
        );
        sent.on('error', reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    watch(path) {
      let lines = 0;
      let closed = false;
      let current: ReturnType<typeof request> | undefined;
      const open = (): void => {
        if (closed) return;
        current = request(new URL(path, url), { agent: false }, (response) => {
          response.on('data', (chunk: Buffer) => {
            for (const byte of chunk) if (byte === 0x0a) lines++;
          });
          response.on('close', () => setTimeout(open, 500));
        });
        current.on('error', () => undefined);
        current.end();
      };
      open();
      return {
        events: () => lines,
        close() {
          closed = true;
          current?.destroy();
        },
      };
    },
    close: () => agent.destroy(),
  };
}
