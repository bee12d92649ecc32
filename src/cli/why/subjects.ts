import type { DaemonSet } from '../../api/apps.ts';
import type { Client } from '../../api/client.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import { DAEMON_SET, NODE } from '../../api/well-known.ts';
import { builtinKind } from '../../registry/builtin-kinds.ts';
import { invalidStatus } from '../../registry/validation/field-error.ts';
import { chosenNames, readChosen } from '../chosen-objects.ts';
import type { Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { findObject } from '../find-object.ts';
import {
  attempt,
  forCreation,
  fromManifests,
  type ReadyObject,
  readyObjects,
  send,
  withSource,
} from '../manifest-objects.ts';
import { parseTargets } from '../resource-arguments.ts';

/** A DaemonSet that is asked about. */
export interface Subject {
  readonly daemonSet: DaemonSet;
  /** Set for one out of a manifest; `live` is the one of its name in the cluster. */
  readonly manifest?: { readonly live?: DaemonSet };
}

/** What a command line asks. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Names of the nodes that are asked about; empty: all of them. */
  readonly nodeNames: readonly string[];
}

/**
 * Reads `ds NAME …`, `ds/NAME …`, `-l`, `-A` or `-f`, with `node/NAME …` anywhere between; nodes alone ask about every
 * DaemonSet. Problems of single objects go to `failures`. Throws CommandError where arguments do not go together.
 */
export async function subjectsOf(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<Subjects> {
  const { nodeNames, rest } = await splitNodes(invocation.args, client);
  if (fromManifests(invocation.flags)) {
    if (rest.length > 0) {
      throw new CommandError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well; only node/NAME may stand beside -f',
      );
    }
    return { subjects: await manifestSubjects(invocation, client, failures), nodeNames };
  }
  const args = rest.length === 0 && nodeNames.length > 0 ? ['daemonsets'] : rest;
  for (const { resource } of await parseTargets(client, args)) {
    if (resource.group !== DAEMON_SET.group || resource.kind !== DAEMON_SET.kind) {
      throw new CommandError(`why is about daemonsets and nodes, not about ${resource.plural}`);
    }
  }
  const names = await chosenNames({ ...invocation, args }, client, failures, { wholeTypes: true });
  const chosen = await readChosen(client, names, failures);
  // The kind was looked at above.
  return { subjects: chosen.map(({ object }) => ({ daemonSet: object as DaemonSet })), nodeNames };
}

/** Takes `node/NAME` out of the arguments. */
async function splitNodes(
  args: readonly string[],
  client: Client,
): Promise<{ readonly nodeNames: readonly string[]; readonly rest: readonly string[] }> {
  const nodeNames: string[] = [];
  const rest: string[] = [];
  for (const arg of args) {
    const [target] = arg.includes('/') ? await parseTargets(client, [arg]) : [];
    const isNode = target?.resource.group === NODE.group && target.resource.kind === NODE.kind;
    if (isNode && target.name !== undefined) nodeNames.push(target.name);
    else rest.push(arg);
  }
  return { nodeNames: [...new Set(nodeNames)], rest };
}

/** The DaemonSets of manifests, as the API would admit them; objects of other kinds are passed over. */
async function manifestSubjects(
  invocation: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  const rules = { validate: true, wants: (kind: string) => kind === DAEMON_SET.kind };
  for await (const ready of readyObjects(client, invocation, failures, rules)) {
    await attempt(failures, async () => {
      subjects.push(await admitted(invocation, client, ready));
    });
  }
  if (subjects.length === 0 && failures.length === 0)
    throw new CommandError('no DaemonSet in what was given with -f');
  return subjects;
}

/** What a create, or a replacement of the live one, would make of the object, without doing it. */
async function admitted({ context }: Invocation, client: Client, ready: ReadyObject): Promise<Subject> {
  const key = { namespace: ready.namespace, name: ready.name };
  const live = ready.name === '' ? undefined : await findObject(client, DAEMON_SET, key);
  const object = forCreation(ready.object);
  const shared = { kind: DAEMON_SET, object, dryRun: true } as const;
  try {
    const { object: result } = await send(
      client,
      context,
      live === undefined
        ? { ...shared, verb: 'create', namespace: ready.namespace }
        : { ...shared, verb: 'update', key },
    );
    // A request about a DaemonSet is answered with one.
    return { daemonSet: result as DaemonSet, manifest: live === undefined ? {} : { live } };
  } catch (error) {
    // The namespace may well be in the same manifest, or be made later: all but admission can be done without it.
    if (hasReason(error, 'NotFound') && live === undefined) {
      return { daemonSet: defaulted(object as DaemonSet), manifest: {} };
    }
    throw withSource(error, live === undefined ? 'creating' : 'replacing', ready.source);
  }
}

function defaulted(given: DaemonSet): DaemonSet {
  const kind = builtinKind(DAEMON_SET);
  if (kind === null) throw new Error('DaemonSets are built in');
  const object = kind.applyDefaults(kind.decode(given, 'Strict').object);
  const errors = kind.validateCreate(object);
  if (errors.length > 0) {
    throw new StatusError(invalidStatus(DAEMON_SET, object.metadata.name ?? '', errors));
  }
  return object as DaemonSet; // decoded as one
}
