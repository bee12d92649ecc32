import type { Client, ResourceInfo } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { StatusError } from '../../api/status.ts';
import { printerColumnsOf } from '../../registry/tables/custom-resources.ts';
import { tableFor } from '../../registry/tables/table-for.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { ApiFailure } from '../exit.ts';
import { attempt, manifestEntries, manifestFlags, readyObject } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { qualifiedName } from '../object-names.ts';
import { jsonText, listOf, withoutManagedFields, yamlText } from '../printers/object-text.ts';
import { alignRows, plainCell } from '../printers/table-text.ts';
import { parseTargets, type Target } from '../resource-arguments.ts';

const FORMATS = ['json', 'name', 'wide', 'yaml'];

/** `kdaemon get`. */
export const command: CommandSpec = {
  name: 'get',
  summary: 'Display one or many resources',
  description:
    'Display one or many resources.\n\n Prints a table of the most important information about the objects of one or more kinds.\n\nUse "kdaemon api-resources" for a complete list of supported resources.',
  examples: [
    '# List the DaemonSets of a namespace',
    'kdaemon get daemonsets -n kube-system',
    '',
    '# List the pods with a label, and the nodes that they are on',
    'kdaemon get pods -l name=fluentd-elasticsearch -n kube-system -o wide',
    '',
    '# One object as YAML',
    'kdaemon get node worker-1 -o yaml',
  ],
  usage:
    'kdaemon get [(-o|--output=)json|yaml|name|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]',
  flags: [
    ...manifestFlags,
    {
      name: 'all-namespaces',
      short: 'A',
      type: 'bool',
      default: 'false',
      usage: 'List the objects of all namespaces.',
    },
    {
      name: 'selector',
      short: 'l',
      type: 'string',
      default: "''",
      usage: 'Selector (label query) to filter on.',
    },
    {
      name: 'field-selector',
      type: 'string',
      default: "''",
      usage: "Selector (field query) to filter on, supports '=', '==', and '!='.",
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: "''",
      usage: `Output format. One of: (${FORMATS.join(', ')}).`,
    },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Print the table without its headings.' },
    { name: 'show-labels', type: 'bool', default: 'false', usage: 'Show all labels as the last column.' },
    {
      name: 'label-columns',
      short: 'L',
      type: 'strings',
      default: '[]',
      usage: 'Labels to show as columns of their own.',
    },
    { name: 'show-kind', type: 'bool', default: 'false', usage: 'Put the kind in front of each name.' },
    {
      name: 'show-managed-fields',
      type: 'bool',
      default: 'false',
      usage: 'Keep the managedFields in JSON and YAML.',
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'Exit with 0 although an object does not exist.',
    },
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Accepted for scripts written for kubectl; lists are read at once.',
    },
  ],
  run: get,
};

/** Objects of one kind, as one request answered them. */
interface Answer {
  readonly resource: ResourceInfo;
  readonly objects: readonly KubeObject[];
  /** Whether one object was asked for by name. */
  readonly byName: boolean;
}

async function get({ flags, args, context }: Invocation): Promise<void> {
  const output = flags.string('output');
  if (args.length === 0 && !flags.given('filename')) {
    throw new PlainError(
      `You must specify the type of resource to get. Use "kdaemon api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kdaemon explain <resource>" for a detailed description of that resource (e.g. kdaemon explain pods).\nSee 'kdaemon get -h' for help and examples`,
    );
  }
  if (output !== '' && !FORMATS.includes(output)) {
    throw new CommandError(
      `unable to match a printer suitable for the output format "${output}", allowed formats are: ${FORMATS.join(',')}`,
    );
  }
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const targets = await targetsOf({ flags, args, context }, client, failures);
  const selected = flags.given('selector') || flags.given('field-selector');
  if (selected && targets.some((target) => target.name !== undefined)) {
    throw new CommandError('name cannot be provided when a selector is specified');
  }
  if (flags.bool('all-namespaces') && targets.some(({ name }) => name !== undefined)) {
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  }
  const answers: Answer[] = [];
  for (const { resource, name, namespace = context.namespace } of targets) {
    await attempt(failures, async () => {
      if (name === undefined) {
        const objects = await listAll(client, resource, {
          namespace: flags.bool('all-namespaces') ? '' : namespace,
          labelSelector: flags.string('selector'),
          fieldSelector: flags.string('field-selector'),
        });
        answers.push({ resource, objects, byName: false });
        return;
      }
      try {
        answers.push({ resource, objects: [await client.get(resource, { namespace, name })], byName: true });
      } catch (error) {
        const absent = error instanceof StatusError && error.status.code === 404;
        if (!absent || !flags.bool('ignore-not-found')) throw error;
      }
    });
  }
  await print({ flags, context }, client, answers, output, failures.length > 0);
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

async function targetsOf(
  { flags, args, context }: Pick<Invocation, 'flags' | 'args' | 'context'>,
  client: Client,
  failures: (string | Error)[],
): Promise<readonly (Target & { readonly namespace?: string })[]> {
  if (!flags.given('filename')) return parseTargets(client, args);
  const targets: (Target & { namespace: string })[] = [];
  for await (const entry of manifestEntries(context, flags)) {
    const ready =
      entry.kind === 'problem'
        ? entry.message
        : await readyObject(client, context, entry.value, entry.source);
    if (typeof ready === 'string') failures.push(ready);
    else targets.push({ resource: ready.resource, name: ready.name, namespace: ready.namespace });
  }
  return targets;
}

async function listAll(
  client: Client,
  resource: ResourceInfo,
  selection: { readonly namespace: string; readonly labelSelector: string; readonly fieldSelector: string },
): Promise<readonly KubeObject[]> {
  try {
    const { labelSelector, fieldSelector } = selection;
    return (
      await client.list<KubeObject>(resource, {
        ...(resource.namespaced ? { namespace: selection.namespace } : {}),
        ...(labelSelector === '' ? {} : { labelSelector }),
        ...(fieldSelector === '' ? {} : { fieldSelector }),
      })
    ).items;
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== 'BadRequest') throw error;
    const group = resource.group === '' ? '' : resource.group;
    const asked = `"${group}/${resource.version}, Resource=${resource.plural}"`;
    throw new ApiFailure(
      error.status,
      `Unable to find ${asked} that match label selector ${JSON.stringify(selection.labelSelector)}, field selector ${JSON.stringify(selection.fieldSelector)}`,
    );
  }
}

async function print(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  answers: readonly Answer[],
  output: string,
  failed: boolean,
): Promise<void> {
  const { streams } = context;
  const objects = answers.flatMap((answer) => answer.objects);
  if (output === 'json' || output === 'yaml') {
    if (objects.length === 0 && (failed || answers.length === 0)) return;
    const shown = flags.bool('show-managed-fields') ? objects : objects.map(withoutManagedFields);
    const single = answers.length === 1 && answers[0]?.byName === true;
    const value = single ? shown[0] : listOf(shown);
    streams.out(output === 'json' ? jsonText(value) : await yamlText(value));
    return;
  }
  if (output === 'name') {
    for (const { resource, objects: some } of answers) {
      for (const object of some) streams.out(`${qualifiedName(resource, object.metadata.name ?? '')}\n`);
    }
    return;
  }
  if (objects.length === 0) {
    if (failed || flags.bool('ignore-not-found') || answers.length === 0) return;
    const scoped = !flags.bool('all-namespaces') && answers.some(({ resource }) => resource.namespaced);
    streams.err(scoped ? `No resources found in ${context.namespace} namespace.\n` : 'No resources found\n');
    return;
  }
  streams.out(await tablesText({ flags, context }, client, answers));
}

async function tablesText(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  answers: readonly Answer[],
): Promise<string> {
  const groups: { resource: ResourceInfo; objects: KubeObject[] }[] = [];
  for (const { resource, objects } of answers) {
    if (objects.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.resource === resource) last.objects.push(...objects);
    else groups.push({ resource, objects: [...objects] });
  }
  const kinds = new Set(answers.map(({ resource }) => `${resource.group}/${resource.kind}`));
  const now = await context.now();
  const texts: string[] = [];
  for (const { resource, objects } of groups) {
    const table = tableFor(resource, objects, now, await declaredColumns(client, resource));
    const shown = table.columns
      .map((column, at) => ({ column, at }))
      .filter(({ column }) => column.priority === 0 || flags.string('output') === 'wide');
    const withNamespace = flags.bool('all-namespaces') && resource.namespaced;
    const withKind = flags.bool('show-kind') || kinds.size > 1;
    const labels = flags.strings('label-columns');
    const head = [
      ...(withNamespace ? ['NAMESPACE'] : []),
      ...shown.map(({ column }) => column.name.toUpperCase()),
      ...labels.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
      ...(flags.bool('show-labels') ? ['LABELS'] : []),
    ];
    const rows = table.rows.map(({ cells, object }) => [
      ...(withNamespace ? [object.metadata.namespace ?? ''] : []),
      ...shown.map(({ at }) => {
        const text = plainCell(cells[at] ?? '');
        return at === 0 && withKind ? qualifiedName(resource, text) : text;
      }),
      ...labels.map((label) => plainCell(object.metadata.labels?.[label] ?? '')),
      ...(flags.bool('show-labels') ? [labelText(object)] : []),
    ]);
    texts.push(alignRows(flags.bool('no-headers') ? rows : [head, ...rows]));
  }
  return texts.join('\n');
}

function labelText({ metadata }: KubeObject): string {
  const pairs = Object.entries(metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return pairs.length === 0 ? '<none>' : plainCell(pairs.map(([key, value]) => `${key}=${value}`).join(','));
}

const CUSTOM_RESOURCE_DEFINITION: KindRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
};

async function declaredColumns(
  client: Client,
  resource: ResourceInfo,
): Promise<ReturnType<typeof printerColumnsOf>> {
  // Groups of definitions have a domain of their own; built-in ones end in .k8s.io or have no dot.
  if (!resource.group.includes('.') || resource.group.endsWith('.k8s.io')) return [];
  const name = `${resource.plural}.${resource.group}`;
  try {
    return printerColumnsOf(
      await client.get(CUSTOM_RESOURCE_DEFINITION, { namespace: '', name }),
      resource.version,
    );
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 404) return [];
    throw error;
  }
}
