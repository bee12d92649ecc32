import type { ComparedStrategy, PlanReport } from '../../sim/plan-report.ts';
import { counted, durationText, someOf } from '../../sim/wording.ts';
import type { Look } from './outputs.ts';
import {
  assumptionPhrase,
  availabilityPhrase,
  differencePhrase,
  EFFECT_WORDS,
  nodeGroups,
  requestsPhrase,
  resultPhrase,
  strategyPhrase,
  type WaveRun,
  waveRuns,
} from './phrases.ts';
import { aligned, type Paint, painter, wrapped } from './text-layout.ts';

const shownWaves = 8;
const shownDifferences = 12;

/** A plan for people: the summary first, what needs care last, where the eye rests. */
export async function planText(report: PlanReport, look: Look): Promise<string> {
  const paint = await painter(look.color);
  const sections = [
    summary(report, look, paint),
    nodesSection(report, look, paint),
    wavesSection(report, paint),
    comparedSection(report, paint),
    capacitySection(report, look, paint),
    stuckSection(report, look, paint),
    findingsSection(report, look, paint),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

type Lines = readonly string[];

function summary(report: PlanReport, look: Look, paint: Paint): Lines {
  const { daemonSet, change, rollout, steps, differences, faults } = report;
  const title = { create: 'a new DaemonSet', update: 'an update', none: 'no change of the DaemonSet' }[
    change
  ];
  const color =
    rollout.outcome === 'stuck' ? paint.bad : rollout.outcome === 'onDelete' ? paint.fair : paint.good;
  const rows: (readonly [string, string])[] = [
    ...steps.map(({ atMs, text }) => [atMs === 0 ? 'Change' : `At ${durationText(atMs)}`, text] as const),
    ...differences.slice(0, shownDifferences).map((one) => ['', differencePhrase(one)] as const),
    ...(differences.length > shownDifferences
      ? [['', `and ${differences.length - shownDifferences} more fields`] as const]
      : []),
    ['Strategy', strategyPhrase(report)],
    ...(faults.length === 0 ? [] : [['Faults', faults.join(', ')] as const]),
    ['Result', color(resultPhrase(report))],
    ...(rollout.desired === 0 ? [] : [['Available', availabilityPhrase(report)] as const]),
    ['Assumed', assumptionPhrase(report)],
  ];
  return [
    paint.bold(`Plan for daemonset.apps/${daemonSet.name} (${daemonSet.namespace}): ${title}`),
    ...rows.flatMap(([label, text]) => wrapped(text, look.width, `  ${label.padEnd(11)}`)),
  ];
}

function nodesSection(report: PlanReport, look: Look, paint: Paint): Lines {
  const groups = nodeGroups(report);
  if (groups.length === 0) return [];
  return [
    paint.bold('Nodes'),
    ...groups.flatMap(({ effect, because, nodes }) =>
      wrapped(
        `${someOf(nodes)}${because === '' ? '' : `: ${because}`}`,
        look.width,
        `  ${EFFECT_WORDS[effect].padEnd(13)}${String(nodes.length).padStart(5)}  `,
      ),
    ),
  ];
}

function wavesSection({ rollout }: PlanReport, paint: Paint): Lines {
  const { waves } = rollout;
  if (waves.length === 0) return [];
  const runs = waveRuns(waves);
  const shown = runs.length <= shownWaves ? runs : [...runs.slice(0, shownWaves - 2), ...runs.slice(-1)];
  const lines = shown.map(waveLine);
  const left = runs.slice(shownWaves - 2, -1).reduce((sum, { count }) => sum + count, 0);
  if (runs.length > shownWaves) lines.splice(shownWaves - 2, 0, ['', `… ${counted(left, 'more wave')} …`]);
  return [paint.bold(`Waves (${waves.length})`), ...aligned(lines)];
}

function waveLine({ first, last, count }: WaveRun): readonly string[] {
  const lengthMs = last.toMs - last.fromMs;
  const span = `${durationText(first.fromMs)} to ${durationText(last.toMs)}`;
  if (count === 1) {
    const size = first.nodes.length === 1 ? '' : `${first.nodes.length} nodes: `;
    return [`${first.number}`, span, `${size}${someOf(first.nodes, 3)}`];
  }
  const nodes = `${counted(first.nodes.length, 'node')} a wave, ${durationText(lengthMs)} each`;
  return [
    `${first.number}–${last.number}`,
    span,
    `${nodes}: ${first.nodes[0] ?? ''} … ${last.nodes.at(-1) ?? ''}`,
  ];
}

function comparedSection({ compared, rollout }: PlanReport, paint: Paint): Lines {
  if (compared === undefined) return [];
  const head = [
    'STRATEGY',
    'RESULT',
    'TAKES',
    'FEWEST AVAILABLE',
    'DOWN AT ONCE',
    'EXTRA PODS',
    'EXTRA REQUESTS',
  ];
  const rows = compared.map((one) => comparedRow(one, rollout.desired));
  return [paint.bold('Strategies compared'), ...aligned([head, ...rows])];
}

function comparedRow(one: ComparedStrategy, desired: number): readonly string[] {
  return [
    one.name,
    one.outcome === 'stuck' ? `stuck at ${one.upToDate} of ${desired}` : one.outcome,
    durationText(one.durationMs),
    `${one.fewestAvailable} of ${desired}`,
    String(one.mostUnavailable),
    String(one.mostSurge),
    one.mostSurge === 0 ? '–' : requestsPhrase(one.extra),
  ];
}

function capacitySection({ capacity, change }: PlanReport, look: Look, paint: Paint): Lines {
  const { perPod, perPodBefore, added, shares, pending, hostPortClashes } = capacity;
  const before = requestsPhrase(perPodBefore);
  const now = requestsPhrase(perPod);
  const pod = change === 'create' || before === now ? now : `${before} → ${now}`;
  const sum = sumPhrase(added);
  const rows: (readonly [string, string])[] = [
    ['Per pod', `${pod}${sum === '' ? '' : `; ${sum} on all nodes together`}`],
  ];
  const busiest = [...shares].sort((a, b) => worst(b) - worst(a))[0];
  if (busiest !== undefined && worst(busiest) > 0) {
    const { node, cpuPercent, memoryPercent } = busiest;
    const parts = [
      cpuPercent === null ? '' : `${cpuPercent}% of cpu`,
      memoryPercent === null ? '' : `${memoryPercent}% of memory`,
    ].filter((part) => part !== '');
    rows.push(['Node share', `all DaemonSets request at most ${parts.join(' and ')} (on ${node})`]);
  }
  for (const [because, nodes] of grouped(pending, (one) => one.because).slice(0, 5))
    rows.push(['Pending', `${someOf(nodes.map(({ node }) => node))}: ${because}`]);
  for (const [port, clashes] of grouped(hostPortClashes, (one) => one.port)) {
    const [first] = clashes;
    if (first === undefined) continue;
    const nodes = [...new Set(clashes.map(({ node }) => node))];
    const holder = `held by ${first.heldBy}${nodes.length === 1 ? '' : ' and others'}`;
    rows.push(['Host port', `${port} on ${someOf(nodes)}: ${holder}`]);
  }
  return [
    paint.bold('Capacity'),
    ...rows.flatMap(([label, text]) => wrapped(text, look.width, `  ${label.padEnd(12)}`)),
  ];
}

/** Things with the same key together, the larger groups first. */
function grouped<T>(
  things: readonly T[],
  keyOf: (thing: T) => string,
): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const thing of things) groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing]);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}

function sumPhrase({ cpuMilli, memoryBytes, other = {} }: PlanReport['capacity']['added']): string {
  const amounts = [cpuMilli, memoryBytes, ...Object.values(other)].filter((amount) => amount !== 0);
  if (amounts.length === 0) return '';
  const isLess = amounts.every((amount) => amount < 0);
  const sign = isLess ? -1 : 1;
  const shown = {
    cpuMilli: sign * cpuMilli,
    memoryBytes: sign * memoryBytes,
    other: Object.fromEntries(Object.entries(other).map(([name, amount]) => [name, sign * amount])),
  };
  return `${requestsPhrase(shown)} ${isLess ? 'less' : 'more'}`;
}

const worst = ({ cpuPercent, memoryPercent }: PlanReport['capacity']['shares'][number]): number =>
  Math.max(cpuPercent ?? 0, memoryPercent ?? 0);

function stuckSection({ rollout }: PlanReport, look: Look, paint: Paint): Lines {
  const { stuck } = rollout;
  if (stuck === undefined) return [];
  const more = stuck.advice === undefined ? [] : wrapped(stuck.advice, look.width, '  Advice     ');
  return [
    paint.bad(`Stuck at ${durationText(stuck.atMs)}`),
    ...wrapped(stuck.because, look.width, '  Because    '),
    ...grouped(stuck.nodes, ({ because }) => because).flatMap(([because, nodes]) =>
      wrapped(
        `${someOf(nodes.map(({ node }) => node))}: ${because}`,
        look.width,
        `  ${String(nodes.length).padEnd(10)} `,
      ),
    ),
    ...more,
  ];
}

function findingsSection({ findings }: PlanReport, look: Look, paint: Paint): Lines {
  if (findings.length === 0) return [];
  const paints = { error: paint.bad, warning: paint.fair, note: (text: string) => text } as const;
  return [
    paint.bold(`Findings (${findings.length})`),
    ...findings.flatMap(({ severity, rule, text }) => {
      const [first = '', ...rest] = wrapped(`${text} [${rule}]`, look.width, `  ${severity.padEnd(9)}`);
      return [first.replace(severity, paints[severity](severity)), ...rest];
    }),
  ];
}
