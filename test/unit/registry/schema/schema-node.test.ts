import { describe, expect, it } from 'vitest';
import { DAEMON_SET, NODE, POD } from '../../../../src/api/well-known.ts';
import { builtinResources } from '../../../../src/registry/schema/builtin-resources.ts';
import { fieldSchema, lookupType } from '../../../../src/registry/schema/schema-node.ts';
import { structuralNode } from '../../../../src/registry/schema/structural-node.ts';

describe('the schema of built-in kinds', () => {
  it('names merge keys and strategies of lists', () => {
    expect(fieldSchema(POD, ['spec', 'containers'])).toMatchObject({
      shape: 'list',
      typeName: '[]Container',
      mergeKey: 'name',
      patchStrategy: ['merge'],
      listType: 'map',
      listMapKeys: ['name'],
      required: true,
    });
    expect(fieldSchema(POD, ['spec', 'volumes'])?.patchStrategy).toEqual(['merge', 'retainKeys']);
    expect(fieldSchema(POD, ['spec', 'containers', 0, 'ports'])?.listMapKeys).toEqual([
      'containerPort',
      'protocol',
    ]);
    expect(fieldSchema(NODE, ['spec', 'taints'])?.listType).toBe('atomic');
  });

  it('marks structs that apply treats as one value', () => {
    expect(fieldSchema(DAEMON_SET, ['spec', 'selector'])?.mapType).toBe('atomic');
    expect(fieldSchema(DAEMON_SET, ['spec', 'template'])?.mapType).toBeUndefined();
  });

  it('reaches the values of maps by any key', () => {
    expect(fieldSchema(POD, ['metadata', 'labels'])?.typeName).toBe('map[string]string');
    expect(fieldSchema(POD, ['metadata', 'labels', 'anything'])?.typeName).toBe('string');
    expect(fieldSchema(POD, ['spec', 'containers', 0, 'resources', 'limits', 'cpu'])?.typeName).toBe(
      'Quantity',
    );
  });

  it('knows no fields that are not there', () => {
    expect(fieldSchema(POD, ['spec', 'containres'])).toBeUndefined();
    expect(fieldSchema(POD, ['spec', 'hostNetwork', 'x'])).toBeUndefined();
    expect(lookupType({ group: 'example.test', version: 'v1', kind: 'Pod' })).toBeUndefined();
  });

  it('gives the same node for the same place', () => {
    expect(lookupType(POD)?.field('spec')).toBe(lookupType(POD)?.field('spec'));
  });

  it('covers every resource of discovery', () => {
    expect(builtinResources().filter((row) => lookupType(row) === undefined)).toEqual([]);
  });
});

describe('discovery', () => {
  it('has the resources in the order of kubectl api-resources', () => {
    const plurals = builtinResources().map(({ group, plural }) => `${group}/${plural}`);
    expect(plurals).toEqual([...plurals].sort());
    expect(plurals.slice(0, 3)).toEqual(['/bindings', '/componentstatuses', '/configmaps']);
  });

  it('says of daemonsets what the server says', () => {
    expect(builtinResources().find(({ plural }) => plural === 'daemonsets')).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'DaemonSet',
      plural: 'daemonsets',
      singular: 'daemonset',
      shortNames: ['ds'],
      categories: ['all'],
      namespaced: true,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: ['status'],
    });
  });
});

describe('the schema of custom resources', () => {
  const node = structuralNode({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['size'],
        properties: {
          size: { type: 'integer' },
          ports: {
            type: 'array',
            items: { type: 'object', properties: { name: { type: 'string' } } },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
          },
        },
      },
    },
  });

  it('names the keys of lists that are maps', () => {
    expect(node.field('spec')?.field('ports')).toMatchObject({
      shape: 'list',
      listType: 'map',
      listMapKeys: ['name'],
    });
    expect(node.field('spec')?.field('ports')?.items?.field('name')?.typeName).toBe('string');
  });

  it('says what is required', () => {
    expect(node.field('spec')?.field('size')?.required).toBe(true);
    expect(node.field('spec')?.field('ports')?.required).toBe(false);
  });

  it('adds the metadata that every resource has', () => {
    expect(node.field('metadata')?.field('finalizers')?.listType).toBe('set');
  });
});
