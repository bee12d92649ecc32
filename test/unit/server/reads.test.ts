import { beforeEach, describe, expect, test } from 'vitest';
import { CONFIG_MAPS, configMap, DAEMON_SETS, daemonSet, type ServedApp, servedApp } from './served-app.ts';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

let api: ServedApp;
beforeEach(() => {
  api = servedApp();
});

describe('get', () => {
  test('answers an object, and 404 in the words of the API where there is none', async () => {
    await api.post(CONFIG_MAPS, configMap('a', {}, { k: 'v' }));
    expect((await api.get(`${CONFIG_MAPS}/a`)).json.data).toEqual({ k: 'v' });
    const missing = await api.get(`${CONFIG_MAPS}/b`);
    expect(missing.status).toBe(404);
    expect(missing.json).toMatchObject({
      kind: 'Status',
      message: 'configmaps "b" not found',
      reason: 'NotFound',
      details: { name: 'b', kind: 'configmaps' },
    });
  });

  test('writes YAML for those who ask for it', async () => {
    await api.post(CONFIG_MAPS, configMap('a', {}, { k: 'v' }));
    const { text, headers } = await api.get(`${CONFIG_MAPS}/a`, 'application/yaml');
    expect(headers['content-type']).toBe('application/yaml');
    expect(text).toContain('apiVersion: v1\ndata:\n  k: v\nkind: ConfigMap\n');
  });

  test('an unknown resource or version is 404, protobuf alone 406', async () => {
    expect((await api.get('/apis/apps/v9/daemonsets')).json.message).toBe(
      'the server could not find the requested resource',
    );
    expect((await api.get('/api/v1/widgets')).status).toBe(404);
    const { status, json } = await api.get('/api/v1/pods', 'application/vnd.kubernetes.protobuf');
    expect([status, json.reason]).toEqual([406, 'NotAcceptable']);
    expect((await api.get('/api/v1/pods', 'application/vnd.kubernetes.protobuf, */*')).status).toBe(200);
  });

  test('a revision that is still to come is 504 with the cause that clients look for', async () => {
    const { status, json } = await api.get(`${CONFIG_MAPS}?resourceVersion=999`);
    expect(status).toBe(504);
    expect(json.details.causes[0].reason).toBe('ResourceVersionTooLarge');
    expect((await api.get(`${CONFIG_MAPS}?resourceVersion=x`)).status).toBe(400);
  });
});

describe('list', () => {
  const names = (json: { items: { metadata: { name: string } }[] }) =>
    json.items.map(({ metadata }) => metadata.name);

  test('pages of one list see one revision', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await api.post(CONFIG_MAPS, configMap(name));
    const first = (await api.get(`${CONFIG_MAPS}?limit=2`)).json;
    expect(first).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.metadata.remainingItemCount).toBe(3);
    await api.call('DELETE', `${CONFIG_MAPS}/c`);
    await api.post(CONFIG_MAPS, configMap('bb'));
    const next = `${CONFIG_MAPS}?limit=2&continue=${encodeURIComponent(first.metadata.continue)}`;
    const second = (await api.get(next)).json;
    expect(names(second)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    const last = (await api.get(next.replace(/continue=.*/, `continue=${second.metadata.continue}`))).json;
    expect(names(last)).toEqual(['e']);
    expect(last.metadata.continue).toBeUndefined();
  });

  test('resourceVersionMatch=Exact shows the state as it was; a limit with a revision means the same', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const { resourceVersion } = (await api.get(CONFIG_MAPS)).json.metadata;
    await api.post(CONFIG_MAPS, configMap('b'));
    const exact = await api.get(
      `${CONFIG_MAPS}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`,
    );
    expect(names(exact.json)).toEqual(['a']);
    expect(exact.json.metadata.resourceVersion).toBe(resourceVersion);
    expect(names((await api.get(`${CONFIG_MAPS}?resourceVersion=${resourceVersion}&limit=9`)).json)).toEqual([
      'a',
    ]);
    const newer = await api.get(`${CONFIG_MAPS}?resourceVersion=${resourceVersion}`);
    expect(names(newer.json)).toEqual(['a', 'b']);
  });

  test('a revision that was compacted away is 410', async () => {
    await api.post(CONFIG_MAPS, configMap('a'));
    const { resourceVersion } = (await api.get(CONFIG_MAPS)).json.metadata;
    await api.post(CONFIG_MAPS, configMap('b'));
    await api.store.compact(await api.store.revision());
    const { status, json } = await api.get(
      `${CONFIG_MAPS}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`,
    );
    expect([status, json.reason]).toEqual([410, 'Expired']);
  });

  test('resourceVersionMatch without a revision, or with a word of its own, is refused', async () => {
    const alone = await api.get(`${CONFIG_MAPS}?resourceVersionMatch=Exact`);
    expect(alone.status).toBe(422);
    expect(alone.json.message).toBe(
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
    const other = await api.get(`${CONFIG_MAPS}?resourceVersion=1&resourceVersionMatch=Near`);
    expect(other.json.message).toContain(
      'Unsupported value: "Near": supported values: "Exact", "NotOlderThan"',
    );
  });

  test('selectors select, and unknown fields are refused', async () => {
    await api.post(CONFIG_MAPS, configMap('a', { labels: { x: '1' } }));
    await api.post(CONFIG_MAPS, configMap('b', { labels: { x: '2' } }));
    expect(names((await api.get(`${CONFIG_MAPS}?labelSelector=x%3D2`)).json)).toEqual(['b']);
    expect(names((await api.get('/api/v1/configmaps?fieldSelector=metadata.name%3Da')).json)).toEqual(['a']);
    expect((await api.get('/api/v1/pods?fieldSelector=spec.x%3Da')).json.message).toBe(
      'field label not supported: spec.x',
    );
  });
});

describe('tables and partial objects', () => {
  test('a table has columns, cells, and the metadata of each object', async () => {
    await api.post(DAEMON_SETS, daemonSet('d'));
    const { json } = await api.get(DAEMON_SETS, TABLE);
    expect(json).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(json.columnDefinitions.map((column: { name: string }) => column.name).slice(0, 3)).toEqual([
      'Name',
      'Desired',
      'Current',
    ]);
    expect(json.rows[0].cells.slice(0, 2)).toEqual(['d', 0]);
    expect(json.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'd' } });
    expect(json.rows[0].object.spec).toBeUndefined();
  });

  test('includeObject decides what a row carries', async () => {
    await api.post(DAEMON_SETS, daemonSet('d'));
    const whole = await api.get(`${DAEMON_SETS}/d?includeObject=Object`, TABLE);
    expect(whole.json.rows[0].object.spec.selector).toEqual({ matchLabels: { app: 'd' } });
    expect((await api.get(`${DAEMON_SETS}?includeObject=None`, TABLE)).json.rows[0].object).toBeUndefined();
    expect((await api.get(`${DAEMON_SETS}?includeObject=Half`, TABLE)).status).toBe(400);
  });

  test('partial metadata comes without spec and status', async () => {
    await api.post(DAEMON_SETS, daemonSet('d'));
    const { json } = await api.get(
      DAEMON_SETS,
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    );
    expect(json.kind).toBe('PartialObjectMetadataList');
    expect(Object.keys(json.items[0])).toEqual(['kind', 'apiVersion', 'metadata']);
  });
});
