import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { DAEMON_SET } from '../../../../src/api/well-known.ts';
import { PatchError } from '../../../../src/domain/patch/patch-error.ts';
import { applyStrategicMergePatch } from '../../../../src/domain/patch/strategic/apply.ts';
import { lookupType } from '../../../../src/registry/schema/schema-node.ts';

const schema = lookupType(DAEMON_SET)?.field('spec')?.field('template');
const apply = (doc: Json, patch: Json) => applyStrategicMergePatch(doc, patch, schema);

function refusal(doc: Json, patch: Json): PatchError {
  try {
    apply(doc, patch);
  } catch (error) {
    if (error instanceof PatchError) return error;
    throw error;
  }
  throw new Error('the patch was applied');
}

const three = { spec: { containers: [{ name: 'a', image: '1' }, { name: 'b' }, { name: 'c' }] } };

describe('lists with a merge key', () => {
  test('merge item by item', () => {
    expect(apply(three, { spec: { containers: [{ name: 'b', image: '2' }] } })).toEqual({
      spec: { containers: [{ name: 'a', image: '1' }, { name: 'b', image: '2' }, { name: 'c' }] },
    });
  });

  test('take new items in front of those that the patch does not name', () => {
    expect(apply(three, { spec: { containers: [{ name: 'new' }] } })).toEqual({
      spec: { containers: [{ name: 'new' }, ...three.spec.containers] },
    });
  });

  test('put named items in the order of the patch', () => {
    const patch = { spec: { containers: [{ name: 'c' }, { name: 'a' }] } };
    expect(apply(three, patch)).toEqual({
      spec: { containers: [{ name: 'b' }, { name: 'c' }, { name: 'a', image: '1' }] },
    });
  });

  test('follow $setElementOrder', () => {
    const order = ['c', 'b', 'a'].map((name) => ({ name }));
    expect(apply(three, { spec: { '$setElementOrder/containers': order } })).toEqual({
      spec: { containers: [{ name: 'c' }, { name: 'b' }, { name: 'a', image: '1' }] },
    });
  });

  test('refuse a $setElementOrder that does not fit the list', () => {
    const patch = {
      spec: {
        '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }],
        containers: [{ name: 'b' }, { name: 'a' }],
      },
    };
    expect(refusal(three, patch).message).toBe(
      "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder/containers list:\n" +
        '[map[name:a] map[name:b]]\n',
    );
  });

  test('lose deleted items, and are replaced on demand', () => {
    expect(apply(three, { spec: { containers: [{ name: 'b', $patch: 'delete' }] } })).toEqual({
      spec: { containers: [{ name: 'a', image: '1' }, { name: 'c' }] },
    });
    expect(
      apply(three, { spec: { containers: [{ $patch: 'replace' }, { name: 'y' }, { name: 'x' }] } }),
    ).toEqual({
      spec: { containers: [{ name: 'y' }, { name: 'x' }] },
    });
  });

  test('need the merge key on every item', () => {
    const error = refusal(three, { spec: { containers: [{ image: 'nameless' }] } });
    expect(error.reason).toBe('InternalError');
    expect(error.message).toBe('map: map[image:nameless] does not contain declared merge key: name');
  });

  test('know no other directives', () => {
    expect(refusal(three, { spec: { containers: [{ name: 'a', $patch: 'merge' }] } }).message).toBe(
      'merging lists cannot yet be specified in the patch',
    );
    expect(refusal(three, { spec: { $patch: 'bogus' } }).message).toBe(
      'unknown patch type: bogus in map: map[$patch:bogus]',
    );
  });
});

describe('lists of scalars with strategy merge', () => {
  const doc = { metadata: { finalizers: ['a', 'b', 'c'] } };

  test('grow without doubles', () => {
    expect(apply(doc, { metadata: { finalizers: ['b', 'd'] } })).toEqual({
      metadata: { finalizers: ['a', 'b', 'd', 'c'] },
    });
  });

  test('shrink by $deleteFromPrimitiveList', () => {
    expect(apply(doc, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a', 'c'] } })).toEqual({
      metadata: { finalizers: ['b'] },
    });
  });

  test('can be reordered while they shrink', () => {
    const patch = {
      metadata: {
        '$setElementOrder/finalizers': ['c', 'a'],
        '$deleteFromPrimitiveList/finalizers': ['b'],
      },
    };
    expect(apply(doc, patch)).toEqual({ metadata: { finalizers: ['c', 'a'] } });
  });
});

describe('other fields', () => {
  test('lists without a merge key are replaced', () => {
    const doc = { spec: { tolerations: [{ key: 'a' }, { key: 'b' }] } };
    expect(apply(doc, { spec: { tolerations: [{ operator: 'Exists' }] } })).toEqual({
      spec: { tolerations: [{ operator: 'Exists' }] },
    });
  });

  test('$retainKeys removes the others, and the patch may set no key beside', () => {
    const doc = { spec: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } };
    const patch = { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'emptyDir'], emptyDir: {} }] } };
    expect(apply(doc, patch)).toEqual({ spec: { volumes: [{ name: 'v', emptyDir: {} }] } });
    const beside = { spec: { volumes: [{ name: 'v', $retainKeys: ['name'], emptyDir: {} }] } };
    expect(refusal(doc, beside).reason).toBe('BadRequest');
  });

  test('$patch: replace and delete work on objects', () => {
    const doc = { spec: { nodeSelector: { a: '1', b: '2' } } };
    expect(apply(doc, { spec: { nodeSelector: { $patch: 'replace', c: '3' } } })).toEqual({
      spec: { nodeSelector: { c: '3' } },
    });
    expect(apply(doc, { spec: { nodeSelector: { $patch: 'delete' } } })).toEqual({
      spec: { nodeSelector: {} },
    });
  });

  test('directives and nulls do not get into what is new', () => {
    const patch = { spec: { securityContext: { $patch: 'replace', runAsUser: 0, fsGroup: null } } };
    expect(apply({ spec: {} }, patch)).toEqual({ spec: { securityContext: { runAsUser: 0 } } });
  });
});
