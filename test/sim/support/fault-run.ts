import type { Client, WriteRequest } from '../../../src/api/client.ts';
import type { Node } from '../../../src/api/core.ts';
import { StatusError } from '../../../src/api/status.ts';
import {
  CONTROLLER_REVISION,
  CONTROLLER_REVISION_HASH,
  DAEMON_SET,
  NODE,
  POD,
} from '../../../src/api/well-known.ts';
import { isPodReady } from '../../../src/domain/conditions.ts';
import { localClient } from '../../../src/registry/local-client.ts';
import type { VirtualClock } from '../../../src/runtime/clock.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { runToFixedPoint } from '../../../src/runtime/run-to-fixed-point.ts';
import { type Store, StoreError } from '../../../src/store/store.ts';
import type { FaultScenario } from './fault-scenarios.ts';
import {
  Crash,
  type FaultEffects,
  type FaultPlan,
  faultyClient,
  faultyStore,
  type StoreFault,
} from './faults.ts';
import { fullManager, node } from './world.ts';

/** What is to go wrong in one run. */
export interface RunPlan extends FaultPlan {
  storeCommit?(number: number): StoreFault | undefined;
  /** Puts a mistake between the machinery and the API. */
  readonly bug?: (client: Client) => Client;
}

/** How a run ended. */
export interface RunEnd {
  /** All that a user would look at, without names and times that chance gives. */
  readonly state: string;
  /** How many operations the machinery made. */
  readonly commits: number;
  readonly looks: number;
  readonly storeCommits: number;
}

/** When scenarios begin, and when their users act, in milliseconds since the epoch. */
const START = Date.parse('2026-01-01T00:00:00Z');
const THEN = START + 3_600_000;

/** Looks that find nothing before a run counts as over: several late hints in a row must not end it. */
const QUIET_LOOKS = 6;
const DAY_MS = 24 * 3_600_000;

/** A clock that can also be moved while it stands: by a jump, in either direction. */
function movableClock(start: number): VirtualClock & { move(ms: number): void } {
  let time = start;
  return {
    now: () => time,
    advanceTo: (next) => {
      time = Math.max(time, next);
    },
    move: (ms) => {
      time += ms;
    },
  };
}

/** Brings an empty store to where a scenario's user acts. */
export async function prepare(store: Store, { before }: FaultScenario): Promise<void> {
  const clock = movableClock(START);
  const client = localClient({ store, clock, random: seededRandom(1) });
  const { manager } = fullManager(client, clock);
  for (const requests of before) {
    await accepted(client, requests);
    const { settled } = await runToFixedPoint({ manager, clock });
    if (!settled) throw new Error('a scenario did not settle before any fault');
  }
}

/** Lets a scenario's user act on a prepared store, and the machinery run to its end with faults in its way. */
export async function runScenario(store: Store, { act }: FaultScenario, plan: RunPlan): Promise<RunEnd> {
  const clock = movableClock(THEN);
  const counts = { commits: 0, looks: 0, storeCommits: 0 };
  const shaky = faultyStore(store, (number) => {
    counts.storeCommits = number;
    return plan.storeCommit?.(number);
  });
  // Users and foreign processes come to the same store by another way.
  const user = localClient({ store, clock, random: seededRandom(3) });
  await accepted(user, act);
  const effects = effectsOn(user, store, clock);
  const machinery = faultyClient(
    localClient({ store: shaky, clock, random: seededRandom(2) }),
    {
      commit: (number) => {
        counts.commits = number;
        return plan.commit?.(number);
      },
      look: (number) => {
        counts.looks = number;
        return plan.look?.(number);
      },
    },
    effects,
  );
  const client = plan.bug?.(machinery) ?? machinery;
  const runToRest = machineryOn(client, clock);
  do await runToRest();
  while (await effects.restoreNode());
  return { ...counts, state: await stateOf(user) };
}

/**
 * Runs to a fixed point that further looks confirm, as often as it is called. A crash costs the manager and all that
 * it remembers; nothing else does, for a restart would heal what a mistake has left undone.
 */
function machineryOn(client: Client, clock: VirtualClock): () => Promise<void> {
  let { manager } = fullManager(client, clock);
  return async () => {
    for (let quiet = 0, attempts = 0; quiet < QUIET_LOOKS; attempts += 1) {
      if (attempts > 100) throw new Error('the machinery does not come to rest');
      try {
        // A clock that was set back makes waits long that are not.
        const { settled, steps } = await runToFixedPoint({ manager, clock, maxRetryMs: DAY_MS });
        quiet = settled && steps === 0 ? quiet + 1 : 0;
      } catch (error) {
        quiet = 0;
        if (error instanceof Crash) ({ manager } = fullManager(client, clock));
        else if (!(error instanceof StoreError || error instanceof StatusError)) throw error;
      }
    }
  };
}

function effectsOn(user: Client, store: Store, clock: ReturnType<typeof movableClock>): FaultEffects {
  const vanishing = 'worker-2';
  let touches = 0;
  let isAway = false;
  return {
    silentNode: 'worker-3',
    async touch(requests) {
      touches += 1;
      for (const request of requests) {
        if (request.verb === 'create') continue;
        // An object may be gone, or be of a kind without patches: then there is nothing to change.
        await user.commit([
          {
            verb: 'patch',
            kind: request.kind,
            key: request.key,
            patchType: 'merge',
            patch: { metadata: { annotations: { 'example.test/touched': String(touches) } } },
          },
        ]);
      }
    },
    async compact() {
      touches += 1;
      await user.commit([touchOf(`worker-5`, touches)]);
      await store.compact(await store.revision());
    },
    moveClock: (ms) => clock.move(ms),
    async removeNode() {
      if (isAway) return;
      isAway = true;
      await accepted(user, [{ verb: 'delete', kind: NODE, key: { namespace: '', name: vanishing } }]);
    },
    async restoreNode() {
      if (!isAway) return false;
      isAway = false;
      await accepted(user, [{ verb: 'create', kind: NODE, namespace: '', object: node(vanishing) }]);
      return true;
    },
  };
}

const touchOf = (name: string, count: number): WriteRequest => ({
  verb: 'patch',
  kind: NODE,
  key: { namespace: '', name },
  patchType: 'merge',
  patch: { metadata: { annotations: { 'example.test/touched': String(count) } } },
});

async function accepted(client: Client, requests: readonly WriteRequest[]): Promise<void> {
  for (const outcome of await client.commit(requests)) {
    if (!outcome.ok) throw new Error(outcome.error.message ?? 'refused');
  }
}

async function stateOf(client: Client): Promise<string> {
  const pods = (await client.list(POD)).items.map((pod) =>
    [
      'pod',
      pod.spec.nodeName,
      pod.spec.containers[0]?.image,
      pod.metadata.labels?.[CONTROLLER_REVISION_HASH],
      pod.status?.phase,
      isPodReady(pod) ? 'ready' : 'not ready',
      pod.metadata.deletionTimestamp === undefined ? '' : 'terminating',
    ].join(' '),
  );
  const revisions = (await client.list(CONTROLLER_REVISION)).items.map(
    ({ metadata, revision }) => `revision ${metadata.name} ${revision}`,
  );
  const sets = (await client.list(DAEMON_SET)).items.map(
    ({ metadata, status }) =>
      `daemonset ${metadata.name} ${JSON.stringify(Object.entries(status ?? {}).sort())}`,
  );
  const nodes = (await client.list<Node>(NODE)).items.map(
    ({ metadata, spec, status }) =>
      `node ${metadata.name} ${JSON.stringify(spec?.taints ?? [])} ${status?.conditions?.find(({ type }) => type === 'Ready')?.status}`,
  );
  return [...pods.sort(), ...revisions.sort(), ...sets, ...nodes].join('\n');
}
