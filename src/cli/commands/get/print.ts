import type { Client } from '../../../api/client.ts';
import type { Json, KubeObject } from '../../../api/meta.ts';
import type { Invocation } from '../../command.ts';
import { qualifiedName, qualifiedNameOf } from '../../object-names.ts';
import type { TableOptions } from '../../printers/object-table.ts';
import { listOf, withoutManagedFields } from '../../printers/object-text.ts';
import { hidesManagedFields, managedFieldsFlag, type OutputFormat } from '../../printers/output-format.ts';
import { statusPaint } from '../../printers/status-colours.ts';
import { alignRows } from '../../printers/table-text.ts';
import { hintAtNextStep } from '../../reconciler-hint.ts';
import { type Answer, declaredColumns, inGroups } from './answers.ts';

/** Resources that are empty where a first step is missing. */
const HINTED: ReadonlySet<string> = new Set(['daemonsets', 'nodes', 'pods']);

/** What else decides how answers are printed. */
export interface PrintSituation {
  /** Whether one object was named, which is printed as it is, and not in a list. */
  readonly single: boolean;
  /** Whether something failed, so that nothing need be said where nothing was found. */
  readonly failed: boolean;
}

/** Prints what was found, in the format and the order that were asked for. Throws CommandError. */
export async function printAnswers(
  invocation: Invocation,
  client: Client,
  answers: readonly Answer[],
  format: OutputFormat,
  situation: PrintSituation,
): Promise<void> {
  const { flags, context } = invocation;
  const { streams } = context;
  if (format.name === 'table') {
    const sorted = await sortedGroups(answers, flags.string('sort-by'));
    if (sorted.length > 0) {
      streams.out(await tablesText(invocation, client, sorted, format.wide));
    } else if (!situation.failed && !flags.bool('ignore-not-found')) {
      const scoped = !flags.bool('all-namespaces') && answers.every(({ resource }) => resource.namespaced);
      streams.err(
        scoped ? `No resources found in ${context.namespace} namespace.\n` : 'No resources found\n',
      );
      if (answers.some(({ resource }) => HINTED.has(resource.plural))) await hintAtNextStep(client, context);
    }
    return;
  }
  const objects = await sortedObjects(answers, flags.string('sort-by'));
  if (format.name === 'name') {
    const plurals = new Map(
      answers.map(({ resource }) => [`${resource.group}/${resource.kind}`, resource] as const),
    );
    streams.out(objects.map((object) => `${nameOf(object, plurals)}\n`).join(''));
    return;
  }
  if (objects.length === 0 && (situation.single || flags.bool('ignore-not-found'))) return;
  const hides = hidesManagedFields(format) && !flags.bool(managedFieldsFlag.name);
  const shown = hides ? objects.map(withoutManagedFields) : objects;
  if (format.name === 'custom-columns') {
    const columns = await columnsOf(format);
    // Objects of the API are JSON.
    const rows = shown.map((object) => columns.row(object as unknown as Json));
    streams.out(alignRows(flags.bool('no-headers') ? rows : [columns.head, ...rows]));
    return;
  }
  const { valueWriter } = await import('../../printers/value-writer.ts');
  const write = valueWriter(format, {
    allowMissing: flags.bool('allow-missing-template-keys'),
    out: streams.out,
  });
  await write(situation.single ? shown[0] : listOf(shown));
}

/** The columns of `-o custom-columns`. Throws CommandError. */
export async function columnsOf(format: Extract<OutputFormat, { readonly name: 'custom-columns' }>) {
  const { customColumns, customColumnsFile } = await import('../../printers/custom-columns.ts');
  return format.isFile ? customColumnsFile(format.spec) : customColumns(format.spec);
}

/** How tables of these answers are laid out, but for what custom resources declare. */
export async function tableOptions(
  { flags, context }: Invocation,
  answers: readonly Pick<Answer, 'resource'>[],
  wide: boolean,
): Promise<Omit<TableOptions, 'declared'>> {
  const kinds = new Set(answers.map(({ resource }) => `${resource.group}/${resource.kind}`));
  return {
    wide,
    headers: !flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && answers.some(({ resource }) => resource.namespaced),
    withKind: flags.bool('show-kind') || kinds.size > 1,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.strings('label-columns'),
    now: await context.now(),
    paint: await statusPaint(context),
  };
}

async function tablesText(
  invocation: Invocation,
  client: Client,
  answers: readonly Answer[],
  wide: boolean,
): Promise<string> {
  const { objectTable } = await import('../../printers/object-table.ts');
  const options = await tableOptions(invocation, answers, wide);
  const texts: string[] = [];
  // Behind a table with namespaces every table has their column, as kubectl's.
  let withNamespace = false;
  for (const { resource, objects, shownAs } of answers) {
    const declared = await declaredColumns(client, resource);
    withNamespace ||= options.withNamespace && resource.namespaced;
    texts.push(
      objectTable(resource, objects, {
        ...options,
        withNamespace,
        declared,
        ...(shownAs === undefined ? {} : { shownAs }),
      }),
    );
  }
  return texts.join(options.headers ? '\n' : '');
}

async function sortedGroups(answers: readonly Answer[], path: string): Promise<readonly Answer[]> {
  const groups = inGroups(answers);
  if (path === '') return groups;
  const { sortObjects } = await import('../../printers/sort-objects.ts');
  return groups.map((group) => ({ ...group, objects: sortObjects(group.objects, path) }));
}

async function sortedObjects(answers: readonly Answer[], path: string): Promise<readonly KubeObject[]> {
  const objects = answers.flatMap((answer) => answer.objects);
  if (path === '') return objects;
  const { sortObjects } = await import('../../printers/sort-objects.ts');
  return sortObjects(objects, path);
}

function nameOf(object: KubeObject, resources: ReadonlyMap<string, Answer['resource']>): string {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  const resource = resources.get(`${group}/${object.kind}`);
  return resource === undefined
    ? qualifiedNameOf(object)
    : qualifiedName(resource, object.metadata.name ?? '');
}
