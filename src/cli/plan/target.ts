import type { KubeObject, ObjectKey } from '../../api/meta.ts';
import { DAEMON_SET } from '../../api/well-known.ts';
import { forkCluster } from '../../sim/fork.ts';
import type { PlannedChange } from '../../sim/rollout-run.ts';
import type { Invocation } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import { fromManifests, type ReadyObject, readyObject, readyObjects } from '../manifest-objects.ts';
import { failureOf, readManifests } from '../manifests.ts';
import { parseTargets } from '../resource-arguments.ts';
import { applying, settingImages, undoing } from './changes.ts';

/** The DaemonSet that a plan is about, and what is done to it at once. */
export interface PlanTarget {
  readonly key: ObjectKey;
  readonly changes: readonly PlannedChange[];
}

/** Kinds in manifests that matter to a rollout; everything else in them is left alone. */
const planned: ReadonlySet<string> = new Set(['DaemonSet', 'Namespace', 'PriorityClass']);

/**
 * What the command line asks for: `-f FILE`, `ds/NAME` with `--set-image` or `--undo`, or `ds/NAME` alone. Throws
 * CommandError where that does not go together.
 */
export async function planTarget(
  invocation: Invocation,
  cluster: readonly KubeObject[],
): Promise<PlanTarget> {
  const { flags, args, commandPath } = invocation;
  const named = await namedDaemonSet(invocation, cluster);
  const ways = ['filename', 'set-image', 'undo'].filter((name) =>
    name === 'undo' ? flags.bool(name) : flags.given(name),
  );
  if (ways.length > 1)
    throw new CommandError(
      `--${ways[0]} and --${ways[1]} cannot be specified together; --then adds a later change`,
    );
  if (flags.given('to-revision') && !flags.bool('undo')) throw new CommandError('--to-revision needs --undo');
  if (fromManifests(flags)) return manifestTarget(invocation, named);
  if (named === undefined) {
    if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
    throw misuse(commandPath, 'must specify -f FILENAME or a DaemonSet such as ds/NAME');
  }
  if (flags.given('set-image'))
    return { key: named, changes: [settingImages(named, imagesIn(flags.strings('set-image')), 0)] };
  if (flags.bool('undo')) return { key: named, changes: [undoing(named, flags.int('to-revision'), 0)] };
  return { key: named, changes: [] };
}

async function namedDaemonSet(
  { args, context }: Invocation,
  cluster: readonly KubeObject[],
): Promise<ObjectKey | undefined> {
  if (args.length === 0) return undefined;
  const { client } = await forkCluster([], context);
  const [target, ...more] = await parseTargets(client, args);
  if (target === undefined || more.length > 0) throw new CommandError('a plan is about one DaemonSet');
  if (target.resource.kind !== DAEMON_SET.kind || target.resource.group !== DAEMON_SET.group)
    throw new CommandError(`a plan is about a DaemonSet, not about ${target.resource.plural}`);
  const { namespace } = context;
  if (target.name !== undefined) return { namespace, name: target.name };
  const own = cluster.filter(
    ({ kind, metadata }) => kind === 'DaemonSet' && metadata.namespace === namespace,
  );
  const [only] = own;
  if (own.length === 1 && only !== undefined) return { namespace, name: only.metadata.name ?? '' };
  throw new CommandError(
    own.length === 0
      ? `there is no DaemonSet in namespace ${namespace}`
      : `name one of the DaemonSets: ${own.map(({ metadata }) => `ds/${metadata.name ?? ''}`).join(', ')}`,
  );
}

async function manifestTarget(invocation: Invocation, named: ObjectKey | undefined): Promise<PlanTarget> {
  const { flags } = invocation;
  const ready = await readyManifests(invocation);
  const found = ready.filter(({ resource }) => resource.kind === DAEMON_SET.kind);
  const wanted = named === undefined ? found : found.filter(({ name }) => name === named.name);
  const [daemonSet] = wanted;
  if (daemonSet === undefined) {
    throw new CommandError(
      named === undefined
        ? 'there is no DaemonSet in the manifests'
        : `there is no DaemonSet ${named.name} in the manifests`,
    );
  }
  if (wanted.length > 1) {
    const names = wanted.map(({ name }) => `ds/${name}`).join(', ');
    throw new CommandError(`the manifests hold several DaemonSets: name one of ${names}`);
  }
  const objects = ready.filter((one) => one === daemonSet || one.resource.kind !== DAEMON_SET.kind);
  const { namespace, name } = daemonSet;
  return {
    key: { namespace, name },
    changes: [applying(objects, flags.strings('filename').join(', '), 0)],
  };
}

async function readyManifests(invocation: Invocation): Promise<readonly ReadyObject[]> {
  const { client } = await forkCluster([], invocation.context);
  const failures: (string | Error)[] = [];
  const ready: ReadyObject[] = [];
  const rules = { validate: true, wants: (kind: string) => planned.has(kind) };
  for await (const one of readyObjects(client, invocation, failures, rules)) ready.push(one);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
  return ready;
}

/** A later change: a file to apply, `CONTAINER=IMAGE,…`, `undo` or `undo=REVISION`. */
export async function laterChange(
  invocation: Invocation,
  key: ObjectKey,
  atMs: number,
  what: string,
): Promise<PlannedChange> {
  const [, revision] = /^undo(?:=(\d+))?$/.exec(what) ?? [];
  if (what === 'undo' || revision !== undefined) return undoing(key, Number(revision ?? 0), atMs);
  if (what.includes('=')) return settingImages(key, imagesIn(what.split(',')), atMs);
  const { context } = invocation;
  const { client } = await forkCluster([], context);
  const ready: ReadyObject[] = [];
  const entries = readManifests({
    files: [what],
    recursive: false,
    validate: true,
    readInput: () => context.streams.readInput(),
  });
  for await (const entry of entries) {
    if (entry.kind === 'problem') throw failureOf([entry.message]) ?? new CommandError(entry.message);
    if (!planned.has(entry.value.kind)) continue;
    const found = await readyObject(client, context, entry.value, entry.source);
    if (typeof found === 'string') throw new CommandError(found);
    if (
      found.resource.kind !== DAEMON_SET.kind ||
      (found.name === key.name && found.namespace === key.namespace)
    )
      ready.push(found);
  }
  if (!ready.some(({ resource }) => resource.kind === DAEMON_SET.kind))
    throw new CommandError(`${what} does not hold the DaemonSet ${key.name} of namespace ${key.namespace}`);
  return applying(ready, what, atMs);
}

/** `CONTAINER=IMAGE` texts. */
function imagesIn(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    if (equals <= 0 || equals === text.length - 1)
      throw new CommandError(`${JSON.stringify(text)} is not CONTAINER=IMAGE`);
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
}
