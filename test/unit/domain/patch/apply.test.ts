import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { takeOverClientSideApply } from '../../../../src/domain/patch/apply/client-side-migration.ts';
import { conflictCauses, conflictMessage } from '../../../../src/domain/patch/apply/conflicts.ts';
import { applyServerSide, trackUpdate } from '../../../../src/domain/patch/apply/server-side-apply.ts';
import { isObject, type JsonObject, own } from '../../../../src/domain/patch/json-object.ts';
import { lookupType } from '../../../../src/registry/schema/schema-node.ts';

const schema = lookupType(DAEMON_SET);
const NOW = Date.parse('2026-01-01T00:00:00Z');
const LATER = NOW + 60_000;

function daemonSet(rest: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'x', ...metadata }, ...rest };
}

function pods(podSpec: JsonObject): JsonObject {
  return { spec: { template: { spec: podSpec } } };
}

/** Applies without conflicts. */
function applied(live: JsonObject | undefined, config: JsonObject, manager: string, now = NOW): JsonObject {
  const { object, conflicts } = applyServerSide({
    live,
    applied: config,
    manager,
    force: false,
    schema,
    now,
  });
  if (object === undefined) throw new Error(conflictMessage(conflicts));
  return object;
}

/** What each manager owns, by name. */
function owners(object: JsonObject): Readonly<Record<string, Json>> {
  const metadata = own(object, 'metadata');
  const entries = isObject(metadata) ? own(metadata, 'managedFields') : undefined;
  const list = Array.isArray(entries) ? (entries as readonly JsonObject[]) : [];
  return Object.fromEntries(list.map((entry) => [String(entry.manager), entry.fieldsV1 ?? null]));
}

function specOf(object: JsonObject): Json | undefined {
  return own(object, 'spec');
}

describe('applyServerSide', () => {
  test('creates an object whose fields the manager owns', () => {
    const config = daemonSet(pods({ containers: [{ name: 'a', image: '1' }] }), { labels: { app: 'x' } });
    const object = applied(undefined, config, 'me');
    expect(object).toEqual({
      ...config,
      metadata: {
        name: 'x',
        labels: { app: 'x' },
        managedFields: [
          {
            manager: 'me',
            operation: 'Apply',
            apiVersion: 'apps/v1',
            time: '2026-01-01T00:00:00Z',
            fieldsType: 'FieldsV1',
            fieldsV1: {
              'f:metadata': { 'f:labels': { 'f:app': {} } },
              'f:spec': {
                'f:template': {
                  'f:spec': {
                    'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
                  },
                },
              },
            },
          },
        ],
      },
    });
  });

  test('the same configuration again changes nothing, not even the time', () => {
    const config = daemonSet({ spec: { minReadySeconds: 5 } });
    const live = applied(undefined, config, 'me');
    expect(applied(live, config, 'me', LATER)).toBe(live);
  });

  test('removes what the manager no longer applies and nobody else owns', () => {
    const live = applied(undefined, daemonSet(pods({ nodeSelector: { a: '1' }, hostNetwork: true })), 'me');
    const next = applied(live, daemonSet(pods({ hostNetwork: true })), 'me');
    expect(specOf(next)).toEqual({ template: { spec: { hostNetwork: true } } });
  });

  test('keeps what the manager no longer applies while somebody else owns it', () => {
    const both = daemonSet({ spec: { minReadySeconds: 5, revisionHistoryLimit: 3 } });
    const live = applied(applied(undefined, both, 'me'), daemonSet({ spec: { minReadySeconds: 5 } }), 'you');
    const next = applied(live, daemonSet({ spec: { revisionHistoryLimit: 3 } }), 'me');
    expect(specOf(next)).toEqual({ minReadySeconds: 5, revisionHistoryLimit: 3 });
    expect(owners(next)).toEqual({
      me: { 'f:spec': { 'f:revisionHistoryLimit': {} } },
      you: { 'f:spec': { 'f:minReadySeconds': {} } },
    });
  });

  test('takes an item out of a keyed list, and leaves the items and fields of others', () => {
    const mine = daemonSet(
      pods({
        containers: [
          { name: 'a', image: '1' },
          { name: 'b', image: '1' },
        ],
      }),
    );
    const theirs = daemonSet(pods({ containers: [{ name: 'c', image: '1' }] }));
    const live = applied(applied(undefined, mine, 'me'), theirs, 'you');
    const next = applied(live, daemonSet(pods({ containers: [{ name: 'b', image: '1' }] })), 'me');
    expect(specOf(next)).toEqual({
      template: {
        spec: {
          containers: [
            { name: 'b', image: '1' },
            { name: 'c', image: '1' },
          ],
        },
      },
    });
  });

  test('ports are told apart by number and protocol, TCP where none is given', () => {
    const container = (ports: readonly Json[]) => daemonSet(pods({ containers: [{ name: 'a', ports }] }));
    const live = applied(undefined, container([{ containerPort: 53 }]), 'me');
    const next = applied(live, container([{ containerPort: 53, protocol: 'UDP' }]), 'you');
    expect(specOf(next)).toEqual({
      template: {
        spec: {
          containers: [{ name: 'a', ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }],
        },
      },
    });
  });

  test('a set grows and shrinks by value', () => {
    const live = applied(
      applied(undefined, daemonSet({}, { finalizers: ['e/a', 'e/b'] }), 'me'),
      daemonSet({}, { finalizers: ['e/c'] }),
      'you',
    );
    const next = applied(live, daemonSet({}, { finalizers: ['e/b'] }), 'me');
    expect(next.metadata).toMatchObject({ finalizers: ['e/b', 'e/c'] });
  });

  test('a field that another manager set otherwise is a conflict, and force takes it', () => {
    const live = applied(
      undefined,
      daemonSet({ spec: { minReadySeconds: 5, revisionHistoryLimit: 3 } }),
      'you',
    );
    const request = {
      live,
      applied: daemonSet({ spec: { minReadySeconds: 6, revisionHistoryLimit: 4 } }),
      manager: 'me',
      schema,
      now: NOW,
    };
    const { conflicts = [] } = applyServerSide({ ...request, force: false });
    expect(conflictMessage(conflicts)).toBe(
      'Apply failed with 2 conflicts: conflicts with "you":\n- .spec.minReadySeconds\n- .spec.revisionHistoryLimit',
    );
    expect(conflictCauses(conflicts.slice(0, 1))).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "you"', field: '.spec.minReadySeconds' },
    ]);
    const { object = {} } = applyServerSide({ ...request, force: true });
    expect(Object.keys(owners(object))).toEqual(['me']);
  });

  test('a field that another manager set to the same value is owned by both', () => {
    const config = daemonSet({ spec: { minReadySeconds: 5 } });
    const next = applied(applied(undefined, config, 'you'), config, 'me');
    expect(owners(next)).toEqual({
      me: { 'f:spec': { 'f:minReadySeconds': {} } },
      you: { 'f:spec': { 'f:minReadySeconds': {} } },
    });
  });

  test('an object from before tracking belongs to a stand-in', () => {
    const live = daemonSet({ spec: { minReadySeconds: 5 } });
    const config = daemonSet({ spec: { minReadySeconds: 6 } });
    const { conflicts = [] } = applyServerSide({
      live,
      applied: config,
      manager: 'me',
      force: false,
      schema,
      now: NOW,
    });
    expect(conflictMessage(conflicts)).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.minReadySeconds',
    );
  });

  test('fields that the schema does not know, and a configuration with managedFields, are refused', () => {
    expect(() => applied(undefined, daemonSet({ spec: { replicas: 3 } }), 'me')).toThrow(
      '.spec.replicas: field not declared in schema',
    );
    expect(() => applied(undefined, daemonSet(pods({ containers: [{ image: '1' }] })), 'me')).toThrow(
      '.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name"',
    );
    expect(() => applied(undefined, daemonSet({}, { managedFields: [] }), 'me')).toThrow(
      'metadata.managedFields must be nil',
    );
  });

  test('without a schema objects are owned field by field and lists whole', () => {
    const config = {
      apiVersion: 'e/v1',
      kind: 'Widget',
      metadata: { name: 'w' },
      spec: { parts: ['a'], deep: { x: 1 } },
    };
    const { object = {} } = applyServerSide({
      live: undefined,
      applied: config,
      manager: 'me',
      force: false,
      schema: undefined,
      now: NOW,
    });
    expect(owners(object)).toEqual({
      me: { 'f:spec': { '.': {}, 'f:deep': { '.': {}, 'f:x': {} }, 'f:parts': {} } },
    });
  });
});

describe('trackUpdate', () => {
  const empty = daemonSet({ spec: { template: { metadata: {}, spec: { containers: null } } } });

  test('a create owns what it added, new maps and structs included', () => {
    const after = daemonSet(
      pods({ containers: [{ name: 'a', image: '1' }], securityContext: { runAsUser: 0 } }),
      {
        labels: { app: 'x' },
      },
    );
    const object = trackUpdate({ before: empty, after, manager: 'kubectl-create', schema, now: NOW });
    expect(owners(object)).toEqual({
      'kubectl-create': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        'f:spec': {
          'f:template': {
            'f:spec': {
              'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
              'f:securityContext': { '.': {}, 'f:runAsUser': {} },
            },
          },
        },
      },
    });
  });

  test('an update takes what it changed, and removals go from all', () => {
    const spec = (minReadySeconds: number, more: JsonObject = {}) =>
      daemonSet({ spec: { minReadySeconds, ...more } });
    const live = applied(undefined, spec(5, { revisionHistoryLimit: 3 }), 'me');
    const object = trackUpdate({ before: live, after: spec(6), manager: 'edit', schema, now: LATER });
    expect(owners(object)).toEqual({ edit: { 'f:spec': { 'f:minReadySeconds': {} } } });
  });

  test('an update that changes nothing leaves owners and times alone', () => {
    const live = applied(undefined, daemonSet({ spec: { minReadySeconds: 5 } }), 'me');
    expect(trackUpdate({ before: live, after: live, manager: 'edit', schema, now: LATER })).toEqual(live);
  });

  test('fields that the endpoint resets are nobodys', () => {
    const after = daemonSet({ spec: { minReadySeconds: 1 }, status: { numberReady: 3 } });
    const object = trackUpdate({
      before: daemonSet({}),
      after,
      manager: 'm',
      schema,
      now: NOW,
      resetFields: [['status']],
    });
    expect(owners(object)).toEqual({ m: { 'f:spec': { '.': {}, 'f:minReadySeconds': {} } } });
  });
});

describe('takeOverClientSideApply', () => {
  const entry = (manager: string, operation: string, fieldsV1: Json) => ({
    manager,
    operation,
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1,
  });

  test('gives the client-side fields to the server-side manager, without the annotation', () => {
    const fields = {
      'f:metadata': { 'f:annotations': { 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
      'f:spec': { 'f:minReadySeconds': {} },
    };
    const others = entry('controller', 'Update', { 'f:status': { 'f:numberReady': {} } });
    expect(
      takeOverClientSideApply([entry('kubectl-client-side-apply', 'Update', fields), others], 'kubectl', NOW),
    ).toEqual([
      {
        ...entry('kubectl', 'Apply', { 'f:spec': { 'f:minReadySeconds': {} } }),
        time: '2026-01-01T00:00:00Z',
      },
      others,
    ]);
  });

  test('has nothing to do without client-side managers', () => {
    expect(
      takeOverClientSideApply([entry('kubectl', 'Apply', { 'f:spec': {} })], 'kubectl', NOW),
    ).toBeUndefined();
  });
});
