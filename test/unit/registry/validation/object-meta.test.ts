import { describe, expect, test } from 'vitest';
import type { ObjectMeta } from '../../../../src/api/meta.ts';
import { CONTROLLER_REVISION, DAEMON_SET, NODE } from '../../../../src/api/well-known.ts';
import { fieldErrorText } from '../../../../src/registry/validation/field-error.ts';
import {
  validateCreate,
  validateStatusUpdate,
  validateUpdate,
} from '../../../../src/registry/validation/validate.ts';

const NAMED = { name: 'x', namespace: 'default' };
const OWNER = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'a', uid: 'u', controller: true };
const CUSTOM = { group: 'example.com', version: 'v1', kind: 'Widget' };

const revision = (metadata: ObjectMeta) => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata,
  data: {},
  revision: 1,
});

function created(metadata: ObjectMeta): readonly string[] {
  return validateCreate(CONTROLLER_REVISION, revision(metadata), { namespaced: true }).map(fieldErrorText);
}

function updated(next: ObjectMeta, previous: ObjectMeta): readonly string[] {
  return validateUpdate(CONTROLLER_REVISION, revision(next), revision(previous)).map(fieldErrorText);
}

describe('metadata of a new object', () => {
  const rows: readonly (readonly [string, ObjectMeta, readonly string[]])[] = [
    ['is fine with a name', NAMED, []],
    ['needs a namespace', { name: 'x' }, ['metadata.namespace: Required value']],
    [
      'needs a namespace that is a label',
      { name: 'x', namespace: 'a.b' },
      ['metadata.namespace: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'may have standard finalizers and those with a domain',
      { ...NAMED, finalizers: ['orphan', 'a.b/c'] },
      [],
    ],
    [
      'may have no other finalizers',
      { ...NAMED, finalizers: ['mine'] },
      [
        'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
      ],
    ],
    [
      'cannot ask for both deletion policies',
      { ...NAMED, finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      'names whole owners',
      { ...NAMED, ownerReferences: [{ apiVersion: 'apps/', kind: '', name: '', uid: '' }] },
      [
        'metadata.ownerReferences.apiVersion: Invalid value: "apps/": version must not be empty',
        'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
        'metadata.ownerReferences.name: Invalid value: "": must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      ],
    ],
    [
      'has one controller',
      { ...NAMED, ownerReferences: [OWNER, { ...OWNER, name: 'b', uid: 'v' }] },
      [
        'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"DaemonSet","name":"a","uid":"u","controller":true},{"apiVersion":"apps/v1","kind":"DaemonSet","name":"b","uid":"v","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for DaemonSet/a and DaemonSet/b',
      ],
    ],
    [
      'has at most 256 KiB of annotations',
      { ...NAMED, annotations: { a: 'x'.repeat(262144) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
    [
      'may have upper case in the domain of an annotation',
      { ...NAMED, annotations: { 'Example.com/a': '' } },
      [],
    ],
    [
      'has no negative generation',
      { ...NAMED, generation: -1 },
      ['metadata.generation: Invalid value: -1: must be greater than or equal to 0'],
    ],
  ];
  test.for(rows)('%s', ([, metadata, errors]) => {
    expect(created(metadata)).toEqual(errors);
  });

  test('has no namespace where the kind has none', () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: NAMED };
    expect(validateCreate(NODE, node, { namespaced: false }).map(fieldErrorText)).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });

  test('of a kind that nobody knows gets the same checks, but any finalizer', () => {
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { ...NAMED, name: 'X', finalizers: ['mine'] },
    };
    const errors = validateCreate(CUSTOM, widget, { namespaced: true });
    expect(errors.map((error) => error.field)).toEqual(['metadata.name']);
  });
});

describe('metadata of an update', () => {
  const stored: ObjectMeta = { ...NAMED, uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', generation: 3 };
  const rows: readonly (readonly [string, ObjectMeta, ObjectMeta, readonly string[]])[] = [
    ['may change labels', { ...stored, labels: { a: 'b' } }, stored, []],
    [
      'keeps the name',
      { ...stored, name: 'y' },
      stored,
      ['metadata.name: Invalid value: "y": field is immutable'],
    ],
    [
      'keeps the UID',
      { ...stored, uid: 'x' },
      stored,
      ['metadata.uid: Invalid value: "x": field is immutable'],
    ],
    [
      'keeps the creation time',
      { ...stored, creationTimestamp: '2026-01-02T00:00:00Z' },
      stored,
      ['metadata.creationTimestamp: Invalid value: "2026-01-02T00:00:00Z": field is immutable'],
    ],
    [
      'counts generations upwards',
      { ...stored, generation: 2 },
      stored,
      ['metadata.generation: Invalid value: 2: must not be decremented'],
    ],
    [
      'adds no finalizer to an object that is being deleted',
      { ...stored, deletionTimestamp: 'T', finalizers: ['a/b', 'a/a'] },
      { ...stored, deletionTimestamp: 'T', finalizers: ['a/b'] },
      [
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/a"}',
      ],
    ],
    [
      'may take finalizers away from an object that is being deleted',
      { ...stored, deletionTimestamp: 'T' },
      { ...stored, deletionTimestamp: 'T', finalizers: ['a/b'] },
      [],
    ],
  ];
  test.for(rows)('%s', ([, next, previous, errors]) => {
    expect(updated(next, previous)).toEqual(errors);
  });

  test('is checked when only the status is written, too', () => {
    const set = (metadata: ObjectMeta) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      status: {},
    });
    const errors = validateStatusUpdate(DAEMON_SET, set({ ...stored, uid: 'x' }), set(stored));
    expect(errors.map(fieldErrorText)).toEqual(['metadata.uid: Invalid value: "x": field is immutable']);
  });
});
