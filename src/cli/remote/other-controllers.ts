import type { Client } from '../../api/client.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { pause } from '../../runtime/pause.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { CONTROLLERS_ANNOTATION, RENEW_MS, readLease, STORE_LEASE } from '../reconcile-lease.ts';

const MANAGER_LEASE: ObjectKey = { namespace: 'kube-system', name: 'kube-controller-manager' };
/** A controller manager renews its lease every two seconds. */
const MANAGER_LIVES_MS = 60_000;

/**
 * Throws CommandError when the server is a `kdaemon serve` that runs one of these controllers itself, and warns where a
 * kube-controller-manager may do so, which only its own flags know. Throws what reading throws.
 */
export async function otherControllers(
  client: Client,
  names: readonly string[],
  { clock, streams }: Pick<Context, 'clock' | 'streams'>,
): Promise<void> {
  const own = await readLease(client, STORE_LEASE);
  const runs = own?.metadata.annotations?.[CONTROLLERS_ANNOTATION]?.split(',');
  const shared = names.filter((name) => runs?.includes(name) !== false);
  if ((own?.spec?.holderIdentity ?? '') !== '' && shared.length > 0 && (await isRenewed(client))) {
    throw new CommandError(
      `the server runs ${shared.join(', ')} itself: start it with --controllers='*,${shared.map((name) => `-${name}`).join(',')}'`,
    );
  }
  const manager = await readLease(client, MANAGER_LEASE);
  const renewed = Date.parse(manager?.spec?.renewTime ?? '');
  if (clock.now() - renewed < MANAGER_LIVES_MS) {
    streams.err(
      `Warning: a kube-controller-manager is at work there: it must run without ${names.join(', ')} (--controllers='*,${names.map((name) => `-${name}`).join(',')}')\n`,
    );
  }
}

/** Whether the holder of the store's lease is alive: it renews the lease while we look on. */
async function isRenewed(client: Client): Promise<boolean> {
  const state = async (): Promise<string> => JSON.stringify((await readLease(client, STORE_LEASE))?.spec);
  const before = await state();
  for (let leftMs = RENEW_MS + 1000; leftMs > 0; leftMs -= 250) {
    await pause(250);
    if ((await state()) !== before) return true;
  }
  return false;
}
