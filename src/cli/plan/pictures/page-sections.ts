import type { NodeShare, PlanReport } from '../../../sim/plan-report.ts';
import { counted, durationText, someOf } from '../../../sim/wording.ts';
import { differencePhrase, EFFECT_WORDS, nodeGroups, requestsPhrase, waveRuns } from '../phrases.ts';
import { escapeMarkup as text } from './markup.ts';

/** A cell of a table: text, or a number that stands to the right. */
type Cell = string | number;

const mostWaves = 40;
const mostListed = 6;

/** The tables below the picture, as HTML. */
export function pageSections(report: PlanReport): string {
  return [findings(report), nodes(report), compared(report), capacity(report), waves(report), change(report)]
    .filter((section) => section !== '')
    .join('\n');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${text(title)}</h2>${body}</section>`;
}

/** Rows of text under a head; a cell that is markup already is handed in as `{ html }`. */
function table(
  head: readonly string[],
  rows: readonly (readonly (Cell | { readonly html: string })[])[],
): string {
  const [first] = rows;
  if (first === undefined) return '';
  const look = (cell: Cell | { readonly html: string } | undefined): string =>
    typeof cell === 'number' ? ' class="number"' : '';
  const heads = head.map((words, at) => `<th scope="col"${look(first[at])}>${text(words)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell) => `<td${look(cell)}>${typeof cell === 'object' ? cell.html : text(String(cell))}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function findings({ findings: all }: PlanReport): string {
  const rows = all.map(({ severity, rule, text: words }) => [
    { html: `<span class="${severity}">${severity}</span>` },
    words,
    { html: `<code>${text(rule)}</code>` },
  ]);
  return section('Findings', table(['Severity', 'What', 'Rule'], rows));
}

function nodes(report: PlanReport): string {
  const rows = nodeGroups(report).map((group) => [
    EFFECT_WORDS[group.effect],
    group.nodes.length,
    group.because,
    { html: nameList(group.nodes) },
  ]);
  return section('Nodes', table(['What happens', 'Nodes', 'Why', 'Which'], rows));
}

function nameList(names: readonly string[]): string {
  if (names.length <= mostListed) return text(names.join(', '));
  return `<details><summary>${text(someOf(names, 3))}</summary><p>${text(names.join(', '))}</p></details>`;
}

function compared({ compared: all = [], rollout: { desired } }: PlanReport): string {
  const rows = all.map((one) => [
    { html: `<code>${text(one.name)}</code>` },
    one.outcome === 'stuck'
      ? { html: `<span class="error">stuck</span> at ${one.upToDate} of ${desired}` }
      : one.outcome,
    durationText(one.durationMs),
    one.fewestAvailable,
    one.mostUnavailable,
    one.mostSurge,
    one.mostSurge === 0 ? '–' : requestsPhrase(one.extra),
  ]);
  return section(
    'Strategies compared',
    table(
      ['Strategy', 'Result', 'Takes', 'Fewest available', 'Down at once', 'Extra pods', 'Extra requests'],
      rows,
    ),
  );
}

function capacity({ capacity: found }: PlanReport): string {
  const { perPod, perPodBefore, added, pending, hostPortClashes, shares } = found;
  const busiest = [...shares].sort((a, b) => worst(b) - worst(a)).filter((share) => worst(share) > 0);
  return section(
    'Capacity',
    [
      table(
        ['Requests', ''],
        [
          ['of one pod before', requestsPhrase(perPodBefore)],
          ['of one pod after', requestsPhrase(perPod)],
          ['more on all nodes together', requestsPhrase(added)],
        ],
      ),
      table(
        ['Pending on', 'Because'],
        pending.map(({ node, because }) => [node, because]),
      ),
      table(
        ['Node', 'Host port', 'Held by'],
        hostPortClashes.map(({ node, port, heldBy }) => [node, port, heldBy]),
      ),
      table(
        ['Fullest nodes', 'CPU for all DaemonSets', 'Memory'],
        busiest
          .slice(0, 5)
          .map(({ node, cpuPercent, memoryPercent }) => [
            node,
            cpuPercent === null ? '–' : `${cpuPercent}%`,
            memoryPercent === null ? '–' : `${memoryPercent}%`,
          ]),
      ),
    ].join(''),
  );
}

const worst = ({ cpuPercent, memoryPercent }: NodeShare): number =>
  Math.max(cpuPercent ?? 0, memoryPercent ?? 0);

function waves({ rollout }: PlanReport): string {
  const runs = waveRuns(rollout.waves);
  const rows = runs
    .slice(0, mostWaves)
    .map(({ first, last, count }) => [
      count === 1 ? String(first.number) : `${first.number}–${last.number}`,
      durationText(first.fromMs),
      durationText(last.toMs),
      first.nodes.length,
      count === 1 ? someOf(first.nodes, 3) : `${first.nodes[0] ?? ''} … ${last.nodes.at(-1) ?? ''}`,
    ]);
  const left = rollout.waves.length - runs.slice(0, mostWaves).reduce((sum, { count }) => sum + count, 0);
  const more = left === 0 ? '' : `<p class="faint">and ${counted(left, 'more wave')}</p>`;
  return section('Waves', table(['Wave', 'From', 'To', 'Nodes a wave', 'Which'], rows) + more);
}

function change({ steps, differences, faults, timeline }: PlanReport): string {
  const isStep = (one: { readonly atMs: number; readonly text: string }): boolean =>
    steps.some(({ atMs, text: words }) => atMs === one.atMs && words === one.text);
  const rows = [
    ...steps.map((step) => [durationText(step.atMs), step.text]),
    ...timeline.marks.filter((mark) => !isStep(mark)).map((mark) => [durationText(mark.atMs), mark.text]),
  ];
  const fields = differences.map((one) => [{ html: `<code>${text(differencePhrase(one))}</code>` }]);
  return (
    section('What is changed', table(['At', 'What'], rows) + table(['Fields'], fields)) +
    section(
      'Faults',
      table(
        ['Fault'],
        faults.map((fault) => [{ html: `<code>${text(fault)}</code>` }]),
      ),
    )
  );
}
