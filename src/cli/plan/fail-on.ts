import { FINDING_RULES } from '../../sim/findings.ts';
import type { PlanReport } from '../../sim/plan-report.ts';
import { counted, durationText, parsePlanDuration, someOf } from '../../sim/wording.ts';
import { CommandError } from '../errors.ts';
import { availabilityPhrase } from './phrases.ts';

/** Answers why a plan fails, in one line; undefined when it does not. */
export type FailureCheck = (report: PlanReport) => string | undefined;

/** Every word of `--fail-on`, for help, completion and refusals. */
export const FAIL_ON_WORDS: readonly string[] = [
  'stuck',
  'pending',
  'blocked',
  'fewer-nodes',
  'on-delete',
  'unavailable>N',
  'unavailable>N%',
  'duration>TIME',
  'findings',
  'errors',
];

const plainChecks: Readonly<Record<string, FailureCheck>> = {
  stuck: ({ rollout: { stuck } }) =>
    stuck && `the rollout is stuck after ${durationText(stuck.atMs)}: ${stuck.because}`,
  pending: ({ capacity: { pending } }) =>
    pending[0] &&
    `the new pod stays Pending on ${counted(pending.length, 'node')}: ${someOf(pending.map(({ node }) => node))}: ${pending[0].because}`,
  blocked: ({ nodes }) => {
    const names = nodes.filter(({ effect }) => effect === 'blocked').map(({ node }) => node);
    return names.length === 0
      ? undefined
      : `${counted(names.length, 'node')} do not get what they should: ${someOf(names)}`.replace(
          '1 node do not get what they',
          '1 node does not get what it',
        );
  },
  'fewer-nodes': ({ nodes }) => {
    const lost = nodes.filter(({ effect }) => effect === 'lose');
    return (
      lost[0] &&
      `${counted(lost.length, 'node')} would lose the pod: ${someOf(lost.map(({ node }) => node))}: ${lost[0].because}`
    );
  },
  'on-delete': ({ rollout: { outcome } }) =>
    outcome === 'onDelete' ? 'the strategy is OnDelete: no pod is replaced' : undefined,
  findings: ({ findings }) => findingLine(findings.filter(({ severity }) => severity !== 'note')),
  errors: ({ findings }) => findingLine(findings.filter(({ severity }) => severity === 'error')),
};

function findingLine(findings: PlanReport['findings']): string | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  const more = findings.length === 1 ? '' : ` (and ${counted(findings.length - 1, 'more finding')})`;
  return `${first.rule}: ${first.text}${more}`;
}

/**
 * Reads one condition of `--fail-on`: a word, `unavailable>3`, `unavailable>10%`, `duration>10m`, or the rule of a
 * finding. Throws CommandError with the list of words.
 */
export function parseFailOn(text: string): FailureCheck {
  const plain = Object.hasOwn(plainChecks, text) ? plainChecks[text] : undefined;
  if (plain !== undefined) return plain;
  const [, word, limit = ''] = /^(unavailable|duration)>(.+)$/.exec(text) ?? [];
  if (word === 'unavailable' && /^\d+%?$/.test(limit)) return unavailableCheck(text, limit);
  const limitMs = word === 'duration' ? parsePlanDuration(limit) : undefined;
  if (limitMs !== undefined) {
    return ({ rollout: { durationMs } }) =>
      durationMs > limitMs ? `${text}: the rollout takes ${durationText(durationMs)}` : undefined;
  }
  if (FINDING_RULES.some((rule) => rule === text)) {
    return ({ findings }) => findingLine(findings.filter(({ rule }) => rule === text));
  }
  throw new CommandError(
    `--fail-on ${JSON.stringify(text)}: it is none of ${FAIL_ON_WORDS.join(', ')}, nor a finding (${FINDING_RULES.join(', ')})`,
  );
}

/** For a new DaemonSet only the end counts: before it, no node had a pod to lose. */
function unavailableCheck(text: string, limit: string): FailureCheck {
  return (report) => {
    const { rollout, change } = report;
    const { desired, available, mostUnavailable } = rollout;
    const down = change === 'create' ? desired - available : mostUnavailable;
    const most = limit.endsWith('%') ? (Number(limit.slice(0, -1)) * desired) / 100 : Number(limit);
    if (down <= most) return undefined;
    return `${text}: ${counted(down, 'node')} of ${desired} without an available pod at once; ${availabilityPhrase(report)}`;
  };
}
