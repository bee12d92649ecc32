import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Store } from '../../src/store/store.ts';
import { clusterState, DAEMON_SETS, doublePods, stateDifferences } from './cluster-state.ts';
import { doHere } from './in-this-process.ts';
import { inspect, type LaneParts, requireNone, storeOf } from './lane.ts';

/** How many clients write at once. */
const WRITERS = 6;
/** For how long they write at most before the server is killed, in milliseconds. */
const WRITING_MS = 250;

/** A ConfigMap as one writer knows it; only this writer writes it. */
interface Owned {
  readonly name: string;
  /** What the last answered request left: the data's `n`, null when there is no such object. */
  acknowledged: number | null;
  /** What a request without an answer may have left. */
  unanswered: { readonly state: number | null } | undefined;
}

/** A write that was answered with success. */
interface Answered {
  readonly revision: number;
  readonly name: string;
  readonly n: number;
}

/**
 * `kdaemon serve` with its controllers is killed while clients write over HTTP. Every answered write must be in the log
 * at the revision of its answer, each object must be as its last answered or its unanswered write left it, and the
 * controllers must come to the end that they would have come to.
 */
export async function serveLane(parts: LaneParts): Promise<void> {
  const { random, folder, lives, tally, binary } = parts;
  const file = storeOf(parts);
  const calm = join(folder, 'calm.db');
  for (const store of [file, calm]) {
    await doHere(store, ['init', '--nodes', '6']);
    await doHere(store, ['apply', '-f', '-'], DAEMON_SETS);
  }
  const owned: readonly Owned[] = Array.from({ length: WRITERS }, (_, index) => ({
    name: `writer-${index}`,
    acknowledged: null,
    unanswered: undefined,
  }));
  const answered: Answered[] = [];
  let deletions = 0;
  for (let life = 0; life < lives; life += 1) {
    const server = await startServer(binary, file, folder);
    const writing = owned.map((own) =>
      writeUntilGone(server.url, own, (write) => {
        if (write === undefined) deletions += 1;
        else answered.push(write);
      }),
    );
    await new Promise((resume) => setTimeout(resume, 20 + random.int(WRITING_MS)));
    const ended = once(server.process, 'close');
    server.process.kill('SIGKILL');
    await Promise.all([ended, ...writing]);
    if (server.complaints() !== '') throw new Error(`serve complained: ${server.complaints()}`);
    tally.runs += 1;
    tally.kills += 1;
    await inspect(file, async (store) => {
      requireNone('after a kill:', [
        ...(await lostWrites(store, answered)),
        ...(await wrongObjects(store, owned)),
        ...(await doublePods(store)),
      ]);
    });
  }
  tally.acknowledged += answered.length + deletions;
  for (const store of [file, calm]) await doHere(store, ['reconcile']);
  const expected = await inspect(calm, clusterState);
  const actual = await inspect(file, clusterState);
  requireNone('the end is not that of a cluster without kills:', stateDifferences(expected, actual));
}

async function startServer(
  binary: string,
  file: string,
  folder: string,
): Promise<{ readonly url: string; readonly process: ChildProcess; complaints(): string }> {
  const child = spawn(process.execPath, [binary, 'serve'], {
    env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC', KDAEMON_STORE: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const [, found] = /Serving .* at (\S+)\n/.exec(stdout) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', (code) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  return { url, process: child, complaints: () => stderr };
}

/** Creates, patches and deletes one object until the server answers no more. `onAnswer` hears undefined for a deletion. */
async function writeUntilGone(
  url: string,
  own: Owned,
  onAnswer: (write: Answered | undefined) => void,
): Promise<void> {
  const all = `${url}/api/v1/namespaces/default/configmaps`;
  const one = `${all}/${own.name}`;
  for (;;) {
    const n = own.acknowledged === null ? 0 : own.acknowledged + 1;
    const data = { n: String(n) };
    const next = own.acknowledged !== null && n % 7 === 6 ? null : n;
    own.unanswered = { state: next };
    let response: Response;
    let body: { readonly metadata?: { readonly resourceVersion?: string } };
    try {
      if (own.acknowledged === null) {
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: own.name }, data };
        response = await fetch(all, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(object) });
      } else if (next === null) response = await fetch(one, { method: 'DELETE' });
      else {
        response = await fetch(one, { method: 'PATCH', headers: MERGE_BODY, body: JSON.stringify({ data }) });
      }
      body = (await response.json()) as typeof body;
    } catch {
      return;
    }
    // A request of the life before may have been done without an answer.
    if (response.status === 409 && own.acknowledged === null) own.acknowledged = 0;
    else if (response.status === 404) own.acknowledged = null;
    else if (!response.ok) throw new Error(`${own.name}: ${response.status} ${JSON.stringify(body)}`);
    else {
      own.acknowledged = next;
      onAnswer(
        next === null
          ? undefined
          : { revision: Number(body.metadata?.resourceVersion), name: own.name, n: next },
      );
    }
    own.unanswered = undefined;
  }
}

const JSON_BODY = { 'content-type': 'application/json' };
const MERGE_BODY = { 'content-type': 'application/merge-patch+json' };

const keyOf = (name: string): string => `core/configmaps/default/${name}`;

async function lostWrites(store: Store, answered: readonly Answered[]): Promise<readonly string[]> {
  const log = new Map((await store.changes(0)).map((change) => [change.revision, change]));
  return answered.flatMap(({ revision, name, n }) => {
    const change = log.get(revision);
    const there = change?.key === keyOf(name) && dataOf(change.entry?.value) === n;
    return there ? [] : [`${name}: the write ${n} that was answered with revision ${revision} is lost`];
  });
}

/** Looks at each object, and takes over which of its two possible states it has. */
async function wrongObjects(store: Store, owned: readonly Owned[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const own of owned) {
    const found = dataOf((await store.get(keyOf(own.name)))?.value);
    if (found !== own.acknowledged && found !== own.unanswered?.state)
      wrong.push(`${own.name} is ${found}; acknowledged was ${own.acknowledged}`);
    own.acknowledged = found;
    own.unanswered = undefined;
  }
  return wrong;
}

/** The number in a ConfigMap's text; null when there is none. */
function dataOf(value: string | undefined): number | null {
  if (value === undefined) return null;
  const { data } = JSON.parse(value) as { readonly data?: { readonly n?: string } };
  return Number(data?.n);
}
