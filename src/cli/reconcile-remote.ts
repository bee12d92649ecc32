import { hostname } from 'node:os';
import { defaultAgents } from '../agents/all.ts';
import type { KindRef } from '../api/meta.ts';
import { StatusError } from '../api/status.ts';
import { defaultControllers } from '../controllers/all.ts';
import { createReportCollector, type ReportCollector } from '../controllers/report.ts';
import type { Controller } from '../runtime/controller.ts';
import { kindKey } from '../runtime/kind-key.ts';
import { createManager, type Manager } from '../runtime/manager.ts';
import { pause } from '../runtime/pause.ts';
import type { FixedPoint } from '../runtime/run-to-fixed-point.ts';
import { runUntilStopped } from '../runtime/run-until-stopped.ts';
import type { Invocation } from './command.ts';
import { CommandError } from './errors.ts';
import { observedWrites } from './observed-writes.ts';
import { CONTROLLERS_ANNOTATION, SERVER_LEASE } from './reconcile-lease.ts';
import { lineReporter } from './reconcile-lines.ts';
import { printReport } from './reconcile-once.ts';
import { type Election, election } from './remote/leader-election.ts';
import { otherControllers } from './remote/other-controllers.ts';
import type { RemoteClient } from './remote/remote-client.ts';
import { steadyClient } from './remote/steady-client.ts';
import { chosenControllers, shortName } from './serve/controller-choice.ts';
import { stopSignal } from './stop-signal.ts';

/** What runs when `--controllers` is not given: the server's own control plane does the rest. */
const BY_DEFAULT = ['daemonset'];
/** How often a one-shot looks whether anything has happened, in milliseconds. */
const LOOK_MS = 50;
/** How long a one-shot bears a server that went away in the middle, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * `kdaemon reconcile` over an API server: its DaemonSet controller, or other controllers that `--controllers` names.
 * Time is real; the scheduler and the kubelets are the server's. A lease keeps two of them from working at once.
 */
export async function reconcileRemote(invocation: Invocation): Promise<void> {
  const { flags, context } = invocation;
  for (const name of ['now', 'advance'] as const) {
    if (flags.given(name))
      throw new CommandError(`--${name} moves the clock of a store: an API server's time is real`);
  }
  const json = flags.string('output') === 'json';
  const lines = lineReporter(context.streams, json);
  const collector = createReportCollector();
  const watching = flags.bool('watch');
  const choose = (): readonly Controller[] => chosen(invocation, watching ? lines.onSync : collector.onSync);
  const names = choose().map(shortName);
  if (names.length === 0) throw new CommandError('--controllers leaves nothing to run');
  const remote = await context.remote();
  await otherControllers(remote, names, context);
  const candidate = election({
    client: remote,
    key: SERVER_LEASE,
    identity: `${hostname()}_${context.random.uuid()}`,
    durationMs: leaseDuration(invocation),
    clock: context.clock,
    annotations: { [CONTROLLERS_ANNOTATION]: names.join(',') },
  });
  /** A manager that knows nothing yet; others may have worked since there was one. */
  const open = () => {
    const controllers = choose();
    const followed = followedBy(remote, controllers);
    const client = steadyClient(followed);
    const manager = createManager({
      client: watching ? observedWrites(client, lines.onWrite) : client,
      clock: context.clock,
      random: context.random,
      controllers,
    });
    return { manager, client, close: () => followed.close() };
  };
  const stop = stopSignal();
  try {
    if (watching) await lead(invocation, candidate, open, stop.signal);
    else await once(invocation, candidate, open, collector, stop.signal);
  } finally {
    stop.forget();
  }
}

type Open = () => {
  readonly manager: Manager;
  readonly client: ReturnType<typeof steadyClient>;
  close(): void;
};

/** The controllers that `--controllers` asks for. `*` is all but the agents: those are asked for by name. */
function chosen({ flags }: Invocation, onSync: ReportCollector['onSync']): readonly Controller[] {
  const words = flags.given('controllers') ? flags.strings('controllers') : BY_DEFAULT;
  const agents = defaultAgents();
  const asked = agents.filter((agent) => words.includes(shortName(agent)));
  // The others count too: so that `-scheduler` is a name that is known.
  const choice = chosenControllers([...defaultControllers({ onSync }), ...agents], words);
  return choice.filter((controller) => !agents.includes(controller) || asked.includes(controller));
}

function leaseDuration({ flags }: Invocation): number {
  const duration = flags.duration('lease-duration');
  if (duration < 1000) throw new CommandError('--lease-duration must be at least 1s');
  return duration;
}

/** The server as these controllers see it: the kinds that they watch. */
function followedBy(remote: RemoteClient, controllers: readonly Controller[]): RemoteClient {
  const kinds = new Map<string, KindRef>();
  for (const { kind } of controllers.flatMap(({ watches }) => watches)) {
    if (kind === '*') return remote.narrowed(undefined);
    kinds.set(kindKey(kind), kind);
  }
  return remote.narrowed([...kinds.values()]);
}

/** Works whenever the lease is ours, until the signal aborts. */
async function lead(
  { context, flags }: Invocation,
  candidate: Election,
  open: Open,
  signal: AbortSignal,
): Promise<void> {
  const { streams } = context;
  const say = (text: string): void => {
    if (streams.errIsTerminal || flags.string('output') !== 'json') streams.err(text);
  };
  let trouble = '';
  const onRefusal = (error: unknown): void => {
    const text = messageOf(error);
    if (text !== trouble) streams.err(`${text}; trying again\n`);
    trouble = text;
  };
  while (!signal.aborted) {
    const isOurs = await candidate.win(signal, (heldUp) => {
      if ('heldBy' in heldUp) say(`Waiting for ${heldUp.heldBy}, which is reconciling this server.\n`);
      else onRefusal(heldUp.failure);
    });
    if (!isOurs) return;
    say('Reconciling; ^C ends it.\n');
    const { manager, client, close } = open();
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const keeping = candidate.keep(both).then((isKept) => {
      if (!isKept) ended.abort();
      return isKept;
    });
    try {
      const onStep = (): void => {
        trouble = '';
      };
      await runUntilStopped({ manager, client, clock: context.clock, signal: both, onStep, onRefusal });
    } finally {
      ended.abort();
      close();
    }
    if (await keeping) await candidate.release().catch(onRefusal);
    else if (!signal.aborted)
      streams.err('The lease is lost: somebody else may be reconciling this server now.\n');
  }
}

/** Works until nothing changes any more, and prints what was done. */
async function once(
  { flags, context }: Invocation,
  candidate: Election,
  open: Open,
  collector: ReportCollector,
  signal: AbortSignal,
): Promise<void> {
  const holder = await candidate.winUnlessHeld(signal);
  if (holder !== undefined) throw new CommandError(`${holder} is reconciling this server already`);
  if (signal.aborted) return;
  const { manager, close } = open();
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  let isLost = false;
  const keeping = candidate.keep(both).then((isKept) => {
    isLost = !isKept;
    if (isLost) ended.abort();
  });
  try {
    const oneStep = flags.bool('step');
    const point = oneStep
      ? await onePass(manager)
      : await untilQuiet(manager, collector, { context, signal: both, idleMs: flags.duration('idle') });
    if (isLost) throw new CommandError('the lease is lost: somebody else may be reconciling this server now');
    const reports = collector.report(manager.lister, context.clock.now());
    await printReport(context, reports, point, { oneStep, json: flags.string('output') === 'json' });
  } finally {
    ended.abort();
    close();
    await keeping;
    if (!isLost) await candidate.release().catch(() => undefined);
  }
}

async function onePass(manager: Manager): Promise<FixedPoint> {
  const steps = await manager.pass();
  await manager.flush();
  const next = manager.nextDue();
  return { settled: next === undefined, stillWaiting: next === undefined ? [] : [next], jumps: [], steps };
}

interface Quiet extends Pick<Invocation, 'context'> {
  readonly signal: AbortSignal;
  /** How long nothing may happen while something is still waited for, in milliseconds. */
  readonly idleMs: number;
}

/**
 * Steps until every DaemonSet has what it wants and nothing is due. Others schedule and start the pods meanwhile: when
 * there was nothing to do for `idleMs`, the run ends without them. Waits that the user asked for (minReadySeconds) are
 * seen through.
 */
async function untilQuiet(
  manager: Manager,
  collector: ReportCollector,
  { context, signal, idleMs }: Quiet,
): Promise<FixedPoint> {
  const { clock } = context;
  let steps = 0;
  let last = clock.now();
  let reachable = clock.now();
  for (;;) {
    try {
      while (!signal.aborted && (await manager.step())) {
        steps += 1;
        last = clock.now();
      }
      reachable = clock.now();
    } catch (error) {
      if (!(error instanceof StatusError) || !isPassing(error) || clock.now() - reachable > PATIENCE_MS)
        throw error;
    }
    const due = manager.nextDue();
    const stillWaiting = due === undefined ? [] : [due];
    const ending = (settled: boolean): FixedPoint => ({ settled, stillWaiting, jumps: [], steps });
    if (signal.aborted) return ending(false);
    const isCutOff = clock.now() !== reachable && reachable < clock.now() - LOOK_MS;
    const reports = collector.report(manager.lister, clock.now());
    const isWaiting = reports.some(({ waitingFor }) => waitingFor.length > 0);
    if (!isCutOff && due === undefined && !isWaiting) return ending(true);
    if (!isCutOff && due?.wait?.kind !== 'user' && clock.now() - last > idleMs)
      return ending(due === undefined);
    await pause(LOOK_MS);
  }
}

/** Whether a refusal may be over soon: the server is away, or busy. */
const isPassing = ({ status: { code = 0 } }: StatusError): boolean => code >= 500 || code === 429;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
