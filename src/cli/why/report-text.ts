import type { EditReport } from '../../domain/daemonset/explain/edit-report.ts';
import type { PlacementReport } from '../../domain/daemonset/explain/placement-report.ts';
import { alignRows, growingTable, plainCell } from '../printers/table-text.ts';
import { alternativeLines } from './edit-lines.ts';
import { ALL_NAMES, FEW_NAMES, type NameLimit, nameList } from './name-list.ts';
import { nodeText } from './node-text.ts';
import type { WhyPaint } from './why-paint.ts';

/** How a report is printed. */
export interface ReportTextOptions {
  /** All names and every alternative, in place of the first few. */
  readonly wide: boolean;
  readonly paint: WhyPaint;
}

/** A report for people: nodes in groups, the numbers of the status, what would change the answer; or node by node. */
export function reportText(report: PlacementReport, options: ReportTextOptions): string {
  const { groups } = report;
  const head = `${headline(report, options)}\n${noteLines(report)}`;
  if (groups === undefined) {
    return `${head}\n${report.nodes.map((node) => nodeText(report, node, options)).join('\n')}`;
  }
  return [
    head,
    groupTable(report, options),
    comparisonLine(report, options),
    countTable(report, options),
    ...editSections(report, options),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

/** How much of a list of nodes is shown. */
const limitOf = ({ wide }: ReportTextOptions): NameLimit => (wide ? ALL_NAMES : FEW_NAMES);

function headline({ daemonSet, summary }: PlacementReport, { paint }: ReportTextOptions): string {
  const { namespace, name, from } = daemonSet;
  const source = from === 'manifest' ? ', as the manifest has it,' : '';
  const count = `${summary.shouldRun} of ${summary.nodes} ${summary.nodes === 1 ? 'node' : 'nodes'}`;
  const rest = plainCell(` (${namespace})${source} should run on ${count}`);
  return `${paint.strong(plainCell(`daemonset.apps/${name}`))}${rest}`;
}

function noteLines({ notes, daemonSet }: PlacementReport): string {
  const lines = [...notes];
  if (daemonSet.from === 'manifest' && !daemonSet.exists) lines.push('it has not been created yet');
  return lines.map((line) => `Note: ${plainCell(line)}\n`).join('');
}

function groupTable({ groups = [], summary }: PlacementReport, options: ReportTextOptions): string {
  if (summary.nodes === 0) return 'There are no nodes.\n';
  // A reason a line: the table stays narrow however many there are.
  const rows = groups.flatMap(({ shouldRun, why, pod, nodes }) => {
    const [first = '', ...more] = why.map(plainCell);
    const names = plainCell(nameList(nodes, limitOf(options)));
    return [
      [String(nodes.length), shouldRun ? 'yes' : 'no', names, plainCell(pod), first],
      ...more.map((reason) => ['', '', '', '', reason]),
    ];
  });
  const table = growingTable((cell, at) => (at === 1 ? options.paint.answer(cell) : cell));
  return table([['NODES', 'RUNS', 'NAMES', 'PODS', 'WHY'], ...rows]);
}

function comparisonLine(
  { comparison, daemonSet, summary }: PlacementReport,
  options: ReportTextOptions,
): string {
  if (comparison === undefined) return '';
  const { gains, loses } = comparison;
  const same = summary.shouldRun - gains.length;
  const list = (names: readonly string[]): string => plainCell(nameList(names, limitOf(options)));
  const parts = [
    ...(gains.length > 0 ? [`comes to ${gains.length} (${list(gains)})`] : []),
    ...(loses.length > 0 ? [`leaves ${loses.length} (${list(loses)})`] : []),
    `stays on ${same}`,
  ];
  return `Against the live daemonset.apps/${plainCell(daemonSet.name)} it ${parts.join(', ')}.\n`;
}

function countTable(report: PlacementReport, options: ReportTextOptions): string {
  const { counts, staleCounts, summary, daemonSet } = report;
  if (summary.nodes === 0 || !daemonSet.exists) return '';
  const row = (label: string, counter: keyof typeof counts, of: readonly string[]): readonly string[] => {
    const names = counts[counter];
    const stale = staleCounts[counter];
    const note = stale === undefined ? '' : ` (the status still says ${stale})`;
    return [label, String(names.length), `${plainCell(namesText(names, of, options))}${note}`];
  };
  const { desired } = counts;
  return alignRows([
    ['NUMBER', 'COUNT', 'NODES'],
    row(
      'desired',
      'desired',
      report.nodes.map(({ name }) => name),
    ),
    row('current', 'current', desired),
    row('up-to-date', 'updated', desired),
    row('ready', 'ready', desired),
    row('available', 'available', desired),
    row('misscheduled', 'misscheduled', []),
  ]);
}

/** `all of them`, `all but worker-3`, or the names, whatever is shortest. */
function namesText(names: readonly string[], of: readonly string[], options: ReportTextOptions): string {
  if (names.length === 0) return 'none';
  const limit = limitOf(options);
  if (of.length < 2) return nameList(names, limit);
  const have = new Set(names);
  const others = of.filter((name) => !have.has(name));
  if (others.length === 0) return of.length > 3 ? 'all of them' : nameList(names, limit);
  return others.length * 2 < names.length ? `all but ${nameList(others, limit)}` : nameList(names, limit);
}

function editSections({ groups = [] }: PlacementReport, options: ReportTextOptions): readonly string[] {
  // Groups whose pods stand differently share the edits when they share the reasons.
  const nodesOf = new Map<EditReport, string[]>();
  for (const { edits, nodes } of groups) {
    if (edits !== undefined) nodesOf.set(edits, [...(nodesOf.get(edits) ?? []), ...nodes]);
  }
  return [...nodesOf].map(([edits, nodes]) => {
    const names = plainCell(nameList(nodes, limitOf(options)));
    const count = edits.smallest ? `${edits.count} edits` : `up to ${edits.count} edits`;
    const title = `To have it on ${names}${edits.count > 1 ? `, ${count} are needed` : ''}:`;
    const shown = options.wide ? edits.alternatives : edits.alternatives.slice(0, edits.count > 1 ? 1 : 3);
    const lines = shown.flatMap((one, index) =>
      alternativeLines(one, {
        isFirst: index === 0,
        commands: options.wide,
        of: nodes.length,
        limit: limitOf(options),
      }),
    );
    return `${[options.paint.strong(title), ...lines].join('\n')}\n`;
  });
}
