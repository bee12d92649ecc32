import { pause } from '../../runtime/pause.ts';
import { planRollout } from '../../sim/plan.ts';
import type { PlanReport } from '../../sim/plan-report.ts';
import { ScenarioError } from '../../sim/scenario-error.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, QuietExit } from '../errors.ts';
import { manifestFlags } from '../manifest-objects.ts';
import { startingCluster } from '../plan/cluster.ts';
import { FAIL_ON_WORDS, parseFailOn } from '../plan/fail-on.ts';
import { type Look, planOutputs, type WritePlan } from '../plan/outputs.ts';
import { type PlaySpeed, parsePlaySpeed, playPlan, statePainter } from '../plan/play.ts';
import { planTarget } from '../plan/target.ts';
import { readWishes, wishFlags } from '../plan/wishes.ts';
import { stopSignal } from '../stop-signal.ts';

/** `kdaemon plan`. */
export const command: CommandSpec = {
  name: 'plan',
  summary: 'Tell how the rollout of a DaemonSet would go, without touching anything',
  description: `Tell how the rollout of a DaemonSet would go, without touching anything.

 The ordinary controllers, scheduler and kubelets run on a copy of the cluster in memory, in virtual time: which nodes gain, lose or change their pod, how long the rollout takes wave by wave, how many pods serve at the worst moment, whether it gets stuck and why, what it requests, and what else is worth knowing before it is shipped. Other workloads stay as they are. How long pods take is assumed, and said.

 The cluster is the store's, an API server's (--server, --kubeconfig; it is only read), or that of a file (--from). --nodes puts other nodes in its place.

 A scenario file is YAML, and each of its fields may be left out: seed: 7, timing: {pull: 20s}, faults: ["image-crashes@v2"], then: [{at: 60s, apply: next.yaml}] (or setImage, undo), events: [{at: 40s, node: worker-3, becomes: lost}] (or not-ready, ready, removed, cordoned, uncordoned; or taint, labels, add in place of becomes).

 With --fail-on the exit code is 1 when one of the conditions holds, and standard error says which: ${FAIL_ON_WORDS.join(', ')}, or the rule of a finding.`,
  examples: [
    '# What would this manifest do?',
    'kdaemon plan -f daemonset.yaml',
    '',
    '# What would a new image do to a real cluster, one node after another or a tenth of them at a time?',
    'kubectl get nodes,ds,pods,controllerrevisions,priorityclasses -A -o json > cluster.json',
    'kdaemon plan ds/agent --from cluster.json --set-image agent=registry.example/agent:v2 --compare maxUnavailable=1,maxUnavailable=10%,maxSurge=1',
    '',
    '# What if the new image crashes, and a node is lost meanwhile?',
    'kdaemon plan ds/agent --set-image agent=registry.example/agent:v2 --fault image-crashes@v2 --fault node-lost:worker-3@40s',
    '',
    '# Two updates in a row',
    'kdaemon plan -f v2.yaml --then 30s:v3.yaml',
    '',
    '# The timeline as a page for the browser, and in the terminal while you wait',
    'kdaemon plan -f daemonset.yaml -o html > plan.html',
    'kdaemon plan -f daemonset.yaml --play',
    '',
    '# In CI: a summary for the pull request, and a failure when the rollout would get stuck',
    'kdaemon plan -f daemonset.yaml -o markdown --fail-on "stuck,pending,unavailable>10%"',
  ],
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
      name: 'from',
      type: 'string',
      default: "''",
      usage:
        'Plan on the cluster of a file, as "kubectl get nodes,ds,pods -A -o json" prints it; - is standard input.',
    },
    {
      name: 'nodes',
      type: 'string',
      default: "''",
      usage: 'Plan on the nodes of a file instead of those of the cluster.',
    },
    ...wishFlags,
    {
      name: 'fail-on',
      type: 'strings',
      default: '[]',
      usage: `Exit with 1 when one of these holds: ${FAIL_ON_WORDS.join(', ')}, or the rule of a finding.`,
    },
    {
      name: 'play',
      type: 'string',
      default: "''",
      bare: '10s',
      usage:
        'Replay the rollout in a line of the terminal before the result is printed: the whole of it in a time (--play=10s), or so much faster than in reality (--play=60x). Nothing is replayed where standard error is not a terminal.',
    },
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
  const load = outputFor(flags.string('output'));
  const checks = flags.strings('fail-on').map(parseFailOn);
  const speed = flags.given('play') ? parsePlaySpeed(flags.string('play')) : undefined;
  const report = await makePlan(invocation);
  const write = await load();
  if (speed !== undefined && context.streams.errIsTerminal) await replay(invocation, report, speed);
  context.streams.out(await write(report, lookOf(invocation)));
  for (const check of checks) {
    const failure = check(report);
    if (failure !== undefined) throw new CommandError(failure.replace(/\s+/g, ' '));
  }
}

/** `--play`. Throws QuietExit when it is interrupted. */
async function replay({ context }: Invocation, report: PlanReport, speed: PlaySpeed): Promise<void> {
  const { streams, env, clock } = context;
  const stop = stopSignal();
  try {
    const came = await playPlan(report, speed, {
      columns: () => process.stderr.columns ?? (Number(env.COLUMNS) || 80),
      write: (text) => streams.err(text),
      now: () => clock.now(),
      pause,
      signal: stop.signal,
      paint: await statePainter(!isPlain(env)),
    });
    if (!came) throw new QuietExit(130);
  } finally {
    stop.forget();
  }
}

const isPlain = (env: Invocation['context']['env']): boolean =>
  (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';

function outputFor(name: string): () => Promise<WritePlan> {
  const load = Object.hasOwn(planOutputs, name) ? planOutputs[name] : undefined;
  if (load !== undefined) return load;
  const known = Object.keys(planOutputs).join(',');
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(name)}, allowed formats are: ${known}`,
  );
}

async function makePlan(invocation: Invocation): Promise<PlanReport> {
  try {
    const { objects, now } = await startingCluster(invocation);
    const { key, changes } = await planTarget(invocation, objects);
    const { later, ...wishes } = await readWishes(invocation, key);
    return await planRollout({
      ...wishes,
      objects,
      target: key,
      changes: [...changes, ...later],
      startedAt: now,
    });
  } catch (error) {
    if (error instanceof ScenarioError) throw new CommandError(error.message);
    throw error;
  }
}

function lookOf({ context: { streams, env } }: Invocation): Look {
  const columns = Number(env.COLUMNS);
  return {
    width: Number.isInteger(columns) && columns >= 40 ? Math.min(columns, 160) : 100,
    color: streams.outIsTerminal && !isPlain(env),
  };
}
