import type { Client, ResourceInfo } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import { attempt, manifestEntries, readyObject } from './manifest-objects.ts';
import { parseTargets } from './resource-arguments.ts';
import { listSelected } from './selection.ts';

/** An object that a command line asks for, by name, and the object itself where it was read already. */
export interface ChosenName {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** Read when it came out of a list. */
  readonly object?: KubeObject;
}

/** An object that a command line asks for. */
export interface Chosen extends ChosenName {
  readonly object: KubeObject;
}

/** How a command takes `TYPE` without a name. */
export interface ChoiceRules {
  /** Whether all objects of a type are meant when no name and no selector is given. */
  readonly wholeTypes: boolean;
}

/** Whether manifests say what is meant. */
export function fromManifests(flags: FlagValues): boolean {
  return flags.given('filename') || flags.given('kustomize');
}

/**
 * Finds what manifests, names or selectors ask for. Problems of single documents are collected in `failures`. Throws
 * CommandError, in kubectl's words, where arguments do not go together.
 */
export async function chosenNames(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
  { wholeTypes }: ChoiceRules,
): Promise<readonly ChosenName[]> {
  const { flags, args, context } = invocation;
  const found: ChosenName[] = [];
  if (fromManifests(flags)) {
    if (args.length > 0) {
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    }
    for await (const entry of manifestEntries(context, flags, { validate: false })) {
      const ready =
        entry.kind === 'problem'
          ? entry.message
          : await readyObject(client, context, entry.value, entry.source);
      if (typeof ready === 'string') failures.push(ready);
      else found.push({ resource: ready.resource, namespace: ready.namespace, name: ready.name });
    }
    return found;
  }
  const targets = await parseTargets(client, args);
  const selecting = flags.string('selector') !== '' || flags.string('field-selector') !== '';
  for (const { resource, name } of targets) {
    if (name !== undefined) {
      if (selecting) throw new CommandError('name cannot be provided when a selector is specified');
      if (flags.bool('all-namespaces') && resource.namespaced) {
        throw new CommandError('a resource cannot be retrieved by name across all namespaces');
      }
      found.push({ resource, namespace: resource.namespaced ? context.namespace : '', name });
    } else if (!selecting && !wholeTypes) {
      throw new CommandError('resource(s) were provided, but no name was specified');
    } else {
      for (const object of await listSelected(client, resource, invocation)) {
        const { namespace = '', name: own = '' } = object.metadata;
        found.push({ resource, namespace, name: own, object });
      }
    }
  }
  return found;
}

/** The objects behind names. Those that can't be read go to `failures`, and the others follow. */
export async function readChosen(
  client: Client,
  names: readonly ChosenName[],
  failures: (string | Error)[],
): Promise<readonly Chosen[]> {
  const found: Chosen[] = [];
  for (const one of names) {
    await attempt(failures, async () => {
      const { resource, namespace, name } = one;
      found.push({ ...one, object: one.object ?? (await client.get(resource, { namespace, name })) });
    });
  }
  return found;
}

/** What kubectl says on standard error when nothing was found. */
export function nothingFound({ flags, context }: Pick<Invocation, 'flags' | 'context'>): string {
  return flags.bool('all-namespaces')
    ? 'No resources found\n'
    : `No resources found in ${context.namespace} namespace.\n`;
}
