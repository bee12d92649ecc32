import type { Client, ResourceInfo } from '../api/client.ts';
import { builtinResources } from '../registry/schema/builtin-resources.ts';
import { suggestions } from './did-you-mean.ts';
import { CommandError } from './errors.ts';

/** What the arguments of a command ask for: all objects of a resource, or one by name. */
export interface Target {
  readonly resource: ResourceInfo;
  readonly name?: string;
}

/** Finds the resource that was typed (`ds`, `daemonset.apps`, `daemonsets.v1.apps`). Throws CommandError. */
async function findResource(client: Client, typed: string): Promise<ResourceInfo> {
  // Built-in names first: custom definitions need not be read for them.
  const builtin = findAmong(builtinResources(), typed);
  if (builtin !== undefined) return builtin;
  const served = await client.resources();
  const found = findAmong(served, typed);
  if (found !== undefined) return found;
  const [word = ''] = typed.split('.');
  const message = `the server doesn't have a resource type ${JSON.stringify(word)}`;
  const names = new Set(served.flatMap(({ plural, shortNames }) => [plural, ...shortNames]));
  throw new CommandError(message, 1, word.length > 3 ? suggestions(word, [...names]) : []);
}

/** A resource in the core group wins over its namesakes elsewhere; a group may be cut short, a version left out. */
function findAmong(resources: readonly ResourceInfo[], typed: string): ResourceInfo | undefined {
  const [word = '', ...rest] = typed.toLowerCase().split('.');
  const named = resources.filter(
    ({ plural, singular, shortNames }) => plural === word || singular === word || shortNames.includes(word),
  );
  if (rest.length === 0) return named.find(({ group }) => group === '') ?? named[0];
  const [version, ...groupAfterVersion] = rest;
  const group = rest.join('.');
  return (
    named.find((one) => one.version === version && one.group === groupAfterVersion.join('.')) ??
    named.find((one) => one.group === group) ??
    named.find((one) => one.group.startsWith(group))
  );
}

/** The resources behind `ds,nodes`, or behind a category such as `all`. */
async function findResources(client: Client, typed: string): Promise<readonly ResourceInfo[]> {
  const found: ResourceInfo[] = [];
  for (const word of typed.split(',')) found.push(...(await resourcesBehind(client, word)));
  const isFirst = (one: ResourceInfo, at: number): boolean =>
    found.findIndex((other) => other.plural === one.plural && other.group === one.group) === at;
  return found.filter(isFirst);
}

async function resourcesBehind(client: Client, word: string): Promise<readonly ResourceInfo[]> {
  const inCategory = ({ categories }: ResourceInfo): boolean => categories.includes(word);
  if (!builtinResources().some(inCategory) && findAmong(builtinResources(), word) !== undefined) {
    return [await findResource(client, word)];
  }
  const members = (await client.resources()).filter(inCategory);
  return members.length > 0 ? members : [await findResource(client, word)];
}

/**
 * Reads `TYPE[,TYPE] [NAME …]` or `TYPE/NAME …` as kubectl does. Throws CommandError for unknown types and mixtures.
 */
export async function parseTargets(client: Client, args: readonly string[]): Promise<readonly Target[]> {
  if (args.some((arg) => arg.includes('/'))) {
    const targets: Target[] = [];
    for (const arg of args) targets.push(await parsePair(client, arg));
    return targets;
  }
  const [types = '', ...names] = args;
  const resources = await findResources(client, types);
  if (names.length === 0) return resources.map((resource) => ({ resource }));
  return resources.flatMap((resource) => names.map((name) => ({ resource, name })));
}

async function parsePair(client: Client, arg: string): Promise<Target> {
  const [type = '', name, ...more] = arg.split('/');
  if (name === undefined) {
    throw new CommandError(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kdaemon get resource/<resource_name>' instead of 'kdaemon get resource resource/<resource_name>'",
    );
  }
  if (more.length > 0) {
    throw new CommandError('arguments in resource/name form may not have more than one slash');
  }
  if (type === '' || name === '') {
    throw new CommandError('arguments in resource/name form must have a single resource and name');
  }
  return { resource: await findResource(client, type), name };
}
