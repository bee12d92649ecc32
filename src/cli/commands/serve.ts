import { defaultAgents } from '../../agents/all.ts';
import { IMPOSSIBLE_IMAGES } from '../../agents/kubelet/behaviour.ts';
import { nodeLeases } from '../../agents/kubelet/node-leases.ts';
import type { Client } from '../../api/client.ts';
import { KUBERNETES_VERSION } from '../../api/well-known.ts';
import { defaultControllers } from '../../controllers/all.ts';
import { eventExpiry } from '../../controllers/event-expiry/expire-events.ts';
import { namespaceContentsController } from '../../controllers/namespace-contents/controller.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Controller } from '../../runtime/controller.ts';
import { createManager } from '../../runtime/manager.ts';
import { runUntilStopped } from '../../runtime/run-until-stopped.ts';
import { nextTurn } from '../../runtime/timer.ts';
import { isLoopback } from '../../server/access.ts';
import { createApp } from '../../server/app.ts';
import { changeFeed } from '../../server/change-feed.ts';
import { DEFAULT_LIMITS } from '../../server/limits.ts';
import { type Listening, listen } from '../../server/listen.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError } from '../errors.ts';
import { RENEW_MS, releaseLease, takeLease } from '../reconcile-lease.ts';
import { clientInTurns } from '../serve/client-in-turns.ts';
import { chosenControllers, shortName } from '../serve/controller-choice.ts';
import { groupedCommits } from '../serve/grouped-commits.ts';
import { historyKeeper } from '../serve/history-keeper.ts';
import { givenIdentity, ownIdentity, type ServerIdentity, tokenIn } from '../serve/identity.ts';
import { type Access, kubeconfigText } from '../serve/kubeconfig.ts';
import { writePrivate } from '../serve/private-files.ts';
import { type Chore, upkeep } from '../serve/upkeep.ts';
import { stopSignal } from '../stop-signal.ts';

/** `kdaemon serve`. */
export const command: CommandSpec = {
  name: 'serve',
  summary: 'Serve the Kubernetes API from the store, with the controllers running',
  description: `Serve the Kubernetes API from the store, for kubectl and every other client, and run the controllers, the scheduler and the simulated kubelets beside it until SIGINT or SIGTERM.

 Without further flags it listens on 127.0.0.1, on a free port, in plain HTTP, and lets in every program of this machine. Other addresses need TLS and a token. With --tls the certificate comes from an authority of the store's own, which is made the first time; with --token-file the token is made when the file does not exist.

 Watches and pages of lists can go on from any of the newest 10,000 changes, and from all of the last five minutes. Events are removed an hour after they were last written. The lease of each ready node in kube-node-lease is renewed every 10s; with more than 1,000 nodes, less often.`,
  examples: [
    '# Serve, and use it with kubectl',
    'kdaemon serve --kubeconfig-out kubeconfig',
    'kubectl --kubeconfig kubeconfig get daemonsets -A',
    '',
    '# To other machines, over TLS',
    'kdaemon serve --address 0.0.0.0 --port 6443 --tls --token-file token',
    '',
    '# Leave the DaemonSets to another controller',
    "kdaemon serve --controllers='*,-daemonset'",
  ],
  usage: 'kdaemon serve [--port PORT] [--address ADDRESS] [options]',
  flags: [
    { name: 'port', type: 'int', default: '0', usage: 'The port to listen on; 0 takes a free one.' },
    { name: 'address', type: 'string', default: '127.0.0.1', usage: 'The IP address to listen on.' },
    {
      name: 'kubeconfig-out',
      type: 'string',
      default: "''",
      usage: 'Write a kubeconfig for this server to this file, readable by you only.',
    },
    {
      name: 'controllers',
      type: 'strings',
      default: '[*]',
      usage: "The controllers to run: '*' is all, 'x' is x, '-x' all but x. '-*' runs none.",
    },
    {
      name: 'tls',
      type: 'bool',
      default: 'false',
      usage: "Serve over TLS, with a certificate of the store's own.",
    },
    {
      name: 'tls-cert-file',
      type: 'string',
      default: "''",
      usage: 'Serve over TLS with this certificate (PEM).',
    },
    { name: 'tls-private-key-file', type: 'string', default: "''", usage: "The certificate's key (PEM)." },
    {
      name: 'token-file',
      type: 'string',
      default: "''",
      usage: 'Only let in who sends the bearer token in this file; made when it does not exist.',
    },
  ],
  run: serve,
};

async function serve(invocation: Invocation): Promise<void> {
  const { flags, args, context } = invocation;
  if (args.length > 0) throw new CommandError(`Unexpected args: [${args.join(' ')}]`);
  const address = flags.string('address');
  const port = flags.int('port');
  if (port < 0 || port > 65_535) throw new CommandError(`--port ${port} is no port`);
  requireSafe(invocation);
  const store = await context.store();
  const identity = serverIdentity(invocation);
  const token = flags.string('token-file') === '' ? undefined : tokenIn(flags.string('token-file'));
  const client = await context.client();
  const origin = (await context.now()) - context.clock.now();
  const clock: Clock = { now: () => context.clock.now() + origin };
  const choice = flags.given('controllers') ? flags.strings('controllers') : ['*'];
  const controllers = chosenControllers(
    [
      ...defaultControllers(),
      namespaceContentsController(identity?.authority ?? ''),
      ...defaultAgents({ rules: [IMPOSSIBLE_IMAGES] }),
      nodeLeases(),
    ],
    choice.filter((word) => word !== '-*'),
  );
  if (controllers.length > 0) await requireLease(client, clock, controllers);
  const feed = changeFeed(client, clock);
  const stop = stopSignal();
  let listening: Listening | undefined;
  try {
    listening = await open();
    const scheme = identity === undefined ? 'http' : 'https';
    const access: Access = {
      server: `${scheme}://${reachable(address)}:${listening.port}`,
      ...(identity === undefined ? {} : { authority: identity.authority }),
      ...(token === undefined ? {} : { token }),
    };
    const file = flags.string('kubeconfig-out');
    if (file !== '') writePrivate(file, kubeconfigText(access));
    context.streams.out(greeting(access.server, context.storeFile, file));
    await run(stop.signal);
  } finally {
    // Closing the feed ends the watches.
    feed.close();
    await listening?.close();
    if (controllers.length > 0) await releaseLease(client);
    stop.forget();
  }

  async function open(): Promise<Listening> {
    const version = versionInfo();
    try {
      return await listen({
        app: createApp({ client: groupedCommits(client), feed, clock, version }),
        address,
        port,
        access: token === undefined ? {} : { token },
        limits: DEFAULT_LIMITS,
        random: context.random,
        ...(identity === undefined ? {} : { tls: identity }),
        onFailure: (error) => context.streams.err(`error: ${messageOf(error)}\n`),
      });
    } catch (error) {
      throw new CommandError(`cannot listen on ${address}:${port}: ${messageOf(error)}`);
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const parts = { client: clientInTurns(client, signal), clock, controllers };
    const manager = createManager({ ...parts, random: context.random });
    const chores = upkeep(
      [nextTurn, historyKeeper(store, clock), eventExpiry(client, clock, signal), renewing(client, clock)],
      (error) => context.streams.err(`error: ${messageOf(error)}\n`),
    );
    await runUntilStopped({ manager, ...parts, signal, onStep: chores, onPoll: chores });
  }

  /** Renews the lease in time; without controllers there is none. */
  function renewing(client: Client, clock: Clock): Chore {
    let renewed = clock.now();
    return async () => {
      if (controllers.length === 0 || clock.now() - renewed < RENEW_MS) return;
      renewed = clock.now();
      await requireLease(client, clock, controllers);
    };
  }
}

async function requireLease(client: Client, clock: Clock, controllers: readonly Controller[]): Promise<void> {
  const holder = await takeLease(client, clock.now(), { controllers: controllers.map(shortName) });
  if (holder === undefined) return;
  throw new CommandError(
    `${holder} is reconciling this store already ("kdaemon reconcile --watch" or "kdaemon serve"); --controllers='-*' serves without controllers`,
  );
}

/** Throws when the API would be open to whoever reaches an address of another machine. */
function requireSafe({ flags }: Invocation): void {
  const address = flags.string('address');
  const own = flags.string('tls-cert-file') !== '';
  if (own !== (flags.string('tls-private-key-file') !== '')) {
    throw new CommandError('--tls-cert-file and --tls-private-key-file go together');
  }
  if (isLoopback(address)) return;
  const secure = flags.bool('tls') || own;
  if (secure && flags.string('token-file') !== '') return;
  throw new CommandError(
    `${address} can be reached from other machines: that needs TLS (--tls, or --tls-cert-file and --tls-private-key-file) and a token (--token-file)`,
  );
}

function serverIdentity({ flags, context }: Invocation): ServerIdentity | undefined {
  const certFile = flags.string('tls-cert-file');
  if (certFile !== '') return givenIdentity(certFile, flags.string('tls-private-key-file'));
  if (!flags.bool('tls')) return undefined;
  return ownIdentity(`${context.storeFile}.tls`, flags.string('address'), context.clock.now());
}

/** How this machine's clients write an address. */
function reachable(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}

function greeting(server: string, storeFile: string, kubeconfig: string): string {
  const how =
    kubeconfig === ''
      ? `kubectl --server ${server} get nodes`
      : `kubectl --kubeconfig ${kubeconfig} get nodes`;
  return `Serving ${storeFile} at ${server}\nTry: ${how}\nSIGINT or SIGTERM ends it.\n`;
}

function versionInfo() {
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)\./.exec(KUBERNETES_VERSION) ?? [];
  return { gitVersion: KUBERNETES_VERSION, major, minor };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
