import type { Client } from '../api/client.ts';
import { NODE } from '../api/well-known.ts';
import type { Context } from './context.ts';
import { liveReconciler } from './reconcile-lease.ts';

/** Where nobody reconciles, waiting is in vain: then a terminal is told what to do. */
export async function hintAtReconciler(client: Client, { streams, now, isRemote }: Context): Promise<void> {
  if (isRemote || !streams.errIsTerminal || (await liveReconciler(client, await now())) !== undefined) return;
  streams.err(
    'Nobody reconciles this cluster now: "kdaemon reconcile" brings it up to date ("kdaemon serve" keeps it so).\n',
  );
}

/** A cluster without nodes runs nothing: a terminal is told how to get some. Answers whether there are none. */
export async function hintAtNodes(client: Client, { streams }: Context): Promise<boolean> {
  if (!streams.errIsTerminal || (await client.list(NODE, { limit: 1 })).items.length > 0) return false;
  streams.err('There are no nodes yet: "kdaemon init" makes a sample cluster.\n');
  return true;
}

/**
 * What a newcomer lacks who expects pods: nodes, or somebody who reconciles. Told to a terminal only, and only about the
 * store: an API server's cluster is not ours to begin.
 */
export async function hintAtNextStep(client: Client, context: Context): Promise<void> {
  if (context.isRemote || (await hintAtNodes(client, context))) return;
  await hintAtReconciler(client, context);
}
