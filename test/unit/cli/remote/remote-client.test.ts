import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { simulatedKubelets } from '../../../../src/agents/kubelet/kubelet.ts';
import { scheduler } from '../../../../src/agents/scheduler/scheduler.ts';
import type { DaemonSet } from '../../../../src/api/apps.ts';
import type { WriteRequest } from '../../../../src/api/client.ts';
import type { KindRef, KubeObject } from '../../../../src/api/meta.ts';
import { DAEMON_SET, NODE, POD } from '../../../../src/api/well-known.ts';
import { type RemoteClient, remoteClient } from '../../../../src/cli/remote/remote-client.ts';
import { daemonSetController } from '../../../../src/controllers/daemonset/controller.ts';
import { nodeLifecycleController } from '../../../../src/controllers/node-lifecycle/controller.ts';
import { templateHash } from '../../../../src/domain/hashing/template-hash.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { createManager } from '../../../../src/runtime/manager.ts';
import { seededRandom } from '../../../../src/runtime/random.ts';
import { runUntilStopped } from '../../../../src/runtime/run-until-stopped.ts';
import { issueServer, newAuthority } from '../../../../src/server/certificates/issue.ts';
import { DEFAULT_LIMITS } from '../../../../src/server/limits.ts';
import { type Listening, listen } from '../../../../src/server/listen.ts';
import { daemonSet, type ServedApp, servedApp } from '../../server/served-app.ts';

const CONFIG_MAP: KindRef = { group: '', version: 'v1', kind: 'ConfigMap' };
const TOKEN = 'a-token-for-tests-only';
const KEY = { namespace: 'default', name: 'a' };

let api: ServedApp;
let listening: Listening;
let remote: RemoteClient;

beforeEach(async () => {
  api = servedApp();
  const authority = newAuthority(Date.now());
  listening = await listen({
    app: api.app,
    address: '127.0.0.1',
    port: 0,
    access: { token: TOKEN },
    limits: DEFAULT_LIMITS,
    random: seededRandom(1),
    tls: issueServer(authority, ['127.0.0.1'], Date.now()),
  });
  const server = `https://127.0.0.1:${listening.port}`;
  remote = remoteClient({ server, token: TOKEN, authority: authority.cert });
});
afterEach(async () => {
  remote.close();
  api.feed.close();
  await listening.close();
});

const object = (name: string, extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...extra },
});

async function commit(request: WriteRequest) {
  const [outcome] = await remote.commit([request]);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

const creating = (name: string, extra: object = {}): WriteRequest => ({
  verb: 'create',
  kind: CONFIG_MAP,
  namespace: 'default',
  object: object(name, extra),
});

describe('a remote client answers as the client in process does', () => {
  test('get and its refusals', async () => {
    await commit(creating('a'));
    expect(await remote.get(CONFIG_MAP, KEY)).toEqual(await api.client.get(CONFIG_MAP, KEY));
    const missing = { namespace: 'default', name: 'b' };
    const refusals = await Promise.allSettled([
      remote.get(CONFIG_MAP, missing),
      api.client.get(CONFIG_MAP, missing),
    ]);
    const [theirs, ours] = refusals.map((one) => (one.status === 'rejected' ? one.reason.status : one));
    expect(theirs).toEqual(ours);
  });

  test('lists, with selectors and in pages', async () => {
    for (const name of ['a', 'b', 'c'])
      await commit(creating(name, { labels: { even: String(name === 'b') } }));
    for (const options of [
      {},
      { namespace: 'default' },
      { labelSelector: 'even=true' },
      { fieldSelector: 'metadata.name=c' },
    ]) {
      expect(await remote.list(CONFIG_MAP, options)).toEqual(await api.client.list(CONFIG_MAP, options));
    }
    const first = await remote.list(CONFIG_MAP, { limit: 2 });
    expect(first.remainingItemCount).toBe(1);
    const rest = await remote.list(CONFIG_MAP, { limit: 2, continue: first.continue ?? '' });
    expect(rest.items.map(({ metadata }) => metadata.name)).toEqual(['c']);
  });

  test('a list without a limit reads all pages', async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `c${1000 + index}`);
    await api.client.commit(names.map((name) => creating(name)));
    const { items } = await remote.list(CONFIG_MAP, { namespace: 'default' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(names);
  });

  test('resources', async () => {
    const plain = (rows: Awaited<ReturnType<RemoteClient['resources']>>) =>
      rows
        .map((row) => ({ ...row, verbs: [...row.verbs].sort(), subresources: [...row.subresources].sort() }))
        .sort((a, b) =>
          `${a.group}/${a.plural}/${a.version}` < `${b.group}/${b.plural}/${b.version}` ? -1 : 1,
        );
    expect(plain(await remote.resources())).toEqual(plain(await api.client.resources()));
  });

  test('every verb, with warnings and refusals', async () => {
    const strict = await commit({
      ...creating('a'),
      object: { ...object('a'), datta: 1 } as KubeObject,
    } as WriteRequest);
    expect(strict).toMatchObject({ ok: false, error: { code: 400 } });
    const warned = await commit({
      verb: 'create',
      kind: CONFIG_MAP,
      namespace: 'default',
      object: { ...object('a'), datta: 1 } as KubeObject,
      fieldValidation: 'Warn',
    });
    expect(warned).toMatchObject({ ok: true, did: 'created', warnings: ['unknown field "datta"'] });
    expect(await commit(creating('a'))).toMatchObject({ ok: false, error: { reason: 'AlreadyExists' } });
    const patched = await commit({
      verb: 'patch',
      kind: CONFIG_MAP,
      key: KEY,
      patchType: 'merge',
      patch: { data: { x: '1' } },
    });
    expect(patched).toMatchObject({ ok: true, did: 'updated', object: { data: { x: '1' } } });
    const dry = await commit({ verb: 'delete', kind: CONFIG_MAP, key: KEY, dryRun: true });
    expect(dry).toMatchObject({ ok: true, did: 'deleted' });
    const wrong = await commit({
      verb: 'delete',
      kind: CONFIG_MAP,
      key: KEY,
      preconditions: { uid: 'nobody' },
    });
    expect(wrong).toMatchObject({ ok: false, error: { reason: 'Conflict' } });
    const gone = await commit({ verb: 'delete', kind: CONFIG_MAP, key: KEY });
    expect(gone).toMatchObject({ ok: true, did: 'deleted', object: { kind: 'ConfigMap', metadata: KEY } });
  });

  test('finalizers hold a deletion', async () => {
    await commit(creating('a', { finalizers: ['x.example/y'] }));
    expect(await commit({ verb: 'delete', kind: CONFIG_MAP, key: KEY })).toMatchObject({ did: 'deleting' });
  });

  test('writes about one object keep their order', async () => {
    const outcomes = await remote.commit([
      creating('a'),
      { verb: 'delete', kind: CONFIG_MAP, key: KEY },
      creating('a', { labels: { again: 'yes' } }),
    ]);
    expect(outcomes.map((outcome) => outcome.ok && outcome.did)).toEqual(['created', 'deleted', 'created']);
    expect((await remote.get(CONFIG_MAP, KEY)).metadata.labels).toEqual({ again: 'yes' });
  });

  test('a wrong token is refused', async () => {
    const other = remoteClient({
      server: `https://127.0.0.1:${listening.port}`,
      token: 'x',
      skipVerify: true,
    });
    await expect(other.get(CONFIG_MAP, KEY)).rejects.toMatchObject({ status: { code: 401 } });
    other.close();
  });
});

describe('changes of a remote server', () => {
  test('arrive in a log that can be followed', async () => {
    const start = await remote.revision();
    const hint = new Promise<void>((resolve) => {
      const forget = remote.onChange(() => {
        forget();
        resolve();
      });
    });
    await commit(creating('a'));
    await hint;
    const { events, resourceVersion, more } = await remote.changes(start);
    expect(events).toMatchObject([{ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'a' } } }]);
    expect([resourceVersion, more]).toEqual([await remote.revision(), false]);
    expect((await remote.changes(resourceVersion)).events).toEqual([]);
    await expect(remote.changes('999')).rejects.toMatchObject({ status: { code: 410 } });
  });

  test('hold what a commit did as soon as it resolves, deletions included', async () => {
    const followed = remote.narrowed([CONFIG_MAP]);
    const start = await followed.revision();
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await followed.commit(names.map((name) => creating(name)));
    const created = await followed.changes(start);
    expect(created.events.map(({ type, object }) => [type, object.metadata.name]).sort()).toEqual(
      names.map((name) => ['ADDED', name]).sort(),
    );
    await followed.commit(
      names.map((name) => ({ verb: 'delete', kind: CONFIG_MAP, key: { namespace: 'default', name } })),
    );
    const deleted = await followed.changes(created.resourceVersion);
    expect(deleted.events.map(({ type }) => type)).toEqual(names.map(() => 'DELETED'));
    await followed.commit([{ ...creating('dry'), dryRun: true }]);
    followed.close();
  });

  test('are those of some kinds only, where the client is narrowed to them', async () => {
    const followed = remote.narrowed([POD]);
    const start = await followed.revision();
    expect((await followed.resources()).map(({ plural }) => plural)).toEqual(['pods']);
    await followed.commit([creating('a')]);
    await remote.revision();
    await remote.commit([creating('b')]);
    expect((await followed.changes(start)).events).toEqual([]);
    followed.close();
    const none = remote.narrowed([{ group: 'x', version: 'v1', kind: 'Nothing' }]);
    await expect(none.resources()).rejects.toMatchObject({ status: { code: 404 } });
    none.close();
  });

  test('drive the DaemonSet controller, the scheduler and the kubelets from afar', async () => {
    await remote.commit([
      ...['n1', 'n2', 'n3'].map(
        (name): WriteRequest => ({
          verb: 'create',
          kind: NODE,
          namespace: '',
          object: { apiVersion: 'v1', kind: 'Node', metadata: { name } },
        }),
      ),
      // A test's DaemonSet is complete as far as its kind asks for.
      { verb: 'create', kind: DAEMON_SET, namespace: 'default', object: daemonSet('d') as DaemonSet },
    ]);
    const clock = systemClock();
    const controllers = [
      nodeLifecycleController(),
      daemonSetController({ hash: templateHash }),
      scheduler(),
      simulatedKubelets(),
    ];
    const manager = createManager({ client: remote, controllers, clock, random: seededRandom(2) });
    const stop = new AbortController();
    const run = runUntilStopped({ manager, client: remote, clock, signal: stop.signal, pollMs: 20 });
    const key = { namespace: 'default', name: 'd' };
    await expect
      .poll(async () => (await api.client.get(DAEMON_SET, key)).status?.numberAvailable, { timeout: 10_000 })
      .toBe(3);
    stop.abort();
    await run;
    const pods = await api.client.list(POD);
    expect(pods.items.map(({ spec }) => spec.nodeName).sort()).toEqual(['n1', 'n2', 'n3']);
  });
});
