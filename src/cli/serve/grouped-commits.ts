import type { Client, WriteOutcome, WriteRequest } from '../../api/client.ts';
import { nextTurn } from '../../runtime/timer.ts';
import { StoreError } from '../../store/store.ts';

/** Writes of one commit at most: more would keep everybody waiting. */
const MOST = 200;

type Outcomes = readonly WriteOutcome[];

/** A write that waits for its commit. */
interface Waiting {
  readonly request: WriteRequest;
  resolve(outcomes: Outcomes): void;
  reject(error: unknown): void;
}

/**
 * A client for many callers at once: single writes that come at about the same time share one commit, and so one flush
 * to the disk. Writes that may depend on one another do not share; each caller is answered for its own.
 */
export function groupedCommits(client: Client): Client {
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      await othersToJoin();
      const { group, rest } = nextGroup(waiting);
      waiting = [...rest];
      await write(group);
    }
    running = false;
  }

  /** Writes that have arrived already join; so do those that arrive meanwhile, for as long as some do. */
  async function othersToJoin(): Promise<void> {
    for (let before = 0; waiting.length > before && waiting.length < MOST; ) {
      before = waiting.length;
      await nextTurn();
    }
  }

  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await client.commit(group.map(({ request }) => request));
      group.forEach(({ resolve }, index) => {
        resolve(outcomes.slice(index, index + 1));
      });
    } catch (error) {
      const [first, ...others] = group;
      if (error instanceof StoreError || others.length === 0) {
        for (const { reject } of group) reject(error);
        return;
      }
      // A fault over one request is not to fail the others. Nothing was written, for they were in one transaction.
      for (const one of [first, ...others]) if (one !== undefined) await write([one]);
    }
  }

  return {
    ...client,
    commit(requests) {
      const [request, ...others] = requests;
      if (request === undefined || others.length > 0) return client.commit(requests);
      return new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        if (!running) void run();
      });
    },
  };
}

/** The writes at the front that can share one commit, in order; the rest stay in order too. */
function nextGroup(waiting: readonly Waiting[]): {
  readonly group: readonly Waiting[];
  readonly rest: readonly Waiting[];
} {
  const objects = new Set<string>();
  for (const [index, { request }] of waiting.entries()) {
    const object = objectOf(request);
    const alone = concernsOthers(request);
    if (index === MOST || (index > 0 && alone) || objects.has(object)) {
      return { group: waiting.slice(0, index), rest: waiting.slice(index) };
    }
    if (object !== '') objects.add(object);
    if (alone) return { group: waiting.slice(0, 1), rest: waiting.slice(1) };
  }
  return { group: waiting, rest: [] };
}

/** Names the object of a request, in whatever version or group it is served; '' where the server is to choose a name. */
function objectOf(request: WriteRequest): string {
  const { namespace, name = '' } =
    request.verb === 'create' ? { namespace: request.namespace, name: nameIn(request.object) } : request.key;
  return name === '' ? '' : JSON.stringify([request.kind.kind, namespace, name]);
}

/** What a client sent may be anything. */
function nameIn(object: unknown): string | undefined {
  const name = (object as { readonly metadata?: { readonly name?: unknown } } | null)?.metadata?.name;
  return typeof name === 'string' ? name : undefined;
}

/**
 * Whether other writes may depend on this one, or it takes more than one commit: kinds that others live in or refer to,
 * and deletions of what may be a custom resource, which can end its definition.
 */
function concernsOthers({ kind, verb }: WriteRequest): boolean {
  if (verb === 'delete' && kind.group.includes('.')) return true;
  return (
    kind.kind === 'Namespace' || kind.kind === 'PriorityClass' || kind.kind === 'CustomResourceDefinition'
  );
}
