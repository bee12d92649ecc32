import { hostname } from 'node:os';
import type { Client } from '../api/client.ts';
import type { KindRef, KubeObject, ObjectKey } from '../api/meta.ts';
import { CommandError } from './errors.ts';
import { findObject } from './find-object.ts';

/** coordination.k8s.io/v1 Lease, the fields that code reads. Times are RFC 3339 with microseconds. */
export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    /** Seconds. */
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
    /** How often it has gone from one holder to another. */
    readonly leaseTransitions?: number;
  };
}

export const LEASE: KindRef<Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };
/** Held by whoever works on the store itself: `reconcile --watch`, or `serve`. */
export const STORE_LEASE: ObjectKey = { namespace: 'kube-system', name: 'kdaemon-reconcile' };
/** Held by `reconcile --server`. A lease of its own, since a server that runs other controllers holds the first. */
export const SERVER_LEASE: ObjectKey = { namespace: 'kube-system', name: 'kdaemon-controllers' };
/** On a lease: what its holder runs, as `--controllers` names it, with commas between; absent is everything. */
export const CONTROLLERS_ANNOTATION = 'kdaemon.dev/controllers';
/** On the store's lease: its holder is a `reconcile` that comes to an end, so that it may be waited for. */
export const ONCE_ANNOTATION = 'kdaemon.dev/once';
const DURATION_SECONDS = 15;

/** How often a holder should renew, in milliseconds. */
export const RENEW_MS = 5000;

/** This process as a holder: `host_pid`. */
const ownIdentity = (): string => `${hostname()}_${process.pid}`;

/** A lease; undefined when nobody has made it yet. */
export function readLease(client: Client, key: ObjectKey): Promise<Lease | undefined> {
  return findObject(client, LEASE, key);
}

/** Whether a process of this host still runs; true for other hosts, which can't be asked. */
function mayRun(identity: string): boolean {
  const match = /^(.*)_(\d+)$/.exec(identity);
  if (match === null || match[1] !== hostname()) return true;
  try {
    process.kill(Number(match[2]), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Who reconciles the cluster now; undefined when nobody does. `now` is the cluster's time in milliseconds.
 * `key`: which of the two leases is asked for.
 */
export async function liveReconciler(
  client: Client,
  now: number,
  key: ObjectKey = STORE_LEASE,
): Promise<string | undefined> {
  const lease = await readLease(client, key);
  const holder = lease?.spec?.holderIdentity ?? '';
  if (holder === '') return undefined;
  const renewed = Date.parse(lease?.spec?.renewTime ?? '');
  const fresh = now < renewed + (lease?.spec?.leaseDurationSeconds ?? DURATION_SECONDS) * 1000;
  return fresh && mayRun(holder) ? holder : undefined;
}

/** The refusal to work on a store that somebody works on who does not come to an end. */
export function alreadyReconciling(holder: string): CommandError {
  return new CommandError(
    `${holder} is reconciling this store already ("kdaemon reconcile --watch" or "kdaemon serve")`,
  );
}

/** A time as leases state it: RFC 3339 with microseconds. */
export const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/** What the holder of the store's lease says of itself. */
export interface LeaseTerms {
  /** What is run under it, as `--controllers` names it; absent is everything. */
  readonly controllers?: readonly string[];
  /** Whether it comes to an end by itself. */
  readonly once?: boolean;
}

/**
 * Takes or renews the lease of the store. Resolves to the identity of another live holder, or to undefined when the
 * lease is ours.
 */
export async function takeLease(
  client: Client,
  now: number,
  { controllers, once = false }: LeaseTerms = {},
): Promise<string | undefined> {
  const holder = await liveReconciler(client, now);
  if (holder !== undefined && holder !== ownIdentity()) return holder;
  const lease = await readLease(client, STORE_LEASE);
  const spec = {
    holderIdentity: ownIdentity(),
    leaseDurationSeconds: DURATION_SECONDS,
    acquireTime: holder === undefined ? microTime(now) : (lease?.spec?.acquireTime ?? microTime(now)),
    renewTime: microTime(now),
  };
  const {
    [CONTROLLERS_ANNOTATION]: _controllers,
    [ONCE_ANNOTATION]: _once,
    ...others
  } = lease?.metadata.annotations ?? {};
  const annotations = {
    ...others,
    ...(controllers !== undefined && { [CONTROLLERS_ANNOTATION]: controllers.join(',') }),
    ...(once && { [ONCE_ANNOTATION]: 'true' }),
  };
  const metadata = { ...STORE_LEASE, ...lease?.metadata, annotations };
  const object: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  const [outcome] = await client.commit([
    lease === undefined
      ? { verb: 'create', kind: LEASE, namespace: STORE_LEASE.namespace, object }
      : { verb: 'update', kind: LEASE, key: STORE_LEASE, object },
  ]);
  return outcome?.ok === true ? undefined : ((await liveReconciler(client, now)) ?? 'another process');
}

/** Gives the lease back, if it is ours. */
export async function releaseLease(client: Client): Promise<void> {
  const lease = await readLease(client, STORE_LEASE);
  if (lease?.spec?.holderIdentity !== ownIdentity()) return;
  await client.commit([
    { verb: 'delete', kind: LEASE, key: STORE_LEASE, preconditions: { uid: lease.metadata.uid ?? '' } },
  ]);
}
