import { setMaxListeners } from 'node:events';
import type { ChangeBatch, ResourceInfo, WatchEvent } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { later } from '../../runtime/timer.ts';
import type { Transport } from './http-transport.ts';
import { collectionPath } from './resource-urls.ts';

/**
 * The changes of all kinds of a remote server in one order: that in which they arrived here. Its revisions count
 * arrivals; they are no resourceVersions, and mean nothing to anybody else.
 */
export interface WatchLog {
  /** Starts to watch, if nobody has; resolves to the newest revision. */
  revision(): Promise<string>;
  /** Throws StatusError Expired when the log does not reach back to `after`. */
  changes(after: string, limit: number): Promise<ChangeBatch>;
  onChange(hint: () => void): () => void;
  close(): void;
}

/** Changes that are kept; who is further behind has to list anew. */
const KEPT = 50_000;
/** How long to wait before a watch that ended in an error is opened again, in milliseconds. */
const AGAIN_MS = 1_000;

interface Line {
  readonly type: WatchEvent['type'] | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** A log over the watches of these resources, each resource in its preferred version. */
export function watchLog(transport: Transport, resources: () => Promise<readonly ResourceInfo[]>): WatchLog {
  const stop = new AbortController();
  // Each watch listens to it.
  setMaxListeners(0, stop.signal);
  const hints = new Set<() => void>();
  let events: WatchEvent[] = [];
  /** Arrivals before the first of `events`. */
  let dropped = 0;
  let started: Promise<void> | undefined;
  let failure: unknown;

  function arrived(event: WatchEvent): void {
    events.push(event);
    if (events.length > 2 * KEPT) {
      dropped += events.length - KEPT;
      events = events.slice(-KEPT);
    }
    for (const hint of hints) hint();
  }

  /** Whoever followed the log has missed something: everybody lists anew. */
  function forget(): void {
    dropped += events.length + 1;
    events = [];
    for (const hint of hints) hint();
  }

  async function newestVersion(info: ResourceInfo): Promise<string> {
    const { json } = await transport.send({ method: 'GET', path: `${collectionPath(info, '')}?limit=1` });
    return (json as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion;
  }

  async function follow(info: ResourceInfo, start: string): Promise<void> {
    let version = start;
    while (!stop.signal.aborted) {
      let arrivals = 0;
      const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${version}`;
      try {
        for await (const line of transport.lines(`${collectionPath(info, '')}?${query}`, stop.signal)) {
          arrivals += 1;
          const { type, object } = JSON.parse(line) as Line;
          // An ERROR carries a Status where others carry an object.
          if (type === 'ERROR')
            throw new StatusError(object as unknown as ConstructorParameters<typeof StatusError>[0]);
          version = object.metadata.resourceVersion ?? version;
          if (type !== 'BOOKMARK') arrived({ type, object });
        }
        // A server that ends watches at once is not asked without a pause.
        if (arrivals === 0 && !stop.signal.aborted)
          await new Promise<void>((resolve) => later(AGAIN_MS, resolve));
      } catch (error) {
        if (stop.signal.aborted) return;
        const code = error instanceof StatusError ? error.status.code : 0;
        // A kind that is gone needs no watch.
        if (code === 404) return;
        await new Promise<void>((resolve) => later(AGAIN_MS, resolve));
        if (code === 410) {
          version = await newestVersion(info);
          forget();
        }
      }
    }
  }

  async function start(): Promise<void> {
    const seen = new Set<string>();
    const watched = (await resources()).filter(({ group, plural, verbs }) => {
      const id = `${group}/${plural}`;
      if (!verbs.includes('watch') || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    await Promise.all(
      watched.map(async (info) => {
        const version = await newestVersion(info);
        follow(info, version).catch((error: unknown) => {
          failure = error;
          for (const hint of hints) hint();
        });
      }),
    );
  }

  const ready = async (): Promise<void> => {
    started ??= start();
    await started;
    if (failure !== undefined) throw failure;
  };

  return {
    async revision() {
      await ready();
      return String(dropped + events.length);
    },
    async changes(after, limit) {
      await ready();
      const from = Number(after) - dropped;
      if (!(from >= 0 && from <= events.length)) {
        throw new StatusError({
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: `too old resource version: ${after}`,
          reason: 'Expired',
          code: 410,
        });
      }
      const taken = events.slice(from, from + limit);
      return {
        events: taken,
        resourceVersion: String(Number(after) + taken.length),
        more: from + taken.length < events.length,
      };
    },
    onChange(hint) {
      hints.add(hint);
      return () => {
        hints.delete(hint);
      };
    },
    close: () => stop.abort(),
  };
}
