import { dirname, resolve } from 'node:path';
import type { ObjectKey } from '../../api/meta.ts';
import { readDocuments } from '../../domain/yaml/documents.ts';
import { YamlError } from '../../domain/yaml/yaml-error.ts';
import { FAULT_FORMS, parseFault } from '../../sim/faults.ts';
import type { PlannedChange } from '../../sim/rollout-run.ts';
import { type LaterChange, parseScenario, type Scenario } from '../../sim/scenario.ts';
import { ScenarioError } from '../../sim/scenario-error.ts';
import type { PlanOptions } from '../../sim/simulate.ts';
import { parseStrategy } from '../../sim/strategy.ts';
import { DEFAULT_TIMING, type Timing } from '../../sim/timing.ts';
import { parsePlanDuration } from '../../sim/wording.ts';
import type { Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import type { Flag, FlagValues } from '../flags.ts';
import { readText } from '../manifests/read-text.ts';
import { laterChange } from './target.ts';

const stages: Readonly<Record<'pull' | 'init' | 'start' | 'ready' | 'stop', string>> = {
  pull: 'How long a node pulls an image that it has not run yet.',
  init: 'How long the init containers of a pod take together.',
  start: 'How long the containers of a pod take to start.',
  ready: 'How long started containers take to be ready.',
  stop: 'How long a deleted pod takes to stop, at most its grace period.',
};
type StageName = keyof typeof stages;
const stageNames = Object.keys(stages) as readonly StageName[]; // the literal above has no others

/** Flags that say how long things take and what goes wrong. */
export const wishFlags: readonly Flag[] = [
  {
    name: 'fault',
    type: 'repeated',
    default: '[]',
    usage: `Something that goes wrong; may be repeated. One of: ${FAULT_FORMS.join(', ')}.`,
  },
  {
    name: 'scenario',
    type: 'string',
    default: "''",
    usage: 'A file with faults, events of nodes, later changes and timing.',
  },
  {
    name: 'then',
    type: 'repeated',
    default: '[]',
    usage:
      'A later change, AFTER:CHANGE, such as 60s:next.yaml, 60s:agent=registry.example/agent:v3 or 2m:undo; may be repeated.',
  },
  {
    name: 'compare',
    type: 'strings',
    default: '[]',
    usage: 'Strategies to put side by side: maxUnavailable=1,maxUnavailable=10%,maxSurge=1,OnDelete.',
  },
  { name: 'seed', type: 'int', default: '1', usage: 'Chance of a plan: the same seed gives the same plan.' },
  ...stageNames.map(
    (name): Flag => ({
      name,
      type: 'duration',
      default: `${DEFAULT_TIMING[`${name}Ms`] / 1000}s`,
      usage: stages[name],
    }),
  ),
];

/** What the flags and the scenario file wish for; flags win over the file. */
export type Wishes = Pick<PlanOptions, 'timing' | 'faults' | 'events' | 'seed' | 'compare'> & {
  /** In the order of their times. */
  readonly later: readonly PlannedChange[];
};

/** Reads the wishes for a DaemonSet. Throws CommandError where they make no sense. */
export async function readWishes(invocation: Invocation, key: ObjectKey): Promise<Wishes> {
  const { flags } = invocation;
  const file = flags.string('scenario');
  const scenario = file === '' ? undefined : await readScenario(file);
  const later = [
    ...(scenario?.later ?? []).map((one) => besideFile(one, file)),
    ...flags.strings('then').map(parseThen),
  ].sort((a, b) => a.atMs - b.atMs);
  const changes: PlannedChange[] = [];
  for (const { atMs, what } of later) changes.push(await laterChange(invocation, key, atMs, what));
  return {
    timing: timingOf(flags, scenario),
    faults: [...(scenario?.faults ?? []), ...flags.strings('fault').map(parseFault)],
    events: scenario?.events ?? [],
    seed: flags.given('seed') ? flags.int('seed') : (scenario?.seed ?? flags.int('seed')),
    compare: flags.strings('compare').map(parseStrategy),
    later: changes,
  };
}

async function readScenario(file: string): Promise<Scenario> {
  try {
    const [document, ...more] = [...readDocuments(await readText(file))];
    if (document === undefined || more.length > 0) throw new ScenarioError('a scenario is one document');
    const [twice] = document.duplicateKeys;
    if (twice !== undefined) throw new ScenarioError(twice);
    return parseScenario(document.value);
  } catch (error) {
    if (!(error instanceof ScenarioError || error instanceof YamlError)) throw error;
    throw new CommandError(`scenario ${file}: ${error.message}`);
  }
}

/** Files that a scenario names lie beside it. */
function besideFile(change: LaterChange, file: string): LaterChange {
  const { what } = change;
  const isFile = !what.includes('=') && what !== 'undo' && what !== '-';
  return isFile ? { ...change, what: resolve(dirname(file), what) } : change;
}

function parseThen(text: string): LaterChange {
  const [, after = '', what = ''] = /^([^:]*):(.+)$/s.exec(text) ?? [];
  const atMs = parsePlanDuration(after);
  if (atMs === undefined)
    throw new CommandError(`--then ${JSON.stringify(text)}: it is not AFTER:CHANGE, such as 60s:next.yaml`);
  return { atMs, what };
}

function timingOf(flags: FlagValues, scenario: Scenario | undefined): Timing {
  const timing: Timing = { ...DEFAULT_TIMING, ...scenario?.timing };
  const given = stageNames.filter((name) => flags.given(name));
  for (const name of given)
    if (flags.duration(name) < 0) throw new CommandError(`--${name} must not be negative`);
  return { ...timing, ...Object.fromEntries(given.map((name) => [`${name}Ms`, flags.duration(name)])) };
}
