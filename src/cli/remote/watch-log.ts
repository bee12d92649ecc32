import { setMaxListeners } from 'node:events';
import type { ChangeBatch, ResourceInfo, WatchEvent, WriteOutcome } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { type Status, StatusError } from '../../api/status.ts';
import { expired } from '../../registry/status-errors.ts';
import { compareResourceVersions } from '../../runtime/resource-version.ts';
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
  /** Where the log ends now, for `showsWrites`; undefined when nobody follows it. */
  end(): number | undefined;
  /**
   * Resolves when the log holds what these writes did, which were sent after `end` was asked. A server that keeps
   * silent about them for too long makes everybody list anew.
   */
  showsWrites(outcomes: readonly WriteOutcome[], since: number): Promise<void>;
  /** Makes everybody list anew: something may have happened that no watch will tell. */
  forget(): void;
  /** Why the log is behind, while a watch is cut off; undefined when all of them run. */
  interruption(): unknown;
  close(): void;
}

/** Changes that are kept; who is further behind has to list anew. */
const KEPT = 50_000;
/** How long to wait before a watch that ended in an error is opened again, in milliseconds: at first, and at most. */
const AGAIN_MS = 250;
const LONGEST_AGAIN_MS = 10_000;
/** How long a watch may take to show a write of ours, in milliseconds. */
const SHOWN_WITHIN_MS = 5_000;
/** How long a server should keep one watch open, in seconds. */
const WATCH_SECONDS = 300;

interface Line {
  readonly type: WatchEvent['type'] | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

/** One kind's watch. */
interface Follower {
  readonly info: ResourceInfo;
  /** Everything up to this resourceVersion has arrived. */
  version: string;
  /** Why it is cut off. */
  failure: unknown;
}

const isOf = ({ apiVersion, kind }: KubeObject, { info }: Follower): boolean =>
  kind === info.kind && apiVersion === (info.group === '' ? info.version : `${info.group}/${info.version}`);

const codeOf = (error: unknown): number => (error instanceof StatusError ? (error.status.code ?? 0) : 0);

const rest = (ms: number): Promise<void> => new Promise((resolve) => void later(ms, resolve));

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
  let followers: readonly Follower[] = [];
  /** UIDs of the newest objects that were deleted, oldest first. */
  const gone = new Set<string>();
  /** Writes that the watches have not shown yet. */
  let waiting: { readonly isShown: () => boolean; readonly resolve: () => void }[] = [];

  function tell(): void {
    for (const hint of hints) hint();
    if (waiting.length === 0) return;
    const shown = waiting.filter(({ isShown }) => isShown());
    if (shown.length === 0) return;
    waiting = waiting.filter((one) => !shown.includes(one));
    for (const { resolve } of shown) resolve();
  }

  function arrived(event: WatchEvent): void {
    events.push(event);
    if (event.type === 'DELETED') gone.add(event.object.metadata.uid ?? '');
    if (gone.size > KEPT) for (const oldest of [...gone].slice(0, KEPT / 2)) gone.delete(oldest);
    if (events.length > 2 * KEPT) {
      dropped += events.length - KEPT;
      events = events.slice(-KEPT);
    }
  }

  function forget(): void {
    dropped += events.length + 1;
    events = [];
    tell();
  }

  async function newestVersion(info: ResourceInfo): Promise<string> {
    const { json } = await transport.send({ method: 'GET', path: `${collectionPath(info, '')}?limit=1` });
    return (json as { readonly metadata: { readonly resourceVersion: string } }).metadata.resourceVersion;
  }

  /** Reads one watch to its end; resolves to the number of lines. */
  async function readWatch(follower: Follower): Promise<number> {
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${follower.version}`;
    const path = `${collectionPath(follower.info, '')}?${query}`;
    let count = 0;
    const opened = (): void => {
      if (follower.failure === undefined) return;
      follower.failure = undefined;
      tell();
    };
    for await (const line of transport.lines(path, stop.signal, opened)) {
      count += 1;
      const { type, object } = JSON.parse(line) as Line;
      // An ERROR carries a Status where others carry an object.
      if (type === 'ERROR') throw new StatusError(object as unknown as Status);
      follower.version = object.metadata.resourceVersion ?? follower.version;
      if (type !== 'BOOKMARK') arrived({ type, object });
      tell();
    }
    return count;
  }

  async function follow(follower: Follower): Promise<void> {
    let againMs = AGAIN_MS;
    while (!stop.signal.aborted) {
      try {
        if ((await readWatch(follower)) > 0) {
          againMs = AGAIN_MS;
          continue;
        }
        // A server that ends watches at once is not asked without a pause.
        if (!stop.signal.aborted) await rest(againMs);
      } catch (error) {
        if (stop.signal.aborted) return;
        // A kind that is gone needs no watch.
        if (codeOf(error) === 404) return;
        follower.failure = error;
        if (codeOf(error) === 410) {
          await startAnew(follower);
          continue;
        }
        await rest(againMs);
        againMs = Math.min(2 * againMs, LONGEST_AGAIN_MS);
      }
    }
  }

  /** What the server no longer remembers has to be listed. Tries once; a failure is tried again by the next watch. */
  async function startAnew(follower: Follower): Promise<void> {
    try {
      follower.version = await newestVersion(follower.info);
      forget();
    } catch {
      await rest(AGAIN_MS);
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
    const opened = await Promise.all(
      watched.map(async (info): Promise<Follower> => {
        return { info, version: await newestVersion(info), failure: undefined };
      }),
    );
    followers = opened;
    for (const follower of opened) {
      follow(follower).catch((error: unknown) => {
        follower.failure = error;
        tell();
      });
    }
  }

  const ready = (): Promise<void> => {
    started ??= start().catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  };

  /** Whether the watches have shown what a write did. */
  function isShown(outcome: WriteOutcome, since: number): boolean {
    if (!outcome.ok) return true;
    const { did, object } = outcome;
    const follower = followers.find((one) => isOf(object, one));
    // Who has to list anew will see it in the list.
    if (follower === undefined || since < dropped) return true;
    const { uid, resourceVersion } = object.metadata;
    if (did === 'deleted') return uid === undefined || gone.has(uid);
    return resourceVersion === undefined || compareResourceVersions(resourceVersion, follower.version) <= 0;
  }

  return {
    async revision() {
      await ready();
      return String(dropped + events.length);
    },
    async changes(after, limit) {
      await ready();
      const from = Number(after) - dropped;
      if (!(from >= 0 && from <= events.length)) throw expired(`too old resource version: ${after}`);
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
    end: () => (started === undefined ? undefined : dropped + events.length),
    async showsWrites(outcomes, since) {
      let pending = outcomes;
      const areShown = (): boolean => {
        pending = pending.filter((outcome) => !isShown(outcome, since));
        return pending.length === 0;
      };
      if (areShown()) return;
      await new Promise<void>((resolve) => {
        const giveUp = later(SHOWN_WITHIN_MS, forget);
        waiting.push({
          isShown: areShown,
          resolve: () => {
            giveUp();
            resolve();
          },
        });
      });
    },
    forget,
    interruption: () => followers.find(({ failure }) => failure !== undefined)?.failure,
    close() {
      stop.abort();
      forget();
    },
  };
}
