import type { Client, WatchEvent } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import type { Selection } from '../registry/selection.ts';
import { tooLargeVersion } from '../registry/status-errors.ts';
import { withResourceVersion } from '../registry/stored-object.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { ObjectTexts } from './object-texts.ts';
import { type Rendering, renderedObject, renderedTable } from './rendering.ts';
import { apiVersionOf } from './served-kinds.ts';

/** What a watch asks for. */
export interface WatchRequest {
  readonly rendering: Rendering;
  /** '' is all. */
  readonly namespace: string;
  readonly selection: Selection;
  /** Selectors in their text forms, for the first list. */
  readonly selectors: { readonly labelSelector: string; readonly fieldSelector: string };
  /** Changes after this revision; undefined starts with what is there. */
  readonly after: number | undefined;
  /** Whether the end of what was there is marked by a bookmark. */
  readonly marksInitialEnd: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

/** What a watch works with. */
export interface WatchParts {
  readonly client: Client;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly texts: ObjectTexts;
}

/** How often a quiet watch that wants bookmarks gets one, in milliseconds. */
const BOOKMARK_MS = 60_000;
/** Objects that one page of the first list holds. */
const PAGE = 500;

const INITIAL_END = { 'k8s.io/initial-events-end': 'true' };

interface Sent {
  readonly type: WatchEvent['type'];
  readonly object: KubeObject;
}

/**
 * What a watcher with this selection sees of a change: objects that come to match are ADDED, those that no longer do
 * are DELETED with their last matching state. Undefined when it sees nothing.
 */
export function seenAs(
  { type, object, previous }: WatchEvent,
  matches: (object: KubeObject) => boolean,
): Sent | undefined {
  if (type === 'DELETED') return matches(previous ?? object) ? { type, object } : undefined;
  const now = matches(object);
  const before = type === 'MODIFIED' && (previous === undefined ? now : matches(previous));
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before || previous === undefined) return undefined;
  return { type: 'DELETED', object: withResourceVersion(previous, object.metadata.resourceVersion ?? '') };
}

/** Writes the events of one watch, one JSON object a line. */
export async function* watchStream(
  { client, feed, clock, texts }: WatchParts,
  request: WatchRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { rendering, selection, namespace } = request;
  const { kind } = rendering;
  const end = clock.now() + request.timeoutMs;
  let headings = true;

  const line = ({ type, object }: Sent): string => {
    if (rendering.accepted.as === undefined) return `{"type":"${type}","object":${texts.of(object)}}\n`;
    const now = { ...rendering, now: clock.now() };
    const meta = { resourceVersion: object.metadata.resourceVersion ?? '' };
    const sent =
      rendering.accepted.as === 'Table'
        ? renderedTable([object], meta, now, headings)
        : renderedObject(object, now);
    headings = false;
    return `${JSON.stringify({ type, object: sent })}\n`;
  };
  const bookmark = (resourceVersion: string, annotations?: Readonly<Record<string, string>>): string => {
    const metadata = {
      resourceVersion,
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    };
    const object =
      rendering.accepted.as === 'Table'
        ? { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions: null, rows: [] }
        : rendering.accepted.as === undefined
          ? { kind: kind.ref.kind, apiVersion: apiVersionOf(kind.ref), metadata }
          : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
  };
  const group = kind.storedAs.group;
  const concerns = ({ object: { kind: name, apiVersion, metadata } }: WatchEvent): boolean =>
    name === kind.ref.kind &&
    (namespace === '' || metadata.namespace === namespace) &&
    groupOf(apiVersion) === group;
  const served = (event: WatchEvent): WatchEvent => {
    const { fromStored } = kind;
    if (fromStored === undefined) return event;
    const { type, object, previous } = event;
    return {
      type,
      object: fromStored(object),
      ...(previous === undefined ? {} : { previous: fromStored(previous) }),
    };
  };
  const matches = (object: KubeObject): boolean => selection.all || selection.matches(object);

  try {
    let cursor: number;
    if (request.after === undefined) {
      let from: string | undefined;
      let revision = '0';
      do {
        const page = await client.list(kind.ref, {
          ...request.selectors,
          namespace,
          limit: PAGE,
          ...(from === undefined ? {} : { continue: from }),
        });
        revision = page.resourceVersion;
        from = page.continue;
        const lines = page.items.map((object) => line({ type: 'ADDED', object }));
        if (lines.length > 0) yield lines.join('');
      } while (from !== undefined && !signal.aborted);
      cursor = Number(revision);
      if (request.marksInitialEnd) yield bookmark(revision, INITIAL_END);
    } else {
      cursor = request.after;
      const newest = await client.revision();
      if (cursor > Number(newest)) throw tooLargeVersion(String(cursor), newest);
    }
    let nextBookmark = clock.now() + BOOKMARK_MS;
    while (!signal.aborted && !feed.closed() && clock.now() < end) {
      const portion = await feed.since(cursor);
      cursor = portion.revision;
      const lines: string[] = [];
      for (const event of portion.events) {
        if (!concerns(event)) continue;
        const sent = seenAs(served(event), matches);
        if (sent !== undefined) lines.push(line(sent));
      }
      if (lines.length > 0) yield lines.join('');
      if (portion.events.length > 0) continue;
      if (request.bookmarks && clock.now() >= nextBookmark) {
        yield bookmark(String(cursor));
        nextBookmark = clock.now() + BOOKMARK_MS;
      }
      await feed.changed(cursor, request.bookmarks ? Math.min(end, nextBookmark) : end, signal);
    }
    if (request.bookmarks && !signal.aborted) yield bookmark(String(cursor));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    yield `${JSON.stringify({ type: 'ERROR', object: error.status })}\n`;
  }
}

const groupOf = (apiVersion: string): string => {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
};
