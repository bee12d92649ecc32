import type { Client, ResourceInfo } from '../../api/client.ts';
import type { KindRef, KubeObject } from '../../api/meta.ts';
import { hasReason } from '../../api/status.ts';
import { type PrinterColumn, printerColumnsOf } from '../../registry/tables/custom-resources.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, PlainError } from '../errors.ts';
import { attempt, manifestEntries, manifestFlags, readyObject } from '../manifest-objects.ts';
import { failureOf } from '../manifests.ts';
import { qualifiedName } from '../object-names.ts';
import { managedFieldsFlag, requireFormat } from '../output.ts';
import { jsonText, listOf, withoutManagedFields, yamlText } from '../printers/object-text.ts';
import { parseTargets, type Target } from '../resource-arguments.ts';
import { isSelecting, listSelected, selectionFlags } from '../selection.ts';

const FORMATS = ['json', 'name', 'wide', 'yaml'];

/** `kdaemon get`. */
export const command: CommandSpec = {
  name: 'get',
  summary: 'Display one or many resources',
  description:
    'Display one or many resources.\n\n Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don\'t specify any namespace.\n\nUse "kdaemon api-resources" for a complete list of supported resources.',
  examples: [
    '# List the DaemonSets of a namespace',
    'kdaemon get daemonsets -n kube-system',
    '',
    '# List the pods with a label, and the nodes that they are on',
    'kdaemon get pods -l name=fluentd-elasticsearch -n kube-system -o wide',
    '',
    '# One object as YAML',
    'kdaemon get node worker-1 -o yaml',
    '',
    '# The objects that a manifest names',
    'kdaemon get -f daemonset.yaml',
  ],
  usage:
    'kdaemon get [(-o|--output=)json|yaml|name|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]',
  flags: [
    ...manifestFlags,
    ...selectionFlags,
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: "''",
      usage: `Output format. One of: (${FORMATS.join(', ')}).`,
    },
    managedFieldsFlag,
    {
      name: 'no-headers',
      type: 'bool',
      default: 'false',
      usage: "When printing a table, don't print headers (default print headers).",
    },
    {
      name: 'show-labels',
      type: 'bool',
      default: 'false',
      usage: 'When printing, show all labels as the last column (default hide labels column)',
    },
    {
      name: 'label-columns',
      short: 'L',
      type: 'strings',
      default: '[]',
      usage:
        'Accepts a comma separated list of labels that are going to be presented as columns. Names are case-sensitive. You can also use multiple flag options like -L label1 -L label2...',
    },
    {
      name: 'show-kind',
      type: 'bool',
      default: 'false',
      usage: 'If present, list the resource type for the requested object(s).',
    },
    {
      name: 'sort-by',
      type: 'string',
      default: "''",
      usage: "If non-empty, sort lists by the field at this path (e.g. '{.metadata.name}').",
    },
    {
      name: 'ignore-not-found',
      type: 'bool',
      default: 'false',
      usage: 'If the requested object does not exist the command will return exit code 0.',
    },
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Taken for the sake of scripts; lists are always read at once.',
      hidden: true,
    },
  ],
  run: get,
};

/** Objects of one kind, as one request answered them. */
interface Answer {
  readonly resource: ResourceInfo;
  readonly objects: readonly KubeObject[];
}

/** What a command line asks for. */
interface Question {
  readonly targets: readonly (Target & { readonly namespace: string })[];
  /** Whether it names one object, which is then printed as it is, and not in a list. */
  readonly single: boolean;
}

async function get(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  requireOptions(invocation);
  const client = await context.client();
  const failures: (string | Error)[] = [];
  const question = await questionOf(invocation, client, failures);
  const answers: Answer[] = [];
  for (const { resource, name, namespace } of question.targets) {
    await attempt(failures, async () => {
      if (name === undefined) {
        answers.push({ resource, objects: await listSelected(client, resource, invocation) });
        return;
      }
      try {
        answers.push({ resource, objects: [await client.get(resource, { namespace, name })] });
      } catch (error) {
        if (!hasReason(error, 'NotFound') || !flags.bool('ignore-not-found')) throw error;
      }
    });
  }
  await print(invocation, client, await sorted(answers, flags.string('sort-by')), {
    single: question.single,
    failed: failures.length > 0,
  });
  const failure = failureOf(failures);
  if (failure !== undefined) throw failure;
}

/** Throws where arguments and flags do not go together, before anything is read. */
function requireOptions({ flags, args }: Invocation): void {
  const output = flags.string('output');
  const isTable = output === '' || output === 'wide';
  requireFormat(output, FORMATS, ['custom-columns', 'custom-columns-file', 'wide']);
  if (flags.bool('show-labels') && !isTable) {
    throw new CommandError(`--show-labels option cannot be used with ${output} printer`);
  }
  const fromFiles = flags.given('filename') || flags.given('kustomize');
  if (fromFiles && args.length > 0) {
    throw new CommandError(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    );
  }
  if (!fromFiles && args.length === 0) {
    throw new PlainError(
      `You must specify the type of resource to get. Use "kdaemon api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kdaemon explain <resource>" for a detailed description of that resource (e.g. kdaemon explain pods).\nSee 'kdaemon get -h' for help and examples`,
    );
  }
}

async function questionOf(
  { flags, args, context }: Invocation,
  client: Client,
  failures: (string | Error)[],
): Promise<Question> {
  const { namespace } = context;
  if (args.length > 0) {
    const targets = await parseTargets(client, args);
    const named = targets.filter(({ name }) => name !== undefined);
    if (named.length > 0 && isSelecting(flags)) {
      throw new CommandError('name cannot be provided when a selector is specified');
    }
    if (flags.bool('all-namespaces') && named.some(({ resource }) => resource.namespaced)) {
      throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    }
    const single = targets.length === 1 && named.length === 1;
    return { targets: targets.map((target) => ({ ...target, namespace })), single };
  }
  const targets: (Target & { namespace: string })[] = [];
  for await (const entry of manifestEntries(context, flags, { validate: false })) {
    const ready =
      entry.kind === 'problem'
        ? entry.message
        : await readyObject(client, context, entry.value, entry.source);
    if (typeof ready === 'string') failures.push(ready);
    else targets.push(ready);
  }
  return { targets, single: targets.length === 1 && flags.strings('filename').join() !== '-' };
}

async function sorted(answers: readonly Answer[], path: string): Promise<readonly Answer[]> {
  if (path === '') return answers;
  const { sortObjects } = await import('../printers/sort-objects.ts');
  return inGroups(answers).map(({ resource, objects }) => ({
    resource,
    objects: sortObjects(objects, path),
  }));
}

async function print(
  { flags, context }: Invocation,
  client: Client,
  answers: readonly Answer[],
  { single, failed }: { readonly single: boolean; readonly failed: boolean },
): Promise<void> {
  const { streams } = context;
  const output = flags.string('output');
  const objects = answers.flatMap((answer) => answer.objects);
  if (output === 'json' || output === 'yaml') {
    if (objects.length === 0 && (single || flags.bool('ignore-not-found'))) return;
    const shown = flags.bool(managedFieldsFlag.name) ? objects : objects.map(withoutManagedFields);
    const value = single ? shown[0] : listOf(shown);
    streams.out(output === 'json' ? jsonText(value) : await yamlText(value));
  } else if (output === 'name') {
    const names = answers.flatMap(({ resource, objects: some }) =>
      some.map(({ metadata }) => `${qualifiedName(resource, metadata.name ?? '')}\n`),
    );
    if (names.length > 0) streams.out(names.join(''));
  } else if (objects.length > 0) {
    streams.out(await tablesText({ flags, context }, client, answers));
  } else if (!failed && !flags.bool('ignore-not-found')) {
    const scoped = !flags.bool('all-namespaces') && answers.every(({ resource }) => resource.namespaced);
    streams.err(scoped ? `No resources found in ${context.namespace} namespace.\n` : 'No resources found\n');
  }
}

/** Answers about the same resource, one after another, as one; those without objects left out. */
function inGroups(answers: readonly Answer[]): readonly Answer[] {
  const groups: { readonly resource: ResourceInfo; readonly objects: KubeObject[] }[] = [];
  for (const { resource, objects } of answers) {
    if (objects.length === 0) continue;
    const last = groups.at(-1);
    if (last !== undefined && isSame(last.resource, resource)) last.objects.push(...objects);
    else groups.push({ resource, objects: [...objects] });
  }
  return groups;
}

function isSame(a: ResourceInfo, b: ResourceInfo): boolean {
  return a.group === b.group && a.version === b.version && a.plural === b.plural;
}

async function tablesText(
  { flags, context }: Pick<Invocation, 'flags' | 'context'>,
  client: Client,
  answers: readonly Answer[],
): Promise<string> {
  const { objectTable } = await import('../printers/object-table.ts');
  const kinds = new Set(answers.map(({ resource }) => `${resource.group}/${resource.kind}`));
  const options = {
    wide: flags.string('output') === 'wide',
    headers: !flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces'),
    withKind: flags.bool('show-kind') || kinds.size > 1,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.strings('label-columns'),
    now: await context.now(),
  };
  const texts: string[] = [];
  for (const { resource, objects } of inGroups(answers)) {
    const declared = await declaredColumns(client, resource);
    texts.push(objectTable(resource, objects, { ...options, declared }));
  }
  return texts.join(options.headers ? '\n' : '');
}

const CUSTOM_RESOURCE_DEFINITION: KindRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
};

/** The columns that a custom resource's definition declares; none for built-in kinds. */
async function declaredColumns(
  client: Client,
  { plural, group, version }: ResourceInfo,
): Promise<readonly PrinterColumn[]> {
  // Definitions may not be in groups of one word; in *.k8s.io they may.
  if (!group.includes('.')) return [];
  try {
    const key = { namespace: '', name: `${plural}.${group}` };
    return printerColumnsOf(await client.get(CUSTOM_RESOURCE_DEFINITION, key), version);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return [];
    throw error;
  }
}
