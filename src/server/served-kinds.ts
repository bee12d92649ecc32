import type { Client, ResourceInfo } from '../api/client.ts';
import type { KindRef } from '../api/meta.ts';
import { builtinKind } from '../registry/builtin-kinds.ts';
import { customKind } from '../registry/custom-resources/custom-kind.ts';
import { groupOf, namesOf } from '../registry/custom-resources/definition.ts';
import { builtinResources } from '../registry/schema/builtin-resources.ts';
import type { ServedKind } from '../registry/served-kind.ts';

const DEFINITION: KindRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
};

let builtinByPath: ReadonlyMap<string, ResourceInfo> | undefined;

function builtinAt(group: string, version: string, resource: string): ResourceInfo | undefined {
  builtinByPath ??= new Map(
    builtinResources().map((info) => [`${info.group}/${info.version}/${info.plural}`, info]),
  );
  return builtinByPath.get(`${group}/${version}/${resource}`);
}

/** The kind that is served at a path, built in or custom; undefined when there is none. */
export async function kindAt(
  client: Client,
  group: string,
  version: string,
  resource: string,
): Promise<ServedKind | undefined> {
  const info = builtinAt(group, version, resource);
  if (info !== undefined) return builtinKind(info) ?? undefined;
  if (!group.includes('.')) return undefined;
  const { items } = await client.list(DEFINITION);
  const definition = items.find((one) => groupOf(one) === group && namesOf(one).plural === resource);
  return definition === undefined ? undefined : customKind(definition, version);
}

/** The kind of a kind's lists. */
export function listKindOf(kind: ServedKind): string {
  return kind.definition === undefined ? `${kind.ref.kind}List` : namesOf(kind.definition).listKind;
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf({ group, version }: Pick<KindRef, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}
