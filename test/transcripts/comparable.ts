import { type MaskedLine, maskLine } from './masks.ts';
import type { Answer } from './transcript.ts';

/** What of an answer counts: masked lines per stream. */
export interface ComparableAnswer {
  readonly exit: number;
  readonly stdout: readonly MaskedLine[];
  readonly stderr: readonly MaskedLine[];
}

type LineFilter = (lines: readonly string[]) => readonly string[];

/** The part of an answer to `run` that counts, as FORMAT.md of the recordings says. */
export function comparable(run: string, { exit, stdout, stderr }: Answer): ComparableAnswer {
  const filters = filtersFor(run);
  const masked = (text: string): readonly MaskedLine[] =>
    filters.reduce((lines, filter) => filter(lines), linesOf(text)).map(maskLine);
  return { exit, stdout: masked(stdout), stderr: masked(stderr) };
}

/** The program's own name is no part of the contract. The last line keeps the mark of a missing line end. */
function linesOf(text: string): readonly string[] {
  const lines = text.replace(/\bkubectl\b(?![.-])/g, 'kdaemon').split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}‹no line end›`];
}

function filtersFor(run: string): readonly LineFilter[] {
  const [verb = '', ...rest] = run
    .split(' ')
    .filter((word) => !word.startsWith('-'))
    .slice(1);
  const filters: LineFilter[] = [withoutMachinery];
  if (verb === 'rollout' && rest[0] === 'status') filters.push(withoutProgress);
  if (verb === 'explain') filters.push(withoutDescriptions);
  if (verb === 'describe') filters.push(withoutLease, withEventReasons);
  if (verb === 'events' || (verb === 'get' && /^(events?|ev)\b/.test(rest[0] ?? '')))
    filters.push(eventReasons);
  return filters;
}

/** What only the recording's cluster has. */
const withoutMachinery: LineFilter = (lines) =>
  lines.filter((line) => !/^(\S+ +)?(service\/kubernetes|(configmap\/)?kube-root-ca\.crt)\b/.test(line));

/** How often a rollout said that it waits is timing. */
const withoutProgress: LineFilter = (lines) => lines.filter((line) => !line.startsWith('Waiting for '));

/** Headings, fields, types and enums are the contract of `explain`; its sentences are not. */
const withoutDescriptions: LineFilter = (lines) =>
  lines.filter((line) => line !== '' && !line.startsWith('    ') && line !== 'DESCRIPTION:');

/** The recording's kubelets held leases. */
const withoutLease: LineFilter = (lines) => {
  const start = lines.findIndex((line) => line.startsWith('Lease:'));
  if (start < 0) return lines;
  const end = lines.findIndex((line, at) => at > start && !line.startsWith(' '));
  return [...lines.slice(0, start), ...lines.slice(end < 0 ? lines.length : end)];
};

/** Which events had happened is timing, but not which reasons there are. */
const withEventReasons: LineFilter = (lines) => {
  const start = lines.findIndex((line) => /^Events:/.test(line));
  if (start < 0) return lines;
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith(' '));
  const end = length < 0 ? lines.length : start + 1 + length;
  const reasons = lines.slice(start + 3, end).map((line) => line.trim().split(/ {2,}/).slice(0, 2).join(' '));
  return [
    ...lines.slice(0, start),
    'Events:',
    ...[...new Set(reasons)].sort(),
    ...withEventReasons(lines.slice(end)),
  ];
};

const eventReasons: LineFilter = ([head = '', ...lines]) => {
  const reason = head.split(/ {2,}/).indexOf('REASON');
  const reasons = lines.map((line) => line.split(/ {2,}/)[reason] ?? '');
  return [head, ...[...new Set(reasons)].sort()];
};
