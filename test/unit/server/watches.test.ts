import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seenAs } from '../../../src/server/watch-stream.ts';
import { CONFIG_MAPS, configMap, type OpenWatch, type ServedApp, servedApp } from './served-app.ts';

let api: ServedApp;
let open: OpenWatch[];
beforeEach(() => {
  api = servedApp();
  open = [];
});
afterEach(async () => {
  for (const watch of open) await watch.stop();
  api.feed.close();
});

function watch(target: string, accept?: string): OpenWatch {
  const one = api.watch(target, accept);
  open.push(one);
  return one;
}

const relabel = (name: string, labels: object) =>
  api.call(
    'PATCH',
    `${CONFIG_MAPS}/${name}`,
    { metadata: { labels } },
    { 'content-type': 'application/merge-patch+json' },
  );

describe('a watch', () => {
  test('starts with what is there, then tells changes', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const events = watch(`${CONFIG_MAPS}?watch=true`);
    expect(await events.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } });
    await api.post(CONFIG_MAPS, configMap('b'));
    expect(await events.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
    await relabel('a', { x: '1' });
    expect(await events.next()).toMatchObject({
      type: 'MODIFIED',
      object: { metadata: { labels: { x: '1' } } },
    });
    await api.call('DELETE', `${CONFIG_MAPS}/a`);
    const deleted = await events.next();
    expect(deleted).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } });
    expect(Number(deleted.object.metadata.resourceVersion)).toBe(await api.store.revision());
  });

  test('goes on after a revision', async () => {
    const made = await api.post(CONFIG_MAPS, configMap('a'));
    await api.post(CONFIG_MAPS, configMap('b'));
    const events = watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${made.json.metadata.resourceVersion}`);
    expect(await events.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } });
  });

  test('of other kinds and namespaces tells nothing', async () => {
    await api.post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'other' },
    });
    const { resourceVersion } = (await api.get(CONFIG_MAPS)).json.metadata;
    const events = watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${resourceVersion}`);
    await api.post('/api/v1/namespaces/other/configmaps', configMap('elsewhere'));
    await api.post('/api/v1/namespaces/default/secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
    });
    await api.post(CONFIG_MAPS, configMap('here'));
    expect(await events.next()).toMatchObject({ object: { metadata: { name: 'here' } } });
  });

  test('of one object is asked for by its name, in the new way and in the old', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.post(CONFIG_MAPS, configMap('b'));
    for (const target of [`${CONFIG_MAPS}/b?watch=1`, '/api/v1/watch/namespaces/default/configmaps/b']) {
      expect(await watch(target).next()).toMatchObject({ object: { metadata: { name: 'b' } } });
    }
  });

  test('objects enter and leave the selection', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const { resourceVersion } = (await api.get(CONFIG_MAPS)).json.metadata;
    const events = watch(`${CONFIG_MAPS}?watch=1&labelSelector=x%3D1&resourceVersion=${resourceVersion}`);
    await relabel('a', { x: '1' });
    expect(await events.next()).toMatchObject({ type: 'ADDED' });
    await relabel('a', { x: '1', y: '2' });
    expect(await events.next()).toMatchObject({ type: 'MODIFIED' });
    await relabel('a', { x: '2' });
    const left = await events.next();
    expect(left).toMatchObject({ type: 'DELETED', object: { metadata: { labels: { x: '1', y: '2' } } } });
    expect(Number(left.object.metadata.resourceVersion)).toBe(await api.store.revision());
  });

  test('sendInitialEvents ends what was there with a bookmark', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const events = watch(
      `${CONFIG_MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=`,
    );
    expect(await events.next()).toMatchObject({ type: 'ADDED' });
    const mark = await events.next();
    expect(mark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    await api.post(CONFIG_MAPS, configMap('b'));
    const next = await events.next();
    expect(next.type).toBe('ADDED');
    expect(Number(next.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(mark.object.metadata.resourceVersion),
    );
  });

  test('sendInitialEvents needs its resourceVersionMatch', async () => {
    const { status, json } = await api.get(`${CONFIG_MAPS}?watch=1&sendInitialEvents=true`);
    expect(status).toBe(422);
    expect(json.message).toContain('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  });

  test('after a revision that was compacted away tells 410 and ends', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.post(CONFIG_MAPS, configMap('b'));
    await api.store.compact(await api.store.revision());
    const events = watch(`${CONFIG_MAPS}?watch=1&resourceVersion=1`);
    expect(await events.next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(await events.next()).toBeUndefined();
  });

  test('after a revision that is still to come tells 504 and ends', async () => {
    const events = watch(`${CONFIG_MAPS}?watch=1&resourceVersion=99999`);
    expect(await events.next()).toMatchObject({ type: 'ERROR', object: { code: 504, reason: 'Timeout' } });
  });

  test('in tables carries the headings once', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    await api.post(CONFIG_MAPS, configMap('b'));
    const events = watch(`${CONFIG_MAPS}?watch=1`, 'application/json;as=Table;v=v1;g=meta.k8s.io');
    const [first, second] = [await events.next(), await events.next()];
    expect(first.object.columnDefinitions.length).toBe(3);
    expect(first.object.rows[0].cells[0]).toBe('a');
    expect(second.object.columnDefinitions).toBeNull();
  });

  test('events of both groups are the same events', async () => {
    const { resourceVersion } = (await api.get('/api/v1/events')).json.metadata;
    const events = watch(`/apis/events.k8s.io/v1/events?watch=1&resourceVersion=${resourceVersion}`);
    await api.post('/api/v1/namespaces/default/events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      message: 'hello',
      type: 'Normal',
      reason: 'Said',
    });
    expect(await events.next()).toMatchObject({
      object: { apiVersion: 'events.k8s.io/v1', note: 'hello', regarding: { name: 'p' } },
    });
  });

  test('that the client leaves ends', async () => {
    const events = watch(`${CONFIG_MAPS}?watch=1`);
    const waiting = events.next();
    await api.post(CONFIG_MAPS, configMap('a'));
    await waiting;
    await events.stop();
    expect(await events.next()).toBeUndefined();
  });
});

describe('the feed', () => {
  test('a thousand watchers cost one reading of the log for a change', async () => {
    const { resourceVersion } = (await api.get(CONFIG_MAPS)).json.metadata;
    const watchers = Array.from({ length: 1000 }, () =>
      watch(`${CONFIG_MAPS}?watch=1&resourceVersion=${resourceVersion}`),
    );
    const arrived = watchers.map((one) => one.next());
    await new Promise((resolve) => setImmediate(resolve));
    let readings = 0;
    const { changes } = api.store;
    api.store.changes = (after, limit) => {
      readings++;
      return changes.call(api.store, after, limit);
    };
    await api.post(CONFIG_MAPS, configMap('a'));
    expect(new Set((await Promise.all(arrived)).map((event) => event.type))).toEqual(new Set(['ADDED']));
    expect(readings).toBeLessThanOrEqual(3);
  });
});

describe('what a watcher sees of a change', () => {
  const object = (x: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', labels: { x } },
  });
  const matches = (one: { metadata: { labels?: Readonly<Record<string, string>> } }) =>
    one.metadata.labels?.x === '1';

  test.each([
    ['MODIFIED', '1', '1', 'MODIFIED'],
    ['MODIFIED', '2', '1', 'ADDED'],
    ['MODIFIED', '1', '2', 'DELETED'],
    ['MODIFIED', '2', '2', undefined],
    ['DELETED', '1', '1', 'DELETED'],
    ['DELETED', '2', '2', undefined],
  ] as const)('%s from x=%s to x=%s is %s', (type, before, after, seen) => {
    expect(seenAs({ type, object: object(after), previous: object(before) }, matches)?.type).toBe(seen);
  });
});
