import type { Client, ResourceInfo } from '../api/client.ts';
import { builtinResources } from '../registry/schema/builtin-resources.ts';
import { CommandError } from './errors.ts';

/** What the arguments of a command ask for: all objects of a resource, or one by name. */
export interface Target {
  readonly resource: ResourceInfo;
  readonly name?: string;
}

function matches(resource: ResourceInfo, word: string): boolean {
  return resource.plural === word || resource.singular === word || resource.shortNames.includes(word);
}

function findAmong(resources: readonly ResourceInfo[], typed: string): ResourceInfo | undefined {
  const lower = typed.toLowerCase();
  const [word = '', ...rest] = lower.split('.');
  const plain = resources.filter((resource) => matches(resource, word));
  if (rest.length === 0) return plain.find((resource) => resource.group === '') ?? plain[0];
  const group = rest.join('.');
  const versioned = plain.find((one) => one.version === rest[0] && one.group === rest.slice(1).join('.'));
  return (
    versioned ?? plain.find((one) => one.group === group) ?? plain.find((one) => one.group.startsWith(group))
  );
}

/** Finds the resource that was typed (`ds`, `daemonsets`, `daemonset.apps`, `daemonsets.v1.apps`). Throws CommandError. */
async function findResource(client: Client, typed: string): Promise<ResourceInfo> {
  // Built-in names first: custom definitions need not be read for them.
  const found = findAmong(builtinResources(), typed) ?? findAmong(await client.resources(), typed);
  if (found === undefined) throw new CommandError(`the server doesn't have a resource type "${typed}"`);
  return found;
}

/** The resources behind `ds,nodes` or a category such as `all`. */
async function findResources(client: Client, typed: string): Promise<readonly ResourceInfo[]> {
  const found: ResourceInfo[] = [];
  for (const word of typed.split(',')) {
    if (word === '')
      throw new CommandError('arguments in resource/name form must have a single resource and name');
    const inCategory =
      word === 'all' ? (await client.resources()).filter((one) => one.categories.includes(word)) : [];
    if (inCategory.length > 0) found.push(...inCategory);
    else found.push(await findResource(client, word));
  }
  return found.filter(
    (one, at) => found.findIndex((other) => other.plural === one.plural && other.group === one.group) === at,
  );
}

/**
 * Reads `TYPE[,TYPE] [NAME …]` or `TYPE/NAME …` as kubectl does. Throws CommandError for unknown types and mixtures.
 */
export async function parseTargets(client: Client, args: readonly string[]): Promise<readonly Target[]> {
  const [types = '', ...names] = args;
  if (args.some((arg) => arg.includes('/'))) {
    const targets: Target[] = [];
    for (const arg of args) {
      const parts = arg.split('/');
      if (parts.length === 1) {
        throw new CommandError(
          `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kdaemon get resource/<resource_name>' instead of 'kdaemon get resource resource/<resource_name>'`,
        );
      }
      if (parts.length > 2 || parts.includes('')) {
        throw new CommandError('arguments in resource/name form may not have more than one slash');
      }
      targets.push({ resource: await findResource(client, parts[0] ?? ''), name: parts[1] ?? '' });
    }
    return targets;
  }
  const resources = await findResources(client, types);
  if (names.length === 0) return resources.map((resource) => ({ resource }));
  return resources.flatMap((resource) => names.map((name) => ({ resource, name })));
}
