import type { Client, WriteRequest } from '../api/client.ts';
import type { KubeObject } from '../api/meta.ts';
import { type Chosen, namesInArguments, readChosen, refuseArguments } from './chosen-objects.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import type { Flag } from './flags.ts';
import { attempt, fromManifests, type ReadyObject, readyObjects, send } from './manifest-objects.ts';
import { type DryRun, dryRunOf } from './output.ts';
import { parseTargets } from './resource-arguments.ts';

/** `--local`. */
export const localFlag: Flag = {
  name: 'local',
  type: 'bool',
  default: 'false',
  usage: 'If true, only the objects in the files are changed and printed; the cluster is not asked.',
};

/** `--all`. */
export const allFlag: Flag = {
  name: 'all',
  type: 'bool',
  default: 'false',
  usage: 'Select all objects of the given kinds in the namespace.',
};

/** `--field-manager` with the name that kubectl's command of the same name goes by. */
export const fieldManagerFlag = (manager: string): Flag => ({
  name: 'field-manager',
  type: 'string',
  default: manager,
  usage: 'Name of the manager used to track field ownership.',
});

/** What a command line asks to change. */
export interface Choice {
  /** As they are now; with `--local` as their files have them. */
  readonly objects: readonly Chosen[];
  /** Whether it names exactly one object. */
  readonly single: boolean;
}

/** How a command chooses. */
export interface ChoiceOptions {
  /** `TYPE NAME …`, without the changes that follow them on the command line. */
  readonly args: readonly string[];
  /** Whether the command has the flags `--all`, `-A` and selectors. */
  readonly selects: boolean;
  /** Whether a type without a name means all its objects. */
  readonly wholeTypes?: boolean;
}

/**
 * Finds and reads the objects that files, names or selectors ask for. Objects that can't be read go to `failures` and
 * the others follow. Throws CommandError, in kubectl's words, where arguments do not go together.
 */
export async function objectsToChange(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
  { args, selects, wholeTypes = false }: ChoiceOptions,
): Promise<Choice> {
  if (fromManifests(invocation.flags)) {
    refuseArguments(args);
    const objects = await objectsOfFiles(invocation, client, failures);
    return { objects, single: objects.length === 1 };
  }
  const targets = await parseTargets(client, args);
  const names = await namesInArguments(invocation, client, targets, {
    wholeTypes: wholeTypes || (selects && invocation.flags.bool(allFlag.name)),
    selects,
  });
  const objects = await readChosen(client, names, failures);
  return { objects, single: targets.length === 1 && targets[0]?.name !== undefined };
}

async function objectsOfFiles(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly Chosen[]> {
  const objects: Chosen[] = [];
  for await (const ready of readyObjects(client, invocation, failures, { validate: false })) {
    const { resource, namespace, name } = ready;
    await attempt(failures, async () => {
      const object = flagOr(invocation, localFlag.name)
        ? asWritten(ready)
        : await client.get(resource, { namespace, name });
      objects.push({ resource, namespace, name, object });
    });
  }
  return objects;
}

/** The object as its file has it: without the namespace that was put in. */
function asWritten({ object, hasOwnNamespace }: ReadyObject): KubeObject {
  if (hasOwnNamespace) return object;
  const { namespace: _added, ...rest } = object.metadata;
  return { ...object, metadata: rest };
}

/** A flag that not every command of this family declares. */
function flagOr({ flags }: Invocation, name: string): boolean {
  return flags.given(name) && flags.bool(name);
}

/** kubectl's refusal of a command line that names nothing. */
export function nothingNamed(): CommandError {
  return new CommandError(
    "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
  );
}

type PatchRequest = Omit<
  Extract<WriteRequest, { readonly verb: 'patch' }>,
  'verb' | 'kind' | 'key' | 'dryRun' | 'fieldValidation'
>;

/** Whether the cluster is to stay as it is, and is not even asked: `--dry-run=client` or `--local`. */
export function isClientSide(invocation: Invocation): boolean {
  return dryRunOf(invocation.flags) === 'client' || flagOr(invocation, localFlag.name);
}

/**
 * Patches one object and resolves to it; prints the server's warnings. Unknown fields are warned of, as they are for
 * clients that do not ask for more. Throws StatusError on a refusal.
 */
export async function sendPatch(
  { flags, context }: Invocation,
  client: Client,
  { resource, namespace, name }: Chosen,
  patch: PatchRequest,
): Promise<KubeObject> {
  const dryRun: DryRun = dryRunOf(flags);
  const outcome = await send(client, context, {
    ...patch,
    verb: 'patch',
    kind: resource,
    key: { namespace, name },
    dryRun: dryRun === 'server',
    fieldManager: patch.fieldManager ?? flags.string('field-manager'),
    fieldValidation: 'Warn',
  });
  return outcome.object;
}
