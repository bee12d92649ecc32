import { parseRfc3339 } from '../../domain/rfc3339.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import { alreadyReconciling, liveReconciler, SERVER_LEASE } from '../reconcile-lease.ts';
import { reconcileOnce } from '../reconcile-once.ts';
import { keepClock } from '../reconcile-parts.ts';
import { takeTurn } from '../reconcile-turn.ts';
import { reconcileUntilStopped } from '../reconcile-watch.ts';

/** `kdaemon reconcile`. */
export const command: CommandSpec = {
  name: 'reconcile',
  summary: 'Run the controllers until nothing changes any more',
  description: `Run the controllers, the scheduler and the simulated kubelets until nothing changes any more.

 Waits are not slept through: the store's clock jumps over them, and each jump is reported. With --watch the command goes on, sees what other processes write within a second, and time is real: minReadySeconds and back-offs pass as they would, only pod collection for vanished nodes does not wait its 40s.

 With --server or --kubeconfig it is the DaemonSet controller of that API server, which schedules and starts the pods itself; --controllers chooses others. Time is real then, and a lease in kube-system keeps two from working at once: with --watch the second one waits for its turn.

 With -o json one object is printed: "daemonSets" (per DaemonSet: what was done, "steps" with their reasons, "status", "rollout", "waitingFor"), "jumps" (from, to, because), "settled" and "stillWaiting". With --watch it is one object on a line for each thing done: a step with its "daemonSet", or "do": "gone" with the "kind" and the "object" that is no longer there.`,
  examples: [
    '# Until nothing changes',
    'kdaemon reconcile',
    '',
    '# One pass: every key that is due now is handled once',
    'kdaemon reconcile --step',
    '',
    '# Go on until interrupted',
    'kdaemon reconcile --watch',
    '',
    "# Let ten minutes of the store's time go by",
    'kdaemon reconcile --advance 10m',
    '',
    '# Be the DaemonSet controller of a cluster whose own one is off',
    'kdaemon reconcile --watch --kubeconfig kubeconfig',
  ],
  usage: 'kdaemon reconcile [--watch | --step] [--now TIME | --advance DURATION] [options]',
  flags: [
    { name: 'watch', short: 'w', type: 'bool', default: 'false', usage: 'Go on until SIGINT or SIGTERM.' },
    { name: 'step', type: 'bool', default: 'false', usage: 'Make one pass only.' },
    {
      name: 'resync',
      type: 'bool',
      default: 'false',
      usage: 'Look at everything, not only at what has changed since the last run left nothing to do.',
    },
    {
      name: 'now',
      type: 'string',
      default: "''",
      usage: "Move the store's clock to this time (RFC 3339) first; it never goes back.",
    },
    {
      name: 'advance',
      type: 'duration',
      default: '0s',
      usage: "Move the store's clock ahead by this much first.",
    },
    {
      name: 'controllers',
      type: 'strings',
      default: '[daemonset]',
      usage:
        "Over an API server, the controllers to run: '*' is all but the simulated scheduler and kubelets, 'x' is x, '-x' all but x.",
    },
    {
      name: 'idle',
      type: 'duration',
      default: '10s',
      usage:
        'Over an API server, end after this long without anything to do although something is waited for.',
    },
    {
      name: 'lease-duration',
      type: 'duration',
      default: '15s',
      usage: 'Over an API server, how long others wait for a holder of the lease that keeps silent.',
    },
    { name: 'output', short: 'o', type: 'string', default: "''", usage: 'Output format. One of: (json).' },
  ],
  run: reconcile,
};

async function reconcile(invocation: Invocation): Promise<void> {
  const { flags, args, context, commandPath } = invocation;
  if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
  const output = flags.string('output');
  if (output !== '' && output !== 'json') throw new CommandError(`--output ${output} is not available`);
  if (flags.bool('watch') && flags.bool('step'))
    throw new CommandError('--watch and --step cannot be specified together');
  if (context.isRemote) {
    const { reconcileRemote } = await import('../reconcile-remote.ts');
    return await reconcileRemote(invocation);
  }
  for (const name of ['controllers', 'lease-duration', 'idle'] as const) {
    if (flags.given(name))
      throw new CommandError(`--${name} is for an API server (--server or --kubeconfig)`);
  }
  requireNobody(await liveReconciler(await context.client(), context.clock.now(), SERVER_LEASE));
  if (flags.bool('watch')) {
    const { start, through } = timesOf(invocation, await context.now());
    requireNobody(await liveReconciler(await context.client(), start));
    if (through > start) await keepClock(context, through);
    await reconcileUntilStopped(invocation, through);
    return;
  }
  const turn = await takeTurn(context);
  try {
    const { start, through } = timesOf(invocation, turn.start);
    if (flags.bool('step')) {
      if (through > start) await keepClock(context, through);
      await reconcileOnce(invocation, { start: through, through }, turn.renew);
    } else await reconcileOnce(invocation, { start, through }, turn.renew);
  } finally {
    await turn.end();
  }
}

/** Throws when there is somebody who works on the store already. */
function requireNobody(holder: string | undefined): void {
  if (holder !== undefined) throw alreadyReconciling(holder);
}

/** The cluster's time, and the time that --now and --advance let go by first, in milliseconds. */
function timesOf({ flags }: Invocation, start: number): { readonly start: number; readonly through: number } {
  let through = start;
  if (flags.given('now')) {
    const parsed = RFC3339.test(flags.string('now')) ? parseRfc3339(flags.string('now')) : undefined;
    if (parsed === undefined) throw new CommandError(`--now ${flags.string('now')}: not an RFC 3339 time`);
    if (parsed < start)
      throw new CommandError(`--now ${flags.string('now')}: the store's clock is past that already`);
    through = parsed;
  }
  if (flags.duration('advance') < 0) throw new CommandError('--advance must not be negative');
  return { start, through: through + flags.duration('advance') };
}

/** Stricter than what the runtime reads, which takes a year for a time. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
