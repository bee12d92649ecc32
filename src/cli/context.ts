import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../api/client.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Random, systemRandom } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import type { FlagValues } from './flags.ts';
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
  store(): Promise<Store>;
  client(): Promise<Client>;
  /** The cluster's time, in milliseconds since the epoch: the machine's clock and what `reconcile` has jumped over. */
  now(): Promise<number>;
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
  return {
    ...world,
    namespace: flags.string('namespace') || world.env.KDAEMON_NAMESPACE || 'default',
    namespaceGiven: flags.given('namespace'),
    storeFile,
    store: async () => (await open()).store,
    client: async () => (await open()).client,
    now: async () => (await open()).clock.now(),
    async close() {
      if (opened === undefined) return;
      const parts = await opened.catch(() => undefined);
      await parts?.store.close();
    },
  };
}
