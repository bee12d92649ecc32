import type { Client } from '../../api/client.ts';
import type { PodSpec } from '../../api/core.ts';
import type { KubeObject } from '../../api/meta.ts';
import {
  changeContainers,
  changeEnvironment,
  type EnvironmentVariable,
  matchesName,
} from '../../domain/container-changes.ts';
import {
  type EnvironmentChanges,
  parseEnvironment,
  splitEnvironment,
  variableNameOf,
} from '../../domain/environment-arguments.ts';
import type { Chosen } from '../chosen-objects.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { fromManifests } from '../manifest-objects.ts';
import { parseTargets } from '../resource-arguments.ts';
import { containersFlag } from './containers-flag.ts';
import { changeTemplates, objectsToSet, requirePodSpec, setFlags } from './pod-template-change.ts';

/** `kdaemon set env`. */
export const setEnv: CommandSpec = {
  name: 'env',
  summary: 'Update environment variables on a pod template',
  description:
    'Update environment variables on a pod template.\n\n KEY=VALUE sets a variable, KEY- takes it away, and - reads such lines from standard input.',
  examples: [
    '# Set a variable in all containers',
    'kdaemon set env daemonset/agent LOG_LEVEL=debug',
    '',
    '# List the variables',
    'kdaemon set env daemonset/agent --list',
    '',
    '# Take variables from the keys of a ConfigMap',
    'kdaemon set env --from=configmap/agent-config --prefix=AGENT_ daemonset/agent',
  ],
  usage: 'kdaemon set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  flags: [
    ...setFlags,
    containersFlag,
    {
      name: 'env',
      short: 'e',
      type: 'repeated',
      default: '[]',
      usage: 'A variable (KEY=VALUE) to set; may be repeated.',
    },
    {
      name: 'from',
      type: 'string',
      default: "''",
      usage: 'A ConfigMap or a Secret whose keys become variables, such as configmap/agent-config.',
    },
    { name: 'keys', type: 'strings', default: '[]', usage: 'The keys to take with --from; all when absent.' },
    { name: 'prefix', type: 'string', default: "''", usage: 'What to put before the names with --from.' },
    {
      name: 'list',
      type: 'bool',
      default: 'false',
      usage: 'If true, print the variables and change nothing.',
    },
    {
      name: 'overwrite',
      type: 'bool',
      default: 'true',
      usage: 'If false, a variable that has another value already is refused.',
    },
  ],
  run: runSetEnv,
};

async function runSetEnv(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  const split = splitEnvironment(args);
  if (!split.ok) throw new CommandError(split.problem);
  const fromFiles = fromManifests(flags);
  if (split.resources.length === 0 && !fromFiles) {
    throw new CommandError(
      'one or more resources must be specified as <resource> <name> or <resource>/<name>',
    );
  }
  const input = split.variables.includes('-') ? await context.streams.readInput() : '';
  const changes = parseEnvironment([...split.variables, ...flags.strings('env')], input);
  if (typeof changes === 'string') throw new CommandError(changes);
  if (flags.bool('list')) {
    const { objects } = await objectsToSet(invocation, split.resources);
    for (const one of objects) context.streams.out(listing(invocation, one));
    return;
  }
  const from = flags.string('from') === '' ? [] : await variablesFrom(invocation, await context.client());
  await changeTemplates(invocation, {
    args: split.resources,
    did: 'env updated',
    failed: 'failed to patch env update to pod template: ',
    change: (spec, one) => changedSpec(invocation, { spec, one, changes, from }),
  });
}

interface Wanted {
  readonly spec: PodSpec;
  readonly one: Chosen;
  readonly changes: EnvironmentChanges;
  readonly from: readonly EnvironmentVariable[];
}

function changedSpec({ flags, context }: Invocation, { spec, one, changes, from }: Wanted): PodSpec {
  const pattern = flags.string(containersFlag.name);
  const set = [...changes.set, ...from];
  const { spec: changed, count } = changeContainers(
    spec,
    (name) => matchesName(name, pattern),
    (container) => {
      const existing = environmentOf(container);
      if (!flags.bool('overwrite')) requireFree(existing, changes, one);
      const env = changeEnvironment(existing, set, changes.remove);
      const { env: _old, ...rest } = container;
      return env.length === 0 ? rest : { ...rest, env };
    },
  );
  if (count === 0) {
    context.streams.err(
      `Warning: ${one.object.kind}/${one.name} does not have any containers matching ${JSON.stringify(pattern)}\n`,
    );
    return spec;
  }
  return changed;
}

/** The variables of a container; its shape is checked by the registry. */
function environmentOf(container: { readonly [field: string]: unknown }): readonly EnvironmentVariable[] {
  return Array.isArray(container.env) ? (container.env as readonly EnvironmentVariable[]) : [];
}

function requireFree(
  existing: readonly EnvironmentVariable[],
  { set }: EnvironmentChanges,
  { resource, name }: Chosen,
): void {
  for (const wanted of set) {
    const taken = existing.find((variable) => variable.name === wanted.name);
    if (taken !== undefined && taken.value !== wanted.value) {
      throw new CommandError(
        `${resource.plural}/${name} '${wanted.name}' already has a value (${taken.value ?? ''}), and --overwrite is false`,
      );
    }
  }
}

const SOURCES: Readonly<Record<string, { readonly ref: string; readonly word: string }>> = {
  ConfigMap: { ref: 'configMapKeyRef', word: 'configmap' },
  Secret: { ref: 'secretKeyRef', word: 'secret' },
};

async function variablesFrom(
  { flags, context }: Invocation,
  client: Client,
): Promise<readonly EnvironmentVariable[]> {
  const [target] = await parseTargets(client, [flags.string('from')]);
  const source = SOURCES[target?.resource.kind ?? ''];
  if (target === undefined || target.name === undefined || source === undefined) {
    throw new CommandError('unsupported resource specified in --from');
  }
  const { resource, name } = target;
  const found = await client.get<KubeObject>(resource, { namespace: context.namespace, name });
  const { data = {} } = found as { readonly data?: Readonly<Record<string, string>> };
  const keys = flags.given('keys') ? flags.strings('keys') : Object.keys(data).sort();
  return keys
    .filter((key) => Object.hasOwn(data, key))
    .map((key) => {
      const bare = variableNameOf(key, '');
      if (bare !== key) context.streams.err(`Warning: key ${key} transferred to ${bare}\n`);
      return {
        name: variableNameOf(key, flags.string('prefix')),
        valueFrom: { [source.ref]: { name, key } },
      };
    });
}

function listing({ flags }: Invocation, one: Chosen): string {
  const spec = requirePodSpec(one);
  const pattern = flags.string(containersFlag.name);
  return [...spec.containers, ...(spec.initContainers ?? [])]
    .filter(({ name }) => matchesName(name, pattern))
    .map((container) => {
      const lines = environmentOf(container).map((variable) => `${variableText(variable)}\n`);
      return `# ${one.object.kind} ${one.name}, container ${container.name}\n${lines.join('')}`;
    })
    .join('');
}

function variableText({ name, value = '', valueFrom }: EnvironmentVariable): string {
  if (typeof valueFrom !== 'object' || valueFrom === null) return `${name}=${value}`;
  const references = valueFrom as Readonly<
    Record<string, { name?: string; key?: string; fieldPath?: string }>
  >;
  for (const { ref, word } of Object.values(SOURCES)) {
    const reference = references[ref];
    if (reference !== undefined) {
      return `# ${name} from ${word} ${reference.name ?? ''}, key ${reference.key ?? ''}`;
    }
  }
  const { fieldRef } = references;
  return fieldRef === undefined
    ? `# ${name} from elsewhere`
    : `# ${name} from field path ${fieldRef.fieldPath ?? ''}`;
}
