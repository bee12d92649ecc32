import { structuralSchema } from '../../src/registry/schema/custom-resource.ts';
import { withSchemaDefaults } from '../../src/registry/schema/structural-defaults.ts';
import { isObject } from '../../src/registry/schema/structural-schema.ts';
import { validateStructure } from '../../src/registry/schema/structural-validation.ts';
import { type ServedApp, servedApp } from '../unit/server/served-app.ts';
import { BrokenPromise, type Target } from './fuzz.ts';
import { readOrRefused } from './refusals.ts';
import { DAEMON_SET } from './samples.ts';

/** Requests that one store is kept for, so that lists in it stay short. */
const REQUESTS_PER_STORE = 1000;

let served: ServedApp | undefined;
let requests = 0;

function app(): ServedApp {
  if (served === undefined || requests >= REQUESTS_PER_STORE) {
    served?.feed.close();
    served = servedApp();
    requests = 0;
  }
  requests += 1;
  return served;
}

/** Sends a request whose answer must be the API's own: no fault of the server, and JSON where it says so. */
async function answer(method: string, target: string, body: string, type: string) {
  const headers = { accept: 'application/json', 'content-type': type };
  const answered = await app().call(method, target, body, headers);
  const { text, json } = answered;
  // Upstream answers a few patches that make no sense with 500 as well; faults of this server say so by their reason.
  if (json?.reason === 'InternalError')
    throw new BrokenPromise('no request ends in a fault of the server', text);
  if (answered.headers['content-type'] === 'application/json' && text !== '' && json === undefined) {
    throw new BrokenPromise('an answer in JSON is JSON', text);
  }
  return answered;
}

const POD =
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}';
const AT = '/apis/apps/v1/namespaces/default/daemonsets';

const SCHEMA_SEED = {
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['a'],
        properties: {
          a: { type: 'string', pattern: '^(a+)+$', minLength: 1, maxLength: 9, enum: ['aa', 'b'] },
          n: { type: 'integer', minimum: 1, maximum: 5, multipleOf: 2, format: 'int32', default: 2 },
          l: {
            type: 'array',
            items: { type: 'object', properties: { k: { type: 'string' } } },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['k'],
          },
          m: { type: 'object', additionalProperties: { type: 'boolean', nullable: true } },
          x: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
          o: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, not: { required: ['z'] } },
        },
      },
    },
  },
  object: { spec: { a: 'aa', n: 3, l: [{ k: 'a' }, { k: 'a' }], m: { t: null }, x: '5%', o: { z: 1 } } },
};

/** Reads what arrives at the server, from the request's line to the object that a schema of the user's own rules. */
export const SERVER_TARGETS: readonly Target[] = [
  {
    name: 'http',
    seeds: [
      'GET /api/v1/nodes?limit=5&labelSelector=a%3Db&fieldSelector=metadata.name%3Da&resourceVersion=1&resourceVersionMatch=Exact\n\n',
      `GET ${AT}/agent?pretty=true\n\n`,
      `POST ${AT}?fieldManager=x&fieldValidation=Strict&dryRun=All\napplication/json\n${JSON.stringify(DAEMON_SET)}`,
      `POST /api/v1/namespaces/default/pods\napplication/json\n${POD}`,
      `PATCH ${AT}/agent?force=true&fieldManager=x\napplication/apply-patch+yaml\n${JSON.stringify(DAEMON_SET)}`,
      `PATCH ${AT}/agent\napplication/strategic-merge-patch+json\n{"spec":{"minReadySeconds":3}}`,
      `PATCH ${AT}/agent/scale\napplication/json-patch+json\n[{"op":"add","path":"/spec","value":1}]`,
      `PUT ${AT}/agent/status\napplication/yaml\nstatus: {desiredNumberScheduled: 1}\n`,
      `DELETE ${AT}/agent?propagationPolicy=Foreground&gracePeriodSeconds=1\napplication/json\n{"preconditions":{"uid":"x"}}`,
      'GET /openapi/v3/apis/apps/v1?hash=x\n\n',
      'GET /api/v1/namespaces/default/pods/p/log?tailLines=5&sinceSeconds=1\n\n',
      'POST /api/v1/namespaces/default/pods/p/eviction\napplication/json\n{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"}}',
      'GET /apis\n\n',
      'GET /api/v1/watch/pods\n\n',
    ],
    words: [
      '/',
      '//',
      '/..',
      '..%2f..%2f',
      '%2e%2e',
      '%00',
      '%',
      '?',
      '&',
      '=',
      'limit=-1',
      'limit=1e99',
      'timeoutSeconds=x',
      'continue=eyJ2IjoibWV0YSJ9',
      'resourceVersion=junk',
      'labelSelector=%28',
      'fieldSelector=a',
      'status',
      'scale',
      'namespaces',
      'default',
      'DELETE',
      'PATCH',
      '\n',
      '{',
      '}',
      '"',
      'null',
      '[]',
      '"metadata":',
      '"name":"x"',
      '"spec":{}',
      '__proto__',
      'application/merge-patch+json',
      'application/vnd.kubernetes.protobuf',
    ],
    jsonFrom: (input) => input.indexOf('\n', input.indexOf('\n') + 1) + 1,
    async read(input) {
      const [line = '', type = '', ...body] = input.split('\n');
      const [method = '', target = ''] = line.split(' ');
      if (/[?&]watch=|\/watch\/|follow=/.test(target)) return false; // streams have tests of their own
      return (await answer(method, target, body.join('\n'), type)).status < 300;
    },
  },
  {
    name: 'crd-schema',
    seeds: [JSON.stringify(SCHEMA_SEED)],
    words: [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      'null',
      'true',
      '1',
      '-1',
      '1e400',
      '"type":"string"',
      '"type":"array"',
      '"items":',
      '"pattern":"("',
      '"pattern":"[^a]*$"',
      '"format":"date-time"',
      '"enum":[1]',
      '"default":{}',
      '"nullable":true',
      '"properties":{}',
      '"additionalProperties":',
      '"anyOf":[]',
      '"allOf":[{}]',
      '"not":{}',
      '"x-kubernetes-list-type":"set"',
      '"x-kubernetes-embedded-resource":true',
      '"uniqueItems":true',
      '"__proto__":',
    ],
    jsonFrom: () => 0,
    async read(input) {
      const given = readOrRefused(() => JSON.parse(input) as unknown, SyntaxError)?.value;
      if (!isObject(given)) return false;
      const definition = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'things.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'things', kind: 'Thing' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: given.schema } }],
        },
      };
      const at = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All';
      const { status, json } = await answer('POST', at, JSON.stringify(definition), 'application/json');
      if (status !== 201) return false;
      if (!isObject(given.object)) return true;
      const schema = structuralSchema(json.spec.versions[0].schema.openAPIV3Schema);
      const object = withSchemaDefaults(given.object, schema);
      if (isObject(object)) validateStructure(object, schema);
      return true;
    },
  },
];
