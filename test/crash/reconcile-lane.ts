import { join } from 'node:path';
import { pause } from '../../src/runtime/pause.ts';
import { clusterState, DAEMON_SETS, doublePods, labelOf, stateDifferences } from './cluster-state.ts';
import { doHere } from './in-this-process.ts';
import { inspect, type LaneParts, requireNone, storeOf } from './lane.ts';
import { CHILD } from './options.ts';
import { runVictim } from './victim.ts';

/** What is done to the cluster before each run of the controllers: command lines, with their standard input. */
const PHASES: readonly (readonly (readonly [args: string, input?: string])[])[] = [
  [['init --nodes 24'], ['apply -f -', DAEMON_SETS]],
  [
    ['set image daemonset/agent main=registry.example/agent:2'],
    ['delete node worker-3'],
    ['label node worker-4 disk=ssd'],
    ['taint node worker-5 closed=yes:NoExecute'],
  ],
];

/** The node that others label while the controllers run. */
const MARKED = 'worker-1';

/**
 * `kdaemon reconcile` is killed again and again, and let live at last. Meanwhile somebody else labels a node, which is
 * never refused nor lost. No node may have two pods of a DaemonSet at any time, and the end must be that of a cluster whose reconciler was never killed.
 */
export async function reconcileLane(parts: LaneParts): Promise<void> {
  const { random, folder, lives, tally, bundle, startMs } = parts;
  const file = storeOf(parts);
  const calm = join(folder, 'calm.db');
  const reconcile = (store: string): readonly string[] => [bundle, CHILD, 'command', store, 'reconcile'];
  for (const [at, changes] of PHASES.entries()) {
    for (const [args, input] of changes) {
      await doHere(calm, args.split(' '), input);
      const said = await doHere(file, args.split(' '), input);
      tally.acknowledged += said.split('\n').length - 1;
    }
    const whole = await runVictim(reconcile(calm), {}, { after: 'never' });
    if (whole.code !== 0) throw new Error(`reconcile ended with ${whole.code}: ${whole.stderr}`);
    const count = at === 0 ? Math.ceil(lives / PHASES.length) : Math.floor(lives / PHASES.length);
    for (let life = 0; life < count; life += 1) {
      // What a life has done stays done: each one gets its part of the work, or some more.
      const part = (Math.max(0, whole.ms - startMs) / count) * 1.5;
      const ms = startMs * 0.8 + (random.int(1000) / 1000) * part;
      const running = runVictim(reconcile(file), {}, { after: 'start', ms });
      const mark = `${at}-${life}`;
      await pause(random.int(Math.ceil(ms)));
      await doHere(file, ['label', 'node', MARKED, `life=${mark}`, '--overwrite']);
      const { killed, code, stderr } = await running;
      if (stderr !== '' || (!killed && code !== 0))
        throw new Error(`reconcile ended with ${code}: ${stderr}`);
      tally.runs += 1;
      if (killed) tally.kills += 1;
      tally.acknowledged += 1;
      await inspect(file, async (store) => {
        const kept = await labelOf(store, MARKED, 'life');
        if (kept !== mark) throw new Error(`a label that was acknowledged is lost: ${kept}, not ${mark}`);
        requireNone('after a kill:', await doublePods(store));
      });
    }
    await doHere(file, ['reconcile']);
    for (const store of [calm, file]) await doHere(store, ['label', 'node', MARKED, 'life-']);
    const expected = await inspect(calm, clusterState);
    const actual = await inspect(file, clusterState);
    requireNone('the end is not that of a cluster without kills:', stateDifferences(expected, actual));
  }
}
