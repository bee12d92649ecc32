import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../api/client.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Random, systemRandom } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import { CommandError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import type { RemoteClient } from './remote/remote-client.ts';
import { readClockOffset } from './store-clock.ts';
import type { Streams } from './streams.ts';

/** The process around a command line. */
export interface World {
  readonly streams: Streams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a command's body works with. The store is opened on first use and closed when the command ends. */
export interface Context extends World {
  /** From -n, else $KDAEMON_NAMESPACE, else `default`. */
  readonly namespace: string;
  /** Whether -n was given: then a manifest in another namespace is refused. */
  readonly namespaceGiven: boolean;
  /** Path of the store file. */
  readonly storeFile: string;
  /** Throws where --server or --kubeconfig put an API server in its place. */
  store(): Promise<Store>;
  /** Over the store, or the API server of --server or --kubeconfig. */
  client(): Promise<Client>;
  /** The API server of --server or --kubeconfig. Throws where there is none. */
  remote(): Promise<RemoteClient>;
  /** The cluster's time, in milliseconds since the epoch: the machine's clock and what `reconcile` has jumped over. */
  now(): Promise<number>;
  /** Whether --server or --kubeconfig put an API server in the store's place. */
  readonly isRemote: boolean;
  close(): Promise<void>;
}

/** The world of a real process. */
export function processWorld(streams: Streams): World {
  return { streams, env: process.env, clock: systemClock(), random: systemRandom };
}

/** Where the cluster lives when neither --store nor $KDAEMON_STORE says so: a file in the user's data folder. */
function defaultStoreFile(env: World['env']): string {
  const data = env.XDG_DATA_HOME;
  return join(
    data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'),
    'kdaemon',
    'cluster.db',
  );
}

/** Flags that put an API server in place of the store. */
const REMOTE_FLAGS = ['server', 'token', 'kubeconfig', 'context'] as const;

/** Plugs store, registry and clock together for one command. */
export function openContext(world: World, flags: FlagValues): Context {
  let opened: Promise<{ store: Store; client: Client; clock: Clock }> | undefined;
  const storeFile = flags.string('store') || world.env.KDAEMON_STORE || defaultStoreFile(world.env);
  const open = (): NonNullable<typeof opened> => {
    opened ??= (async () => {
      const { openSqliteStore } = await import('../store/sqlite-store.ts');
      const { localClient } = await import('../registry/local-client.ts');
      const store = openSqliteStore(storeFile);
      const offset = await readClockOffset(store);
      const clock: Clock = { now: () => world.clock.now() + offset };
      return { store, client: localClient({ store, clock, random: world.random }), clock };
    })();
    return opened;
  };
  let connected: Promise<RemoteClient> | undefined;
  const isRemote = REMOTE_FLAGS.some((name) => flags.given(name));
  const connect = (): NonNullable<typeof connected> => {
    connected ??= (async () => {
      const { remoteAccess } = await import('./remote/kubeconfig-access.ts');
      const { remoteClient } = await import('./remote/remote-client.ts');
      return remoteClient(
        remoteAccess({
          server: flags.string('server'),
          token: flags.string('token'),
          kubeconfig: flags.string('kubeconfig'),
          context: flags.string('context'),
          namespace: flags.string('namespace'),
        }),
      );
    })();
    return connected;
  };
  return {
    ...world,
    namespace: flags.string('namespace') || world.env.KDAEMON_NAMESPACE || 'default',
    namespaceGiven: flags.given('namespace'),
    storeFile,
    async store() {
      if (isRemote) throw new CommandError('this works on a store, not on an API server');
      return (await open()).store;
    },
    isRemote,
    async remote() {
      if (!isRemote) throw new CommandError('this works on an API server, not on a store');
      return await connect();
    },
    client: async () => (isRemote ? await connect() : (await open()).client),
    now: async () => (isRemote ? world.clock.now() : (await open()).clock.now()),
    async close() {
      (await connected?.catch(() => undefined))?.close();
      if (opened === undefined) return;
      const parts = await opened.catch(() => undefined);
      await parts?.store.close();
    },
  };
}
