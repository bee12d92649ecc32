import { describe, expect, test } from 'vitest';
import type { Json, UnstructuredObject } from '../../../../src/api/meta.ts';
import { firstAtPath } from '../../../../src/registry/tables/column-path.ts';
import { type PrinterColumn, printerColumnsOf } from '../../../../src/registry/tables/custom-resources.ts';
import { tableFor } from '../../../../src/registry/tables/table-for.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const KIND = { group: 'example.test', version: 'v1', kind: 'Widget' };

function widget(rest: object): UnstructuredObject {
  return {
    apiVersion: 'example.test/v1',
    kind: 'Widget',
    metadata: { name: 'w', creationTimestamp: '2026-01-01T00:00:00Z' },
    ...rest,
  };
}

function cell(type: string, jsonPath: string, spec: Json): unknown {
  const declared: readonly PrinterColumn[] = [{ name: 'C', type, jsonPath }];
  return tableFor(KIND, [widget({ spec })], NOW, declared).rows[0]?.cells[1];
}

describe('custom resources', () => {
  test('print the columns of their version, with NAME in front and no AGE of their own', () => {
    const columns: readonly PrinterColumn[] = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Note', type: 'string', jsonPath: '.spec.note', priority: 1 },
    ];
    const definition: UnstructuredObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.test' },
      spec: { versions: [{ name: 'v1', additionalPrinterColumns: columns }, { name: 'v2' }] },
    };
    expect(printerColumnsOf(definition, 'v1')).toEqual(columns);
    expect(printerColumnsOf(definition, 'v2')).toEqual([]);
    const table = tableFor(KIND, [widget({ spec: { size: 3, note: 'n' } })], NOW, columns);
    expect(table.columns).toEqual([
      { name: 'Name', priority: 0, type: 'string' },
      { name: 'Size', priority: 0, type: 'integer' },
      { name: 'Note', priority: 1, type: 'string' },
    ]);
    expect(table.rows[0]?.cells).toEqual(['w', 3, 'n']);
  });

  test.each<[string, Json, unknown]>([
    ['integer', 3.7, 3],
    ['integer', '3', ''],
    ['number', 3.7, 3.7],
    ['boolean', false, false],
    ['string', 'text', 'text'],
    ['string', true, 'true'],
    ['string', { a: [1] }, '{"a":[1]}'],
    ['date', '2026-01-01T00:58:00Z', '2m'],
    ['date', 'soon', '<invalid>'],
    ['string', null, ''],
  ])('a column of type %s prints %j as %j', (type, value, text) => {
    expect(cell(type, '.spec.value', { value })).toBe(text);
  });
});

describe('firstAtPath', () => {
  const value: Json = {
    spec: { 'a.b': 1, list: [{ n: 'x' }, { n: 'y' }] },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Synced', status: 'False' },
      ],
    },
  };

  test.each<[string, Json | undefined]>([
    ['.spec.a\\.b', 1],
    [".spec['a.b']", 1],
    ['spec.list[1].n', 'y'],
    ['.spec.list[-1].n', 'y'],
    ['.spec.list[-2].n', 'x'],
    ['.spec.list[*].n', 'x'],
    ['.spec.list[9].n', undefined],
    ['.status.conditions[?(@.type=="Synced")].status', 'False'],
    [".status.conditions[?(@.type=='Ready')].status", 'True'],
    ['.status.conditions[?(@.type == "None")].status', undefined],
    ['{.spec.list[0].n}', 'x'],
    ['.spec.constructor', undefined],
    ['.spec..', undefined],
  ])('%s finds %j', (path, found) => {
    expect(firstAtPath(value, path)).toEqual(found);
  });
});
