import { fitProblemText } from '../../domain/daemonset/explain/fit-problems.ts';
import type { NodeReport, PlacementReport } from '../../domain/daemonset/explain/placement-report.ts';
import type { PodStanding } from '../../domain/daemonset/explain/pod-standing.ts';
import { termText } from '../../domain/daemonset/explain/rule-text.ts';
import { growingTable, plainCell } from '../printers/table-text.ts';
import { alternativeLines } from './edit-lines.ts';
import { ALL_NAMES, FEW_NAMES } from './name-list.ts';
import type { ReportTextOptions } from './report-text.ts';

/** One node in full: each rule, the pods there, and what would change the answer. */
export function nodeText(
  { daemonSet }: PlacementReport,
  node: NodeReport,
  options: ReportTextOptions,
): string {
  const { paint } = options;
  const answer = node.shouldRun ? 'yes' : 'no';
  const effect = node.shouldRun
    ? 'it should run a pod'
    : node.shouldContinueRunning
      ? 'it gets no new pod; one that is there may go on'
      : 'it must not run a pod';
  const live =
    node.live === undefined || node.live.shouldRun === node.shouldRun
      ? ''
      : ` (the live daemonset.apps/${daemonSet.name}: ${node.live.shouldRun ? 'yes' : 'no'})`;
  const head = `${paint.strong(`node/${plainCell(node.name)}`)}: ${paint.answer(answer)}, ${effect}${plainCell(live)}\n`;
  return [head, ruleTable(node, options), noteLines(node), podLines(node), editLines(node, options)].join('');
}

function ruleTable({ rules }: NodeReport, { paint }: ReportTextOptions): string {
  if (rules.length === 0)
    return '  No rule speaks against it: the template accepts every node, and this one has no taints.\n';
  const table = growingTable((cell, at) => (at === 1 ? paint.answer(cell) : cell));
  const rows = rules.flatMap((rule): readonly (readonly string[])[] => {
    const verdict = rule.verdict === 'allows' ? 'yes' : 'no';
    if (rule.rule !== 'nodeAffinity' || rule.terms.length < 2) {
      // The column before it says what the text is about.
      return [[rule.rule, verdict, plainCell(rule.text.replace(SUBJECT, ''))]];
    }
    const outcome =
      verdict === 'yes' ? 'one term has to match, and one does' : 'one term has to match, and none does';
    const terms = rule.terms.map((term) => [
      '',
      term.matches ? 'yes' : 'no',
      plainCell(termText(term, rule.terms.length)),
    ]);
    return [[rule.rule, verdict, outcome], ...terms];
  });
  return indented(table([['RULE', 'SAYS', 'WHY'], ...rows]));
}

const SUBJECT = /^(?:nodeSelector |required affinity: |taint )/;

function noteLines({ notes }: NodeReport): string {
  return notes.map((note) => `  Note: ${plainCell(note)}\n`).join('');
}

function podLines({ shouldRun, pods, newPodObstacles }: NodeReport): string {
  if (pods.length > 0) return pods.map((pod) => `  ${plainCell(podLine(pod))}\n`).join('');
  if (!shouldRun) return '  No pod of it is there.\n';
  const next = 'No pod of it is there yet: the controller creates one at its next sync';
  if (newPodObstacles === undefined) return `  ${next}.\n`;
  if (newPodObstacles.length === 0) return `  ${next}, and it fits.\n`;
  return `  ${plainCell(`${next}, and it stays pending: ${newPodObstacles.map(fitProblemText).join('; ')}`)}\n`;
}

function podLine({ name, state, reason, message, restarts, because }: PodStanding): string {
  const trouble = reason === undefined ? '' : ` (${reason}${message === undefined ? '' : `: ${message}`})`;
  const again = restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  const shown = state === 'Unbound' ? 'Pending' : state;
  return `pod/${name}: ${shown}${trouble}${again}; ${because}`;
}

function editLines({ edits }: NodeReport, { paint, wide }: ReportTextOptions): string {
  if (edits === undefined || edits.alternatives.length === 0) return '';
  const aim = edits.runsNow ? 'keep it away' : 'have it here';
  const count = edits.smallest ? `${edits.count} edits` : `up to ${edits.count} edits`;
  const title = `To ${aim}${edits.count > 1 ? `, ${count} are needed` : ''}:`;
  const limit = wide ? ALL_NAMES : FEW_NAMES;
  const lines = edits.alternatives.flatMap((one, index) =>
    alternativeLines(one, { isFirst: index === 0, commands: true, of: 1, limit }),
  );
  return indented(`${[paint.strong(title), ...lines].join('\n')}\n`);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
