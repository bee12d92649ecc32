import type { Client } from '../api/client.ts';
import type { Context } from './context.ts';
import { liveReconciler } from './reconcile-lease.ts';

/** Where nobody reconciles, waiting is in vain: then a terminal is told what to do. */
export async function hintAtReconciler(client: Client, { streams, now }: Context): Promise<void> {
  if (!streams.errIsTerminal || (await liveReconciler(client, await now())) !== undefined) return;
  streams.err(
    'Nobody reconciles this cluster now: run "kdaemon reconcile" or "kdaemon serve" in another terminal.\n',
  );
}
