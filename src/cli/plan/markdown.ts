import type { PlanReport } from '../../sim/plan-report.ts';
import { durationText, someOf } from '../../sim/wording.ts';
import {
  assumptionPhrase,
  availabilityPhrase,
  differencePhrase,
  EFFECT_WORDS,
  nodeGroups,
  requestsPhrase,
  resultPhrase,
  strategyPhrase,
} from './phrases.ts';

const signs = { complete: '✅', unchanged: '✅', onDelete: '⚠️', stuck: '❌' } as const;
const severities = { error: '❌ error', warning: '⚠️ warning', note: 'ℹ️ note' } as const;

/** A plan as a summary for a pull request, in GitHub's Markdown. */
export function planMarkdown(report: PlanReport): string {
  const { daemonSet, rollout, differences, findings, compared, steps } = report;
  const title = `### ${signs[rollout.outcome]} Rollout of daemonset ${code(`${daemonSet.namespace}/${daemonSet.name}`)}: ${rollout.outcome}`;
  const rows = [
    ['Result', inline(resultPhrase(report))],
    ['Available', inline(availabilityPhrase(report))],
    ['Strategy', inline(strategyPhrase(report))],
    ...steps.map(({ atMs, text }) => [atMs === 0 ? 'Change' : `At ${durationText(atMs)}`, code(text)]),
    ...differences.slice(0, 10).map((one) => ['Field', code(differencePhrase(one))]),
    ...(report.faults.length === 0 ? [] : [['Faults', report.faults.map(code).join(', ')]]),
    ['Requests', `${requestsPhrase(report.capacity.perPod)} a pod`],
  ];
  return [
    title,
    table(['', ''], rows),
    ...(rollout.stuck === undefined
      ? []
      : [
          `> **Stuck at ${durationText(rollout.stuck.atMs)}:** ${inline(rollout.stuck.because)}${rollout.stuck.advice === undefined ? '' : `\n>\n> **Advice:** ${inline(rollout.stuck.advice)}`}`,
        ]),
    ...(findings.length === 0
      ? []
      : [
          table(
            ['Finding', 'Rule', 'What'],
            findings.map(({ severity, rule, text }) => [severities[severity], code(rule), inline(text)]),
          ),
        ]),
    table(
      ['Nodes', 'Count', 'Which', 'Why'],
      nodeGroups(report).map(({ effect, because, nodes }) => [
        EFFECT_WORDS[effect],
        String(nodes.length),
        nodes.length > 6 ? inline(someOf(nodes)) : nodes.map(code).join(', '),
        inline(because),
      ]),
    ),
    ...(compared === undefined
      ? []
      : [
          table(
            ['Strategy', 'Result', 'Takes', 'Fewest available', 'Down at once', 'Extra pods'],
            compared.map((one) => [
              code(one.name),
              `${signs[one.outcome]} ${one.outcome}${one.outcome === 'stuck' ? ` at ${one.upToDate} of ${rollout.desired}` : ''}`,
              durationText(one.durationMs),
              `${one.fewestAvailable} of ${rollout.desired}`,
              String(one.mostUnavailable),
              String(one.mostSurge),
            ]),
          ),
        ]),
    `<sub>Assumed: ${inline(assumptionPhrase(report))}.</sub>`,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that Markdown must not read: names and messages come from manifests. */
function inline(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~#@!]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\s+/g, ' ');
}

/** Text as code. */
function code(text: string): string {
  const plain = text.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const fence = plain.includes('`') ? '``' : '`';
  return plain.includes('``') ? inline(text) : `${fence}${fence === '``' ? ` ${plain} ` : plain}${fence}`;
}
