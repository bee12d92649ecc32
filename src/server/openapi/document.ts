import type { Client, ResourceInfo } from '../../api/client.ts';
import type { KubeObject } from '../../api/meta.ts';
import { versionsOf } from '../../registry/custom-resources/definition.ts';
import { builtinType } from '../../registry/schema/builtin-types.ts';
import { kindAt } from '../served-kinds.ts';
import { operations } from './paths.ts';
import { type Dialect, reference, type Schema, SchemaCollector } from './schemas.ts';

/** A resource with the name of the schema of its kind in a document. */
export interface DocumentedResource {
  readonly info: ResourceInfo;
  readonly schema: string;
}

const META = 'meta/v1.ObjectMeta';

/** No kind holds this struct, so the schema of the kinds does not have it. */
const LIST_META_NAME = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';
const LIST_META: Schema = {
  type: 'object',
  properties: {
    continue: { type: 'string' },
    remainingItemCount: { type: 'integer', format: 'int64' },
    resourceVersion: { type: 'string' },
    selfLink: { type: 'string' },
  },
};

/** The OpenAPI document of some resources: paths, and the schemas of their kinds. */
export async function openApiDocument(
  client: Client,
  resources: readonly ResourceInfo[],
  dialect: Dialect,
  version: string,
): Promise<unknown> {
  const collector = new SchemaCollector(dialect);
  const documented: DocumentedResource[] = [];
  for (const info of resources) {
    const schema = await addKind(client, collector, info, dialect);
    if (schema !== undefined) documented.push({ info, schema });
  }
  const paths = Object.fromEntries(documented.flatMap((one) => operations(one, dialect)));
  const info = { title: 'Kubernetes', version };
  return dialect === 'v2'
    ? { swagger: '2.0', info, paths, definitions: collector.all() }
    : { openapi: '3.0.0', info, paths, components: { schemas: collector.all() } };
}

async function addKind(
  client: Client,
  collector: SchemaCollector,
  info: ResourceInfo,
  dialect: Dialect,
): Promise<string | undefined> {
  const { group, version, kind } = info;
  const extensions = { 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
  const type = builtinType(info);
  if (type?.structName !== undefined) {
    const name = collector.addStruct(type.structName, extensions);
    addList(collector, name, info, dialect);
    return name;
  }
  const served = await kindAt(client, group, version, info.plural);
  if (served?.definition === undefined) return undefined;
  const name = `${group.split('.').reverse().join('.')}.${version}.${kind}`;
  const metadata = { $ref: reference(collector.addStruct(META), dialect) };
  collector.add(name, { ...customSchema(served.definition, version, metadata), ...extensions });
  addList(collector, name, info, dialect);
  return name;
}

function addList(
  collector: SchemaCollector,
  name: string,
  { group, version, kind }: ResourceInfo,
  dialect: Dialect,
): void {
  collector.add(LIST_META_NAME, LIST_META);
  const metadata = { $ref: reference(LIST_META_NAME, dialect) };
  collector.add(`${name}List`, {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: { $ref: reference(name, dialect) } },
      kind: { type: 'string' },
      metadata,
    },
    'x-kubernetes-group-version-kind': [{ group, kind: `${kind}List`, version }],
  });
}

/** The schema that a definition declares, with the fields that every object has. */
function customSchema(definition: KubeObject, version: string, metadata: Schema): Schema {
  const declared = versionsOf(definition).find(({ name }) => name === version)?.schema;
  // A definition's schema was validated when the definition was stored.
  const schema = (declared ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }) as Schema & {
    readonly properties?: Schema;
  };
  return {
    ...schema,
    properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata },
  };
}
