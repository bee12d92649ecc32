import { describe, expect, test } from 'vitest';
import type { Json, KindRef } from '../../../../src/api/meta.ts';
import { at } from '../../../../src/registry/strategies/generic.ts';
import { type Body, bodyOf, creating, workbench } from '../verbs/objects.ts';

const DEFINITION: KindRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
};
const WIDGET: KindRef = { group: 'example.com', version: 'v1', kind: 'Widget' };
const DEFINITION_KEY = { namespace: '', name: 'widgets.example.com' };

const SCHEMA = {
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { size: { type: 'integer' } } },
      status: { type: 'object', properties: { seen: { type: 'integer' } } },
    },
  },
};

function definition(
  options: { names?: Body; version?: Body; versions?: readonly Body[]; scope?: string } = {},
) {
  const names = {
    plural: 'widgets',
    singular: 'widget',
    kind: 'Widget',
    listKind: 'WidgetList',
    ...options.names,
  };
  return bodyOf({
    metadata: { name: `${names.plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: options.scope ?? 'Namespaced',
      names,
      versions: options.versions ?? [
        { name: 'v1', served: true, storage: true, schema: SCHEMA, ...options.version },
      ],
    },
  });
}

const widget = (name: string, spec: Body = {}, more: Body = {}) =>
  bodyOf({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name, ...more }, spec });

async function withDefinition(options: Parameters<typeof definition>[0] = {}) {
  const bench = workbench();
  const made = await bench.written(creating(DEFINITION, definition(options), ''));
  return { ...bench, made };
}

describe('a definition', () => {
  test('is established by the write that makes it', async () => {
    const { made } = await withDefinition({ names: { shortNames: ['wd'], categories: ['all'] } });
    expect(made.metadata.generation).toBe(1);
    expect(at(made, 'status')).toEqual({
      acceptedNames: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
        categories: ['all'],
      },
      conditions: [
        {
          type: 'NamesAccepted',
          status: 'True',
          reason: 'NoConflicts',
          message: 'no conflicts found',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
      storedVersions: ['v1'],
    });
  });

  test('is in discovery at once, in its place by group', async () => {
    const { client } = await withDefinition({
      names: { shortNames: ['wd'] },
      version: { subresources: { status: {} } },
    });
    const resources = await client.resources();
    const row = resources.find(({ plural }) => plural === 'widgets');
    expect(row).toMatchObject({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      singular: 'widget',
      shortNames: ['wd'],
      namespaced: true,
      subresources: ['status'],
    });
    const groups = resources.map(({ group }) => group);
    expect(groups).toEqual([...groups].sort());
  });

  test.each<[string, Body, string]>([
    [
      'short name',
      { plural: 'gadgets', kind: 'Gadget', listKind: 'GadgetList', shortNames: ['wd'] },
      'ShortNamesConflict',
    ],
    ['kind', { plural: 'gadgets', kind: 'Widget', listKind: 'GadgetList' }, 'KindConflict'],
    ['list kind', { plural: 'gadgets', kind: 'Gadget', listKind: 'WidgetList' }, 'ListKindConflict'],
  ])('that wants a taken %s is not served', async (_, names, reason) => {
    const { written, client } = await withDefinition({ names: { shortNames: ['wd'] } });
    const singular = { singular: 'gadget' };
    const second = await written(creating(DEFINITION, definition({ names: { ...singular, ...names } }), ''));
    expect(at(second, 'status', 'conditions')).toMatchObject([
      { type: 'NamesAccepted', status: 'False', reason },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ]);
    expect((await client.resources()).some(({ plural }) => plural === 'gadgets')).toBe(false);
  });

  test('remembers every version that it stored', async () => {
    const { written, made } = await withDefinition();
    const version = (name: string, storage: boolean) => ({ name, served: true, storage, schema: SCHEMA });
    const next = await written({
      verb: 'update',
      kind: DEFINITION,
      key: DEFINITION_KEY,
      object: bodyOf({
        ...definition({ versions: [version('v1', false), version('v2', true)] }),
        metadata: { name: DEFINITION_KEY.name, resourceVersion: made.metadata.resourceVersion },
      }),
    });
    expect(at(next, 'status', 'storedVersions')).toEqual(['v1', 'v2']);
    expect(next.metadata.generation).toBe(2);
  });
});

describe('a custom resource', () => {
  test('is served as soon as its definition is there, even in one batch', async () => {
    const { client } = workbench();
    const outcomes = await client.commit([
      creating(DEFINITION, definition(), ''),
      creating(WIDGET, widget('one', { size: 3 })),
    ]);
    expect(outcomes).toMatchObject([{ ok: true }, { ok: true, did: 'created' }]);
    expect(await client.get(WIDGET, { namespace: 'default', name: 'one' })).toMatchObject({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { generation: 1, uid: expect.any(String) },
      spec: { size: 3 },
    });
  });

  test('without a definition is not', async () => {
    const { refused, client } = workbench();
    expect((await refused(creating(WIDGET, widget('one')))).code).toBe(404);
    await expect(client.list(WIDGET)).rejects.toThrow('the server could not find the requested resource');
  });

  test.each<[string, Json, number]>([
    ['its spec', { spec: { size: 4 } }, 2],
    ['its labels', { metadata: { labels: { a: 'b' } } }, 1],
    ['its status', { status: { seen: 1 } }, 2],
  ])('without status subresource counts a change of %s', async (_, patch, generation) => {
    const { written } = await withDefinition();
    await written(creating(WIDGET, widget('one', { size: 3 })));
    const key = { namespace: 'default', name: 'one' };
    const next = await written({ verb: 'patch', kind: WIDGET, key, patchType: 'merge', patch });
    expect(next.metadata.generation).toBe(generation);
  });

  test('with status subresource has its status written there alone', async () => {
    const { written } = await withDefinition({ version: { subresources: { status: {} } } });
    const key = { namespace: 'default', name: 'one' };
    const made = await written(
      creating(WIDGET, bodyOf({ ...widget('one', { size: 3 }), status: { seen: 1 } })),
    );
    expect(made).not.toHaveProperty('status');
    const patch = { metadata: { labels: { a: 'b' } }, spec: { size: 9 }, status: { seen: 2 } };
    const status = await written({
      verb: 'patch',
      kind: WIDGET,
      key,
      subresource: 'status',
      patchType: 'merge',
      patch,
    });
    expect(status).toMatchObject({ metadata: { generation: 1 }, spec: { size: 3 }, status: { seen: 2 } });
    expect(status).not.toHaveProperty('metadata.labels');
    const main = await written({ verb: 'patch', kind: WIDGET, key, patchType: 'merge', patch });
    expect(main).toMatchObject({ metadata: { generation: 2 }, spec: { size: 9 }, status: { seen: 2 } });
  });

  test('takes no strategic merge patch', async () => {
    const { written, refused } = await withDefinition();
    await written(creating(WIDGET, widget('one')));
    const key = { namespace: 'default', name: 'one' };
    const error = await refused({ verb: 'patch', kind: WIDGET, key, patchType: 'strategic', patch: {} });
    expect([error.code, error.reason]).toEqual([415, 'UnsupportedMediaType']);
  });

  test('is read in each served version, and stored in one', async () => {
    const versions = ['v1', 'v2'].map((name) => ({
      name,
      served: true,
      storage: name === 'v2',
      schema: SCHEMA,
    }));
    const { written, client, store } = await withDefinition({ versions });
    await written(creating(WIDGET, widget('one', { size: 3 })));
    const key = { namespace: 'default', name: 'one' };
    for (const version of ['v1', 'v2']) {
      const read = await client.get({ ...WIDGET, version }, key);
      expect(read).toMatchObject({ apiVersion: `example.com/${version}`, spec: { size: 3 } });
      const { items } = await client.list({ ...WIDGET, version });
      expect(items.map(({ apiVersion }) => apiVersion)).toEqual([`example.com/${version}`]);
    }
    const entry = await store.get('example.com/widgets/default/one');
    expect(JSON.parse(entry?.value ?? '')).toMatchObject({ apiVersion: 'example.com/v2' });
  });

  test('is refused when its type does not fit the schema', async () => {
    const { refused } = await withDefinition();
    const error = await refused(creating(WIDGET, widget('one', { size: 'big' })));
    expect([error.code, error.reason]).toEqual([422, 'Invalid']);
    expect(error.details?.causes?.[0]?.field).toBe('spec.size');
  });
});

describe('the deletion of a definition', () => {
  const deleting = { verb: 'delete', kind: DEFINITION, key: DEFINITION_KEY } as const;

  test('takes its instances along', async () => {
    const { written, write, client } = await withDefinition();
    await written(creating(WIDGET, widget('one')));
    await written(creating(WIDGET, widget('two'), 'kube-system'));
    const since = await client.revision();
    expect(await write(deleting)).toMatchObject({ ok: true, did: 'deleted' });
    const { events } = await client.changes(since);
    const gone = events.filter(({ type }) => type === 'DELETED').map(({ object }) => object.metadata.name);
    expect(gone).toEqual(['one', 'two', 'widgets.example.com']);
    await expect(client.list(WIDGET)).rejects.toMatchObject({ status: { code: 404 } });
  });

  test('waits for instances with finalizers, and takes no new ones', async () => {
    const { written, write, refused, client } = await withDefinition();
    await written(creating(WIDGET, widget('one', {}, { finalizers: ['example.com/hold'] })));
    const outcome = await write(deleting);
    expect(outcome).toMatchObject({
      ok: true,
      did: 'deleting',
      object: { metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } },
    });
    expect(await refused(creating(WIDGET, widget('two')))).toMatchObject({
      code: 405,
      reason: 'MethodNotAllowed',
      message: 'create not allowed while custom resource definition is terminating',
    });
    const key = { namespace: 'default', name: 'one' };
    const patch = { metadata: { finalizers: null } };
    expect(await write({ verb: 'patch', kind: WIDGET, key, patchType: 'merge', patch })).toMatchObject({
      did: 'deleted',
    });
    await expect(client.get(DEFINITION, DEFINITION_KEY)).rejects.toMatchObject({ status: { code: 404 } });
  });
});
