import type { Client, ResourceInfo } from '../../api/client.ts';
import { lookupType, type SchemaNode } from '../../registry/schema/schema-node.ts';
import { structuralNode } from '../../registry/schema/structural-node.ts';
import {
  fieldSchemaOf,
  isObject,
  type StructuralSchema,
  valueSchema,
} from '../../registry/schema/structural-schema.ts';
import { kindAt } from '../../server/served-kinds.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { bodyText, type Describe, headText, placeAt } from '../explain/schema-text.ts';

const FORMATS = ['plaintext', 'plaintext-openapiv2'];

/** `kdaemon explain`. */
export const command: CommandSpec = {
  name: 'explain',
  summary: 'Get documentation for a resource',
  description:
    'Describe the fields of a resource: their types, which values they take, and which of them must be there.\n\n A field is named by its path:\n\n        <type>.<fieldName>[.<fieldName>]\n\nUse "kdaemon api-resources" for a complete list of supported resources.',
  examples: [
    '# A kind and its fields',
    'kdaemon explain daemonsets',
    '',
    '# All fields at all depths',
    'kdaemon explain daemonsets --recursive',
    '',
    '# One field',
    'kdaemon explain ds.spec.updateStrategy',
  ],
  usage:
    'kdaemon explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2] [options]',
  flags: [
    {
      name: 'recursive',
      type: 'bool',
      default: 'false',
      usage:
        'If true, print the names of all fields at all depths; else those of one, with what they are for.',
    },
    {
      name: 'api-version',
      type: 'string',
      default: "''",
      usage: 'The group and version (group/version) to take the resource from.',
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'plaintext',
      usage: `The form of the answer. Both print the same. One of: (${FORMATS.join(', ')}).`,
    },
  ],
  run: explain,
};

async function explain({ flags, args, context }: Invocation): Promise<void> {
  const [asked, ...more] = args;
  if (asked === undefined) {
    throw new CommandError(
      'You must specify the type of resource to explain. Use "kdaemon api-resources" for a complete list of supported resources.',
    );
  }
  if (more.length > 0) throw new CommandError('We accept only this format: explain RESOURCE');
  const output = flags.string('output');
  if (!FORMATS.includes(output)) throw new CommandError(`unrecognized format: ${output}`);
  const client = await context.client();
  const { resource, path } = await resourceAndPath(client, asked, flags.string('api-version'));
  const schema = await schemaOf(client, resource);
  context.streams.out(headText(resource));
  const node = placeAt(schema.node, path);
  if ('missing' in node) throw new CommandError(`field ${JSON.stringify(node.missing)} does not exist`);
  context.streams.out(bodyText({ ...resource, path, node }, schema.describe, flags.bool('recursive')));
}

/** Reads `ds.spec.template`, and `daemonsets.apps.spec` with a group. Throws PlainError, CommandError. */
async function resourceAndPath(
  client: Client,
  asked: string,
  apiVersion: string,
): Promise<{ readonly resource: ResourceInfo; readonly path: readonly string[] }> {
  const parts = asked.split('.');
  if (parts.includes('')) {
    throw new CommandError('invalid jsonpath syntax, first node must be field node');
  }
  const [word = ''] = parts;
  const named = (await client.resources()).filter(
    ({ plural, singular, shortNames }) =>
      plural === word.toLowerCase() ||
      singular === word.toLowerCase() ||
      shortNames.includes(word.toLowerCase()),
  );
  const first = named.find(({ group }) => group === '') ?? named[0];
  if (first === undefined) {
    throw new PlainError(`the server doesn't have a resource type ${JSON.stringify(word)}`);
  }
  const grouped = named.find(({ group }) => group !== '' && `${asked}.`.startsWith(`${word}.${group}.`));
  const path = parts.slice(1 + (grouped === undefined ? 0 : grouped.group.split('.').length));
  const found = grouped ?? first;
  if (apiVersion === '') return { resource: found, path };
  const wanted = named.find(
    ({ group, version }) => (group === '' ? version : `${group}/${version}`) === apiVersion,
  );
  if (wanted === undefined) {
    const shown = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw new CommandError(`couldn't find resource for "${shown}, Resource=${found.plural}"`);
  }
  return { resource: wanted, path };
}

/** A kind's schema, and what is known of its fields. Throws CommandError for a kind that has no schema. */
async function schemaOf(
  client: Client,
  resource: ResourceInfo,
): Promise<{ readonly node: SchemaNode; readonly describe: Describe }> {
  const builtin = lookupType(resource);
  if (builtin !== undefined) return { node: builtin, describe: await builtinDescriptions(resource) };
  const kind = await kindAt(client, resource.group, resource.version, resource.plural);
  const schema = declaredSchema(kind?.definition, resource.version);
  if (schema === undefined) {
    const { group, version, plural } = resource;
    throw new CommandError(`GVR (${group}/${version}, Resource=${plural}) not found in OpenAPI schema`);
  }
  return { node: structuralNode(schema), describe: (path) => declaredDescription(schema, path) };
}

async function builtinDescriptions({ group, kind }: ResourceInfo): Promise<Describe> {
  if (group !== 'apps' || kind !== 'DaemonSet') return () => undefined;
  const { DAEMON_SET_DESCRIPTIONS } = await import('../explain/daemonset-descriptions.ts');
  return (path) => DAEMON_SET_DESCRIPTIONS.get(path.join('.'));
}

/** The schema that a definition has for one of its versions. */
function declaredSchema(definition: unknown, version: string): StructuralSchema | undefined {
  // A stored definition was validated against the schema that this shape is a part of.
  const { spec } = (definition ?? {}) as {
    readonly spec?: {
      readonly versions?: readonly {
        readonly name: string;
        readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
      }[];
    };
  };
  return spec?.versions?.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
}

function declaredDescription(root: StructuralSchema, path: readonly string[]): string | undefined {
  let schema: StructuralSchema | undefined = root;
  for (const name of path) {
    while (schema !== undefined && schema.properties === undefined) {
      schema = schema.items ?? valueSchema(schema);
    }
    const field: unknown = schema === undefined ? undefined : fieldSchemaOf(schema, name);
    schema = isObject(field) ? (field as StructuralSchema) : undefined; // a schema's fields are schemas
  }
  return schema?.description;
}
