import { parseFault } from '../../sim/faults.ts';
import { planRollout } from '../../sim/plan.ts';
import type { PlanReport } from '../../sim/plan-report.ts';
import { ScenarioError } from '../../sim/scenario-error.ts';
import { parseStrategy } from '../../sim/strategy.ts';
import { DEFAULT_TIMING, type Timing } from '../../sim/timing.ts';
import { parsePlanDuration } from '../../sim/wording.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import type { Flag } from '../flags.ts';
import { manifestFlags } from '../manifest-objects.ts';
import { startingCluster } from '../plan/cluster.ts';
import { planOutputs } from '../plan/outputs.ts';
import { laterChange, planTarget } from '../plan/target.ts';

const stages = ['pull', 'init', 'start', 'ready', 'stop'] as const;
const seconds = (name: (typeof stages)[number]): string => `${DEFAULT_TIMING[`${name}Ms`] / 1000}s`;

const timingFlags: readonly Flag[] = [
  { name: 'pull', usage: 'How long a node pulls an image that it has not run yet.' },
  { name: 'init', usage: 'How long the init containers of a pod take together.' },
  { name: 'start', usage: 'How long the containers of a pod take to start.' },
  { name: 'ready', usage: 'How long started containers take to be ready.' },
  { name: 'stop', usage: 'How long a deleted pod takes to stop, at most its grace period.' },
].map(({ name, usage }) => ({
  name,
  type: 'duration',
  default: seconds(name as (typeof stages)[number]), // the names above are the stages
  usage,
}));

/** `kdaemon plan`. */
export const command: CommandSpec = {
  name: 'plan',
  summary: 'Tell how the rollout of a DaemonSet would go, without touching anything',
  usage: 'kdaemon plan (-f FILENAME | ds/NAME [--set-image=CONTAINER=IMAGE | --undo]) [options]',
  flags: [
    ...manifestFlags,
    {
      name: 'set-image',
      type: 'strings',
      default: '[]',
      usage: 'Give containers other images: CONTAINER=IMAGE; * stands for all containers.',
    },
    { name: 'undo', type: 'bool', default: 'false', usage: 'Go back to the revision before.' },
    { name: 'to-revision', type: 'int', default: '0', usage: 'With --undo, the revision to go back to.' },
    {
      name: 'then',
      type: 'repeated',
      default: '[]',
      usage:
        'A later change, AFTER:CHANGE: a file to apply, CONTAINER=IMAGE, or undo. 60s:next.yaml; may be repeated.',
    },
    {
      name: 'from',
      type: 'string',
      default: "''",
      usage: 'Plan on what a file holds: the output of "kubectl get nodes,ds,pods -A -o json"; - is standard input.',
    },
    {
      name: 'nodes',
      type: 'string',
      default: "''",
      usage: 'Plan on the nodes of a file instead of those of the cluster.',
    },
    { name: 'fault', type: 'repeated', default: '[]', usage: 'Something that goes wrong; may be repeated.' },
    { name: 'seed', type: 'int', default: '1', usage: 'Chance of a plan: the same seed gives the same plan.' },
    {
      name: 'compare',
      type: 'strings',
      default: '[]',
      usage: 'Strategies to put side by side, such as maxUnavailable=1,maxUnavailable=10%,maxSurge=1,OnDelete.',
    },
    ...timingFlags,
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'text',
      usage: `Output format. One of: (${Object.keys(planOutputs).join(', ')}).`,
    },
  ],
  run: plan,
};

async function plan(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  const output = planOutputs[flags.string('output')];
  if (output === undefined) {
    throw new CommandError(
      `unable to match a printer suitable for the output format ${JSON.stringify(flags.string('output'))}, allowed formats are: ${Object.keys(planOutputs).join(',')}`,
    );
  }
  const report = await makePlan(invocation);
  const write = await output();
  context.streams.out(await write(report, { width: 80, color: false }));
}

async function makePlan(invocation: Invocation): Promise<PlanReport> {
  const { flags } = invocation;
  const { objects, now } = await startingCluster(invocation);
  const { key, changes } = await planTarget(invocation, objects);
  const later = [];
  try {
    for (const text of flags.strings('then')) {
      const [, after = '', what = ''] = /^([^:]*):(.+)$/.exec(text) ?? [];
      const atMs = parsePlanDuration(after);
      if (atMs === undefined) throw new CommandError(`--then ${text}: it is not AFTER:CHANGE, as 60s:next.yaml`);
      later.push(await laterChange(invocation, key, atMs, what));
    }
    return await planRollout({
      objects,
      target: key,
      changes: [...changes, ...later],
      timing: timingOf(invocation),
      faults: flags.strings('fault').map(parseFault),
      events: [],
      seed: flags.int('seed'),
      startedAt: now,
      compare: flags.strings('compare').map(parseStrategy),
    });
  } catch (error) {
    if (error instanceof ScenarioError) throw new CommandError(error.message);
    throw error;
  }
}

function timingOf({ flags }: Invocation): Timing {
  const ms = (name: (typeof stages)[number]): number =>
    flags.given(name) ? flags.duration(name) : DEFAULT_TIMING[`${name}Ms`];
  return {
    pullMs: ms('pull'),
    initMs: ms('init'),
    startMs: ms('start'),
    readyMs: ms('ready'),
    stopMs: ms('stop'),
  };
}
