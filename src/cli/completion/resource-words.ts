import type { Client, ResourceInfo } from '../../api/client.ts';
import type { Context } from '../context.ts';
import { parseTargets } from '../resource-arguments.ts';
import type { Candidate } from './complete.ts';

/** Commands whose arguments are a resource and names of objects. */
const ON_OBJECTS = new Set([
  'annotate',
  'apply edit-last-applied',
  'apply view-last-applied',
  'delete',
  'describe',
  'edit',
  'get',
  'label',
  'patch',
  'scale',
  'set env',
  'set image',
  'set resources',
  'wait',
  'why',
]);
/** The resource that a command's only arguments are names of. */
const ON_NODES = new Set(['cordon', 'drain', 'uncordon']);
/** Resources that can be rolled out. */
const ROLLOUTS = ['daemonsets', 'deployments', 'statefulsets'];
const SHELLS = ['bash', 'fish', 'zsh'];

/** What may stand behind the arguments of a command. `path`: `rollout status`. */
export async function argumentCandidates(
  path: string,
  args: readonly string[],
  last: string,
  openContext: () => Context,
): Promise<readonly Candidate[]> {
  if (path === 'completion') return args.length === 0 ? SHELLS.map((word) => ({ word })) : [];
  const isRollout = path.startsWith('rollout ');
  if (!ON_OBJECTS.has(path) && !ON_NODES.has(path) && path !== 'explain' && path !== 'taint' && !isRollout) {
    return [];
  }
  const context = openContext();
  try {
    const client = await context.client();
    const words = await wordsFor(path, args, last, { client, namespace: context.namespace });
    return words.map((word) => ({ word }));
  } finally {
    await context.close();
  }
}

interface Place {
  readonly client: Client;
  readonly namespace: string;
}

async function wordsFor(
  path: string,
  args: readonly string[],
  last: string,
  place: Place,
): Promise<readonly string[]> {
  const [type] = args;
  if (ON_NODES.has(path)) return namesOf('nodes', args, place);
  if (path === 'taint') return type === undefined ? ['nodes'] : namesOf('nodes', args.slice(1), place);
  if (type === undefined && !last.includes('/')) return typeWords(path, place.client);
  if (path === 'explain') return [];
  if (type !== undefined && !type.includes('/') && !last.includes('/')) {
    return namesOf(type, args.slice(1), place);
  }
  const [word = ''] = last.split('/');
  if (!last.includes('/')) return [];
  const given = args.filter((arg) => arg.startsWith(`${word}/`)).map((arg) => arg.slice(word.length + 1));
  return (await namesOf(word, given, place)).map((name) => `${word}/${name}`);
}

async function typeWords(path: string, client: Client): Promise<readonly string[]> {
  if (path.startsWith('rollout ')) return ROLLOUTS;
  if (path === 'why') return ['daemonsets', 'nodes'];
  const resources = (await client.resources()).filter(({ verbs }) => verbs.includes('list'));
  return [...new Set(resources.map(typeWord))].sort();
}

const typeWord = ({ plural, group }: ResourceInfo): string => (group === '' ? plural : `${plural}.${group}`);

/** Names of objects that were not given yet. */
async function namesOf(
  type: string,
  given: readonly string[],
  { client, namespace }: Place,
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { resource } of await parseTargets(client, [type])) {
    const { items } = await client.list(resource, { namespace: resource.namespaced ? namespace : '' });
    for (const { metadata } of items) names.add(metadata.name ?? '');
  }
  return [...names].filter((name) => !given.includes(name));
}
