import { beforeEach, describe, expect, test } from 'vitest';
import { CONFIG_MAPS, configMap, DAEMON_SETS, daemonSet, type ServedApp, servedApp } from './served-app.ts';

let api: ServedApp;
beforeEach(() => {
  api = servedApp();
});

const patched = (target: string, type: string, patch: unknown) =>
  api.call('PATCH', target, patch, { 'content-type': type });

describe('create', () => {
  test('is 201 with the object, 409 for a name that is taken', async () => {
    const made = await api.post(CONFIG_MAPS, configMap('a'));
    expect(made.status).toBe(201);
    expect(made.json.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect((await api.post(CONFIG_MAPS, configMap('a'))).json).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
    });
  });

  test('a generated name, and a namespace that does not exist', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } };
    expect((await api.post(CONFIG_MAPS, body)).json.metadata.name).toMatch(/^a-[a-z0-9]{5}$/);
    const { status, json } = await api.post('/api/v1/namespaces/nowhere/configmaps', configMap('a'));
    expect([status, json.message]).toEqual([404, 'namespaces "nowhere" not found']);
  });

  test('namespaced kinds need a namespace in the path', async () => {
    expect((await api.post('/api/v1/configmaps', configMap('a'))).status).toBe(405);
  });

  test('fieldValidation: warnings by default, refusal under Strict', async () => {
    const body = { ...configMap('a'), datta: {} };
    const warned = await api.post(CONFIG_MAPS, body);
    expect(warned.status).toBe(201);
    expect(warned.headers.warning).toEqual(['299 - "unknown field \\"datta\\""']);
    const strict = await api.post(`${CONFIG_MAPS}?fieldValidation=Strict`, {
      ...body,
      metadata: { name: 'b' },
    });
    expect(strict.json.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "datta"',
    );
    expect((await api.post(`${CONFIG_MAPS}?fieldValidation=Maybe`, body)).status).toBe(422);
  });

  test('a dry run answers and keeps nothing', async () => {
    expect((await api.post(`${CONFIG_MAPS}?dryRun=All`, configMap('a'))).status).toBe(201);
    expect((await api.get(`${CONFIG_MAPS}/a`)).status).toBe(404);
    expect((await api.post(`${CONFIG_MAPS}?dryRun=Some`, configMap('a'))).status).toBe(422);
  });

  test('YAML is read, other types are 415', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\n';
    const made = await api.call('POST', CONFIG_MAPS, yaml, { 'content-type': 'application/yaml' });
    expect(made.status).toBe(201);
    const cbor = await api.call('POST', CONFIG_MAPS, 'x', { 'content-type': 'application/cbor' });
    expect([cbor.status, cbor.json.reason]).toEqual([415, 'UnsupportedMediaType']);
    expect((await api.call('POST', CONFIG_MAPS, '{', { 'content-type': 'application/json' })).status).toBe(
      400,
    );
  });
});

describe('update', () => {
  test('replaces, and an old revision is a conflict', async () => {
    const { json } = await api.post(CONFIG_MAPS, configMap('a'));
    const next = { ...json, data: { k: '2' } };
    expect((await api.call('PUT', `${CONFIG_MAPS}/a`, next)).json.data).toEqual({ k: '2' });
    expect((await api.call('PUT', `${CONFIG_MAPS}/a`, next)).json).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
  });

  test('status and spec are written apart', async () => {
    const { json } = await api.post(DAEMON_SETS, daemonSet('d'));
    const both = {
      ...json,
      spec: { ...json.spec, minReadySeconds: 9 },
      status: { ...json.status, numberReady: 3 },
    };
    const status = await api.call('PUT', `${DAEMON_SETS}/d/status`, both);
    expect(status.json.status.numberReady).toBe(3);
    expect(status.json.spec.minReadySeconds).toBeUndefined();
    const merged = await patched(`${DAEMON_SETS}/d/status`, 'application/merge-patch+json', {
      status: { numberReady: 4 },
    });
    expect(merged.json.status.numberReady).toBe(4);
    expect((await api.get(`${DAEMON_SETS}/d/status`)).json.status.numberReady).toBe(4);
  });
});

describe('patch', () => {
  test('JSON, merge and strategic patches each do what they do', async () => {
    await api.post(DAEMON_SETS, daemonSet('d'));
    const containers = [{ name: 'c', image: 'img:2' }];
    const target = `${DAEMON_SETS}/d`;
    const strategic = await patched(target, 'application/strategic-merge-patch+json', {
      spec: { template: { spec: { containers: [{ name: 'side', image: 's' }, ...containers] } } },
    });
    const named = ({ name, image }: { name: string; image: string }) => [name, image];
    expect(strategic.json.spec.template.spec.containers.map(named)).toEqual([
      ['side', 's'],
      ['c', 'img:2'],
    ]);
    const merge = await patched(target, 'application/merge-patch+json', {
      spec: { template: { spec: { containers } } },
    });
    expect(merge.json.spec.template.spec.containers).toHaveLength(1);
    const json = await patched(target, 'application/json-patch+json', [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'img:3' },
    ]);
    expect(json.json.spec.template.spec.containers[0].image).toBe('img:3');
    expect((await patched(target, 'application/json', {})).status).toBe(415);
  });
});

describe('delete', () => {
  test('answers a Status with the UID, a pod itself', async () => {
    const { json } = await api.post(CONFIG_MAPS, configMap('a'));
    const gone = await api.call('DELETE', `${CONFIG_MAPS}/a`);
    expect(gone.json).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: json.metadata.uid },
    });
    const pods = '/api/v1/namespaces/default/pods';
    await api.post(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    expect((await api.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 })).json.kind).toBe('Pod');
  });

  test('finalizers hold it, preconditions refuse it', async () => {
    await api.post(CONFIG_MAPS, configMap('a', { finalizers: ['x.example/y'] }));
    const other = await api.call('DELETE', `${CONFIG_MAPS}/a`, { preconditions: { uid: 'nobody' } });
    expect(other.status).toBe(409);
    const held = await api.call('DELETE', `${CONFIG_MAPS}/a`);
    expect(held.json.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
    expect((await api.get(`${CONFIG_MAPS}/a`)).status).toBe(200);
  });

  test('a foreground deletion sets the finalizer', async () => {
    await api.post(DAEMON_SETS, daemonSet('d'));
    const { json } = await api.call('DELETE', `${DAEMON_SETS}/d`, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Foreground',
    });
    expect(json.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect((await api.call('DELETE', `${DAEMON_SETS}/d`, { propagationPolicy: 'Sideways' })).status).toBe(
      422,
    );
  });

  test('a collection goes by its selector, and what went is listed', async () => {
    for (const [name, x] of [
      ['a', '1'],
      ['b', '2'],
      ['c', '1'],
    ] as const) {
      await api.post(CONFIG_MAPS, configMap(name, { labels: { x } }));
    }
    const { json } = await api.call('DELETE', `${CONFIG_MAPS}?labelSelector=x%3D1`);
    expect(json.items).toHaveLength(2);
    expect((await api.get(CONFIG_MAPS)).json.items).toHaveLength(1);
    expect((await api.call('DELETE', '/api/v1/namespaces')).status).toBe(405);
  });
});

describe('custom resources', () => {
  test('are served as soon as they are defined: defaults, columns, status', async () => {
    await api.post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'foos.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'foos', kind: 'Foo' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: { size: { type: 'integer', default: 3 } } },
                },
              },
            },
          },
        ],
      },
    });
    const foos = '/apis/example.com/v1/namespaces/default/foos';
    const made = await api.post(foos, {
      apiVersion: 'example.com/v1',
      kind: 'Foo',
      metadata: { name: 'f' },
      spec: {},
    });
    expect(made.json.spec).toEqual({ size: 3 });
    const { json } = await api.get(foos, 'application/json;as=Table;v=v1;g=meta.k8s.io');
    expect(json.rows[0].cells).toEqual(['f', 3]);
    expect((await api.get(foos)).json.kind).toBe('FooList');
    expect((await api.get('/apis/example.com/v1')).json.resources).toHaveLength(2);
    const document = (await api.get('/openapi/v3/apis/example.com/v1')).json;
    expect(document.components.schemas['com.example.v1.Foo'].properties.spec.properties.size.type).toBe(
      'integer',
    );
  });
});
