import { hostname } from 'node:os';
import type { Client } from '../api/client.ts';
import type { KindRef, KubeObject } from '../api/meta.ts';
import { hasReason } from '../api/status.ts';

/** coordination.k8s.io/v1 Lease, the fields that code reads. Times are RFC 3339 with microseconds. */
interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    /** Seconds. */
    readonly leaseDurationSeconds?: number;
    readonly acquireTime?: string;
    readonly renewTime?: string;
  };
}

const LEASE: KindRef<Lease> = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };
const KEY = { namespace: 'kube-system', name: 'kdaemon-reconcile' };
const DURATION_SECONDS = 15;

/** How often a holder should renew, in milliseconds. */
export const RENEW_MS = 5000;

/** This process as a holder: `host_pid`. */
const ownIdentity = (): string => `${hostname()}_${process.pid}`;

async function read(client: Client): Promise<Lease | undefined> {
  try {
    return await client.get(LEASE, KEY);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
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

/** Who reconciles the cluster now; undefined when nobody does. `now` is the cluster's time in milliseconds. */
export async function liveReconciler(client: Client, now: number): Promise<string | undefined> {
  const lease = await read(client);
  const holder = lease?.spec?.holderIdentity ?? '';
  if (holder === '') return undefined;
  const renewed = Date.parse(lease?.spec?.renewTime ?? '');
  const fresh = now < renewed + (lease?.spec?.leaseDurationSeconds ?? DURATION_SECONDS) * 1000;
  return fresh && mayRun(holder) ? holder : undefined;
}

const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/**
 * Takes or renews the lease. Resolves to the identity of another live holder, or to undefined when the lease is ours.
 */
export async function takeLease(client: Client, now: number): Promise<string | undefined> {
  const holder = await liveReconciler(client, now);
  if (holder !== undefined && holder !== ownIdentity()) return holder;
  const lease = await read(client);
  const spec = {
    holderIdentity: ownIdentity(),
    leaseDurationSeconds: DURATION_SECONDS,
    acquireTime: holder === undefined ? microTime(now) : (lease?.spec?.acquireTime ?? microTime(now)),
    renewTime: microTime(now),
  };
  const metadata = { ...KEY, ...(lease === undefined ? {} : lease.metadata) };
  const object: Lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  const [outcome] = await client.commit([
    lease === undefined
      ? { verb: 'create', kind: LEASE, namespace: KEY.namespace, object }
      : { verb: 'update', kind: LEASE, key: KEY, object },
  ]);
  return outcome?.ok === true ? undefined : ((await liveReconciler(client, now)) ?? 'another process');
}

/** Gives the lease back, if it is ours. */
export async function releaseLease(client: Client): Promise<void> {
  const lease = await read(client);
  if (lease?.spec?.holderIdentity !== ownIdentity()) return;
  await client.commit([
    { verb: 'delete', kind: LEASE, key: KEY, preconditions: { uid: lease.metadata.uid ?? '' } },
  ]);
}
