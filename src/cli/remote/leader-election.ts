import type { Client } from '../../api/client.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { hasReason, StatusError } from '../../api/status.ts';
import type { Clock } from '../../runtime/clock.ts';
import { pause } from '../../runtime/pause.ts';
import { later } from '../../runtime/timer.ts';
import { LEASE, type Lease, microTime, readLease } from '../reconcile-lease.ts';
import { Unreachable } from './http-transport.ts';

/** Who stands for election, and for which lease. */
export interface Candidacy {
  readonly client: Client;
  readonly key: ObjectKey;
  /** Unique among all candidates: `host_1f6c…`. */
  readonly identity: string;
  /** How long a lease counts after its last renewal, in milliseconds. */
  readonly durationMs: number;
  readonly clock: Clock;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What came of one try: the lease is ours, or somebody else's, or nobody knows. */
type Try = 'held' | { readonly heldBy: string } | { readonly failure: unknown };

/** Says what keeps a candidate from the lease. Called again only for something else. */
type Tell = (heldUp: Exclude<Try, 'held'>) => void;

/**
 * Leader election by a Lease, as client-go's: a candidate takes a lease that nobody has renewed for its duration. The
 * duration is counted from when the candidate saw the last renewal, so that clocks need not agree.
 */
export interface Election {
  /** Resolves to true when the lease is ours, to false when the signal aborted. */
  win(signal: AbortSignal, tell: Tell): Promise<boolean>;
  /** Tries once for as long as it takes to see whether a holder is alive. Resolves to the live holder, if any. */
  winUnlessHeld(signal: AbortSignal): Promise<string | undefined>;
  /** Renews the lease until the signal aborts. Resolves to false when it could not be renewed in time. */
  keep(signal: AbortSignal): Promise<boolean>;
  /** Gives the lease back, if it is ours: others need not wait. */
  release(): Promise<void>;
}

/** client-go's proportions, with its 15 s lease: tries every 2 s, and gives up a lease that it cannot renew for 10 s. */
const TRIES_IN_A_DURATION = 7.5;
const GIVE_UP_AFTER = 2 / 3;
/** Signals are looked at this often, in milliseconds. */
const SLICE_MS = 50;

/** The failure of a server that keeps silent for this long. */
const noAnswer = (ms: number): Promise<Try> =>
  new Promise((resolve) => void later(ms, () => resolve({ failure: new Error('no answer') })));

/** An election for one candidate. */
export function election({ client, key, identity, durationMs, clock, annotations }: Candidacy): Election {
  const betweenMs = durationMs / TRIES_IN_A_DURATION;
  /** The last renewal that was seen of somebody else, and when. */
  let seen = { renewal: '', at: Number.NEGATIVE_INFINITY };

  async function attempt(): Promise<Try> {
    try {
      const lease = await readLease(client, key);
      const holder = lease?.spec?.holderIdentity ?? '';
      if (holder !== '' && holder !== identity) {
        const renewal = JSON.stringify(lease?.spec);
        if (renewal !== seen.renewal) seen = { renewal, at: clock.now() };
        const heldMs = (lease?.spec?.leaseDurationSeconds ?? durationMs / 1000) * 1000;
        if (clock.now() < seen.at + heldMs) return { heldBy: holder };
      }
      return await write(lease, identity, durationMs / 1000);
    } catch (error) {
      if (error instanceof Unreachable || error instanceof StatusError) return { failure: error };
      throw error;
    }
  }

  async function write(lease: Lease | undefined, holder: string, seconds: number): Promise<Try> {
    const now = microTime(clock.now());
    const before = lease?.spec;
    const isKept = before?.holderIdentity === holder;
    const spec = {
      holderIdentity: holder,
      leaseDurationSeconds: Math.max(1, Math.ceil(seconds)),
      acquireTime: isKept ? (before?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions:
        (before?.leaseTransitions ?? 0) + (lease === undefined || isKept || holder === '' ? 0 : 1),
    };
    const metadata = {
      ...key,
      ...lease?.metadata,
      annotations: { ...lease?.metadata.annotations, ...annotations },
    };
    const object: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
    const [outcome] = await client.commit([
      lease === undefined
        ? { verb: 'create', kind: LEASE, namespace: key.namespace, object }
        : { verb: 'update', kind: LEASE, key, object },
    ]);
    if (outcome === undefined || outcome.ok) return 'held';
    const failure = new StatusError(outcome.error);
    if (!hasReason(failure, 'Conflict') && !hasReason(failure, 'AlreadyExists')) return { failure };
    return { heldBy: (await readLease(client, key))?.spec?.holderIdentity ?? '' };
  }

  async function rest(signal: AbortSignal): Promise<void> {
    for (let left = betweenMs; left > 0 && !signal.aborted; left -= SLICE_MS)
      await pause(Math.min(left, SLICE_MS));
  }

  return {
    async win(signal, tell) {
      let told = '';
      while (!signal.aborted) {
        const result = await attempt();
        if (result === 'held') return true;
        const what = 'heldBy' in result ? result.heldBy : String(result.failure);
        if (what !== told) tell(result);
        told = what;
        await rest(signal);
      }
      return false;
    },
    async winUnlessHeld(signal) {
      let first: string | undefined;
      while (!signal.aborted) {
        const result = await attempt();
        if (result === 'held') return undefined;
        if ('failure' in result) throw result.failure;
        // A renewal while we look on: the holder lives.
        if (first !== undefined && first !== seen.renewal) return result.heldBy;
        first = seen.renewal;
        await rest(signal);
      }
      return undefined;
    },
    async keep(signal) {
      let renewed = clock.now();
      for (;;) {
        await rest(signal);
        if (signal.aborted) return true;
        const left = renewed + durationMs * GIVE_UP_AFTER - clock.now();
        const result = await Promise.race([attempt(), noAnswer(left)]);
        if (result === 'held') renewed = clock.now();
        else if ('heldBy' in result && result.heldBy !== identity && result.heldBy !== '') return false;
        else if (clock.now() - renewed >= durationMs * GIVE_UP_AFTER) return false;
      }
    },
    async release() {
      const lease = await readLease(client, key);
      if (lease?.spec?.holderIdentity === identity) await write(lease, '', 1);
    },
  };
}
