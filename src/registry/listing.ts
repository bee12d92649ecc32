import type { ListOptions } from '../api/client.ts';
import type { KubeObject, ObjectList } from '../api/meta.ts';
import type { FieldTerms } from '../domain/selectors/fields.ts';
import type { LabelRequirements } from '../domain/selectors/labels.ts';
import { type Entry, type KeyRange, type Store, StoreError } from '../store/store.ts';
import { involvedTerm, kindPrefix, labelTerm, namespacePrefix, nodeTerm } from './object-keys.ts';
import { readSelection } from './selection.ts';
import type { ServedKind } from './served-kind.ts';
import { badRequest, expired, tooLargeVersion } from './status-errors.ts';

/** Where a list goes on: the revision of its first page, the last key that was looked at, and how many are left. */
interface Continuation {
  readonly rv: number;
  readonly after: string;
  readonly remaining?: number;
}

/** Entries that one read of the store takes when a selector thins out a limited list. */
const CHUNK = 500;

/** The API's text for a page of a list whose revision was compacted away. */
const PAGE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter.';

/** The API's text for a list at a revision that was compacted away. */
const STATE_EXPIRED = 'The resourceVersion for the provided list is too old.';

/**
 * Lists objects of a kind in the order of their keys (namespace, name). Selectors use the store's index where they
 * can. Pages of one list see one revision. Throws StatusError: 400 for selectors and tokens that cannot be read,
 * 410 when the revision of an earlier page is gone.
 */
export async function listObjects(
  store: Store,
  kind: ServedKind,
  options: ListOptions,
  decode: (entry: Entry) => KubeObject,
): Promise<ObjectList> {
  const { labels, fields, all, matches } = readSelection(kind, options);
  const from = options.continue === undefined ? firstPage(options) : readToken(options.continue);
  const page: Page = {
    range: rangeOf(kind, options.namespace ?? '', labels, fields),
    limit: options.limit ?? 0,
    from,
    filtered: !all,
    matches,
  };
  try {
    return await readPage(store, page, decode);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'compacted')
      throw expired(options.continue === undefined ? STATE_EXPIRED : PAGE_EXPIRED);
    if (error instanceof StoreError && error.code === 'future') {
      if (options.continue !== undefined) throw badRequest('continue key is not valid');
      throw tooLargeVersion(options.resourceVersion ?? '', await store.revision());
    }
    throw error;
  }
}

interface Page {
  readonly range: KeyRange;
  /** 0 is all. */
  readonly limit: number;
  readonly from: Continuation | undefined;
  readonly filtered: boolean;
  readonly matches: (object: KubeObject) => boolean;
}

async function readPage(
  store: Store,
  { range, limit, from, filtered, matches }: Page,
  decode: (entry: Entry) => KubeObject,
): Promise<ObjectList> {
  const items: KubeObject[] = [];
  let revision = from?.rv ?? 0;
  let after = from?.after;
  let more = true;
  while (more) {
    const wanted = limit === 0 ? 0 : filtered ? Math.max(CHUNK, limit) : limit;
    const listing = await store.list(range, {
      limit: wanted,
      ...(after === undefined ? {} : { after }),
      ...(revision === 0 ? {} : { at: revision }),
    });
    revision ||= listing.revision;
    for (const entry of listing.entries) {
      after = entry.key;
      const object = decode(entry);
      if (matches(object)) items.push(object);
      if (limit !== 0 && items.length === limit) break;
    }
    more = listing.more;
    if (limit !== 0 && items.length === limit) {
      const cut = after !== listing.entries.at(-1)?.key;
      return await cutPage(store, items, revision, after, more || cut, { range, from, filtered });
    }
  }
  return { items, resourceVersion: String(revision) };
}

async function cutPage(
  store: Store,
  items: readonly KubeObject[],
  revision: number,
  after: string | undefined,
  more: boolean,
  { range, from, filtered }: Pick<Page, 'range' | 'from' | 'filtered'>,
): Promise<ObjectList> {
  const resourceVersion = String(revision);
  if (!more || after === undefined) return { items, resourceVersion };
  if (filtered) return { items, resourceVersion, continue: writeToken({ rv: revision, after }) };
  const before = from?.remaining ?? (await store.count(range));
  const remaining = Math.max(1, before - items.length);
  return {
    items,
    resourceVersion,
    continue: writeToken({ rv: revision, after, remaining }),
    remainingItemCount: remaining,
  };
}

/** Where a list at a given revision starts; undefined starts at the newest. */
function firstPage({ resourceVersion }: ListOptions): Continuation | undefined {
  if (resourceVersion === undefined) return undefined;
  const rv = Number(resourceVersion);
  if (!Number.isSafeInteger(rv) || rv < 0) {
    throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}`);
  }
  return { rv, after: '' };
}

/** The narrowest range that holds all objects that may match. */
function rangeOf(
  kind: ServedKind,
  namespace: string,
  labels: LabelRequirements,
  fields: FieldTerms,
): KeyRange {
  const equal = (field: string): string | undefined =>
    fields.find((term) => term.field === field && term.operator === '=')?.value;
  const within = (kind.info.namespaced ? namespace || equal('metadata.namespace') : '') ?? '';
  const prefix =
    kind.info.namespaced && within === ''
      ? kindPrefix(kind.storedAs)
      : namespacePrefix(kind.storedAs, within);
  const term = bestTerm(kind, labels, equal);
  return term === undefined ? { prefix } : { prefix, term };
}

/** Node and UID of an involved object select few; of labels, the one with the longest text is taken as the rarest. */
function bestTerm(
  kind: ServedKind,
  labels: LabelRequirements,
  equal: (field: string) => string | undefined,
): string | undefined {
  if (kind.info.kind === 'Pod' && kind.info.group === '') {
    const nodeName = equal('spec.nodeName');
    if (nodeName !== undefined && nodeName !== '') return nodeTerm(nodeName);
  }
  if (kind.info.kind === 'Event') {
    const uid = equal('involvedObject.uid');
    if (uid !== undefined && uid !== '') return involvedTerm(uid);
  }
  const terms = labels.flatMap(({ key, operator, values }) => {
    const [value] = values;
    const single = (operator === '=' || operator === '==' || operator === 'in') && values.length === 1;
    return single && value !== undefined ? [labelTerm(key, value)] : [];
  });
  return terms.sort((a, b) => b.length - a.length)[0];
}

function writeToken(continuation: Continuation): string {
  return Buffer.from(JSON.stringify(continuation)).toString('base64url');
}

function readToken(token: string): Continuation {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (isContinuation(value)) return value;
  } catch {
    // Falls through to the one refusal for every unreadable token.
  }
  throw badRequest('continue key is not valid');
}

function isContinuation(value: unknown): value is Continuation {
  if (typeof value !== 'object' || value === null) return false;
  const { rv, after, remaining } = value as Partial<Record<keyof Continuation, unknown>>;
  return (
    Number.isSafeInteger(rv) &&
    typeof after === 'string' &&
    (remaining === undefined || Number.isSafeInteger(remaining))
  );
}
