import type { Client, ResourceInfo } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import { attempt, fromManifests, readyObjects } from './manifest-objects.ts';
import { parseTargets, type Target } from './resource-arguments.ts';
import { isSelecting, listSelected } from './selection.ts';

/** An object that a command line asks for, by name, and the object itself where it was read already. */
export interface ChosenName {
  readonly resource: ResourceInfo;
  readonly namespace: string;
  readonly name: string;
  /** Read when it came out of a list. */
  readonly object?: KubeObject;
  /** How kubectl names the manifest that it came from. */
  readonly source?: string;
}

/** An object that a command line asks for. */
export interface Chosen extends ChosenName {
  readonly object: KubeObject;
}

/** How a command takes `TYPE` without a name. */
export interface ChoiceRules {
  /** Whether all objects of a type are meant when no name and no selector is given. */
  readonly wholeTypes: boolean;
  /** Whether the flags select among a type's objects, so that none may be named; absent: a selector does. */
  readonly selecting?: boolean;
  /** False: the command has neither selectors nor `-A`. */
  readonly selects?: boolean;
}

/**
 * Finds what manifests, names or selectors ask for. Problems of single documents are collected in `failures`. Throws
 * CommandError, in kubectl's words, where arguments do not go together.
 */
export async function chosenNames(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
  rules: ChoiceRules,
): Promise<readonly ChosenName[]> {
  const { flags, args } = invocation;
  if (!fromManifests(flags))
    return namesInArguments(invocation, client, await parseTargets(client, args), rules);
  refuseArguments(args);
  const found: ChosenName[] = [];
  for await (const ready of readyObjects(client, invocation, failures, { validate: false })) {
    const { resource, namespace, name, source } = ready;
    found.push({ resource, namespace, name, source });
  }
  return found;
}

/** Throws kubectl's refusal of arguments beside manifests. */
export function refuseArguments(args: readonly string[]): void {
  if (args.length === 0) return;
  throw new CommandError(
    'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
  );
}

/** Finds what the arguments ask for, in their order. Throws as `chosenNames` does. */
export async function namesInArguments(
  invocation: Invocation,
  client: Client,
  targets: readonly Target[],
  { wholeTypes, selects = true, selecting = selects && isSelecting(invocation.flags) }: ChoiceRules,
): Promise<readonly ChosenName[]> {
  const { flags, context } = invocation;
  const found: ChosenName[] = [];
  for (const { resource, name } of targets) {
    const namespace = resource.namespaced ? context.namespace : '';
    if (name !== undefined) {
      if (selecting) throw new CommandError('name cannot be provided when a selector is specified');
      if (selects && flags.bool('all-namespaces') && resource.namespaced) {
        throw new CommandError('a resource cannot be retrieved by name across all namespaces');
      }
      found.push({ resource, namespace, name });
    } else if (!selecting && !wholeTypes) {
      throw new CommandError('resource(s) were provided, but no name was specified');
    } else {
      const objects = selects
        ? await listSelected(client, resource, invocation)
        : (await client.list(resource, { namespace })).items;
      for (const object of objects) {
        const { namespace: own = '', name: itsName = '' } = object.metadata;
        found.push({ resource, namespace: own, name: itsName, object });
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
