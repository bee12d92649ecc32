import { describe, expect, it } from 'vitest';
import type { KindRef } from '../../../../src/api/meta.ts';
import { StatusError } from '../../../../src/api/status.ts';
import { DAEMON_SET, POD } from '../../../../src/api/well-known.ts';
import { settleStrictErrors } from '../../../../src/registry/schema/bad-request.ts';
import { decodeObject } from '../../../../src/registry/schema/decode.ts';

const pod = (spec: object, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata, spec });

function refusal(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.status.reason}: ${error.message}`;
    throw error;
  }
  throw new Error('was not refused');
}

describe('decodeObject', () => {
  it('does not read again what the body has of an object that was decoded before, by identity', () => {
    const known = pod({ containers: [], colour: 'red' });
    const body = { ...known, metadata: { ...known.metadata, colour: 'red' } };
    const { object, strictErrors } = decodeObject(POD, body, 'Warn', known);
    expect((object as typeof known).spec).toBe(known.spec);
    expect(strictErrors).toEqual(['unknown field "metadata.colour"']);
  });

  it('gives back the very object that is in canonical form', () => {
    const canonical = {
      ...pod({ containers: [{ name: 'c', resources: { limits: { cpu: '100m' } } }] }),
      status: {},
    };
    expect(decodeObject(POD, canonical).object).toBe(canonical);
  });

  it('shares what it does not change', () => {
    const containers = [{ name: 'c', resources: {} }];
    const { object } = decodeObject(POD, pod({ containers, nodeName: '' }));
    expect((object as unknown as { spec: { containers: unknown } }).spec.containers).toBe(containers);
  });

  it('drops empty values that Go leaves out, and keeps those of pointers', () => {
    const given = {
      containers: [],
      nodeSelector: {},
      nodeName: '',
      hostPID: false,
      priority: 0,
      tolerations: [],
    };
    expect(decodeObject(POD, pod(given)).object).toMatchObject({ spec: { containers: null, priority: 0 } });
    expect(Object.keys((decodeObject(POD, pod(given)).object as unknown as { spec: object }).spec)).toEqual([
      'containers',
      'priority',
    ]);
  });

  it('adds empty values that Go always writes', () => {
    expect(decodeObject(POD, pod({ containers: [{}] })).object).toMatchObject({
      spec: { containers: [{ name: '', resources: {} }] },
      status: {},
    });
  });

  it('keeps empty lists of definitions, which are stored as JSON', () => {
    const kind: KindRef = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' };
    expect(decodeObject(kind, { spec: { versions: [] } }).object).toMatchObject({ spec: { versions: [] } });
  });

  it('fills in an absent apiVersion and kind', () => {
    expect(decodeObject(DAEMON_SET, { metadata: { name: 'x' } }).object).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
    });
  });

  it('keeps keys that are special to JavaScript', () => {
    const labels = JSON.parse('{"__proto__": "a", "constructor": "b"}') as object;
    const { metadata } = decodeObject(
      POD,
      pod({ containers: [], nodeName: '' }, { labels, name: '' }),
    ).object;
    expect(Object.entries(metadata.labels ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  it.each([
    [
      { apiVersion: 'v1', kind: 'Pod' },
      'the API version in the data (v1) does not match the expected API version (apps/v1)',
    ],
    [
      { apiVersion: 'apps/v1', kind: 'Foo' },
      'Foo in version "v1" cannot be handled as a DaemonSet: no kind "Foo" is registered for version "apps/v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      { apiVersion: 'a/b/c' },
      'the object provided is unrecognized (must be of type DaemonSet): couldn\'t get version/kind; json parse error: unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})',
    ],
    [
      { spec: { minReadySeconds: 'x', selector: 7 } },
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: json: cannot unmarshal string into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [
      { spec: { replicas: 1, template: { spec: { containers: [{ img: 'x' }] } } } },
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.replicas", unknown field "spec.template.spec.containers[0].img"',
    ],
  ])('refuses %j', (given, message) => {
    expect(refusal(() => decodeObject(DAEMON_SET, given))).toBe(`400 BadRequest: ${message}`);
  });

  it.each([null, undefined, 7, 'text', [], true])('refuses %j, which is no object', (given) => {
    expect(refusal(() => decodeObject(DAEMON_SET, given))).toMatch(
      /^400 BadRequest: the object provided is unrecog/,
    );
  });

  it('hands unknown fields on as warnings under Warn, and drops them', () => {
    const { object, strictErrors } = decodeObject(DAEMON_SET, { spec: { replicas: 1 } }, 'Warn');
    expect(strictErrors).toEqual(['unknown field "spec.replicas"']);
    expect(object).not.toHaveProperty('spec.replicas');
  });

  it('passes over unknown fields under Ignore', () => {
    expect(decodeObject(DAEMON_SET, { spec: { replicas: 1 } }, 'Ignore').strictErrors).toEqual([]);
  });

  it('puts a mismatch before unknown fields', () => {
    expect(refusal(() => decodeObject(POD, pod({ zzz: 1, nodeName: 7 })))).toContain(
      'cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string',
    );
  });

  it('takes whole numbers of any origin for integers', () => {
    const given = pod({ containers: [], priority: 5n });
    expect(decodeObject(POD, given).object).toMatchObject({ spec: { priority: 5 } });
  });
});

describe('settleStrictErrors', () => {
  it('joins unknown and duplicate fields into one refusal', () => {
    const errors = ['unknown field "spec.x"', 'duplicate field "spec.y"'];
    expect(refusal(() => settleStrictErrors(DAEMON_SET, errors, 'Strict'))).toBe(
      '400 BadRequest: DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.x", duplicate field "spec.y"',
    );
  });
});
