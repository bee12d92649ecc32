import { subresourcesOf } from '../discovery/subresources.ts';
import type { DocumentedResource } from './document.ts';
import { type Dialect, reference, type Schema } from './schemas.ts';

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'];
const LIST_PARAMETERS = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const DELETE_PARAMETERS = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];

const INTEGERS: ReadonlySet<string> = new Set(['limit', 'timeoutSeconds', 'gracePeriodSeconds']);
const BOOLEANS: ReadonlySet<string> = new Set([
  'allowWatchBookmarks',
  'sendInitialEvents',
  'watch',
  'orphanDependents',
  'force',
]);

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly action: string;
  /** Verb of discovery without which the operation is not there. */
  readonly verb: string;
  readonly parameters: readonly string[];
}

const ON_COLLECTION: readonly Operation[] = [
  { method: 'get', action: 'list', verb: 'list', parameters: LIST_PARAMETERS },
  { method: 'post', action: 'post', verb: 'create', parameters: WRITE_PARAMETERS },
  {
    method: 'delete',
    action: 'deletecollection',
    verb: 'deletecollection',
    parameters: [...LIST_PARAMETERS, ...DELETE_PARAMETERS],
  },
];

const ON_OBJECT: readonly Operation[] = [
  { method: 'get', action: 'get', verb: 'get', parameters: [] },
  { method: 'put', action: 'put', verb: 'update', parameters: WRITE_PARAMETERS },
  { method: 'patch', action: 'patch', verb: 'patch', parameters: [...WRITE_PARAMETERS, 'force'] },
  { method: 'delete', action: 'delete', verb: 'delete', parameters: DELETE_PARAMETERS },
];

/** The paths of a resource, each with what can be done there. */
export function operations(resource: DocumentedResource, dialect: Dialect): [string, Schema][] {
  const { info } = resource;
  const root = info.group === '' ? `/api/${info.version}` : `/apis/${info.group}/${info.version}`;
  const collection = info.namespaced
    ? `${root}/namespaces/{namespace}/${info.plural}`
    : `${root}/${info.plural}`;
  const object = `${collection}/{name}`;
  const paths: [string, Schema][] = [
    [collection, pathItem(resource, ON_COLLECTION, info.verbs, collection, dialect)],
    [object, pathItem(resource, ON_OBJECT, info.verbs, object, dialect)],
  ];
  if (info.namespaced) {
    const all = `${root}/${info.plural}`;
    paths.push([all, pathItem(resource, ON_COLLECTION.slice(0, 1), info.verbs, all, dialect)]);
  }
  for (const { name, kind, verbs } of subresourcesOf(info)) {
    if (kind.version !== '' || kind.kind !== info.kind) continue;
    const path = `${object}/${name}`;
    paths.push([path, pathItem(resource, ON_OBJECT.slice(0, 3), verbs, path, dialect)]);
  }
  return paths.filter(([, item]) => Object.keys(item).some((key) => key !== 'parameters'));
}

function pathItem(
  { info, schema }: DocumentedResource,
  possible: readonly Operation[],
  verbs: readonly string[],
  path: string,
  dialect: Dialect,
): Schema {
  const { group, version, kind } = info;
  const rows = possible
    .filter(({ verb }) => verbs.includes(verb))
    .map(({ method, action, parameters }): [string, Schema] => [
      method,
      {
        operationId: operationId(action, path),
        ...parametersOf(method, parameters, schema, dialect),
        ...(dialect === 'v3' ? requestBody(method, schema) : {}),
        responses: { '200': response(action === 'list' ? `${schema}List` : schema, dialect) },
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group, kind, version },
      },
    ]);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path', dialect));
  return { ...Object.fromEntries(rows), ...(inPath.length === 0 ? {} : { parameters: inPath }) };
}

function operationId(action: string, path: string): string {
  const words = path.replaceAll(/[{}]/g, '').split(/[/.]/).filter(Boolean);
  return action + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parameter(name: string, place: 'query' | 'path', dialect: Dialect): Schema {
  const type = INTEGERS.has(name) ? 'integer' : BOOLEANS.has(name) ? 'boolean' : 'string';
  const base = { name, in: place, ...(place === 'path' ? { required: true } : {}) };
  return dialect === 'v2'
    ? { ...base, type, uniqueItems: true }
    : { ...base, schema: { type, uniqueItems: true } };
}

/** Whether a method sends a whole object. */
const sendsObject = (method: Operation['method']): boolean => method === 'post' || method === 'put';

function parametersOf(
  method: Operation['method'],
  names: readonly string[],
  schema: string,
  dialect: Dialect,
): Schema {
  const rows = names.map((name) => parameter(name, 'query', dialect));
  if (dialect === 'v2' && sendsObject(method)) {
    rows.unshift({ name: 'body', in: 'body', required: true, schema: { $ref: reference(schema, dialect) } });
  }
  return rows.length === 0 ? {} : { parameters: rows };
}

function requestBody(method: Operation['method'], schema: string): Schema {
  if (!sendsObject(method)) return {};
  const $ref = reference(schema, 'v3');
  return { requestBody: { content: { 'application/json': { schema: { $ref } } }, required: true } };
}

function response(schema: string, dialect: Dialect): Schema {
  const $ref = reference(schema, dialect);
  const description = 'OK';
  return dialect === 'v2'
    ? { description, schema: { $ref } }
    : { description, content: { 'application/json': { schema: { $ref } } } };
}
