import { join } from 'node:path';
import { DAEMON_SET } from '../../src/api/well-known.ts';
import { localClient } from '../../src/registry/local-client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { kdaemon } from './child.ts';
import { agent, type Fleet, seed } from './fleet.ts';
import { rawInsertMs } from './raw-insert.ts';
import type { Scenario } from './report.ts';
import { fileBytes, inFolder } from './store-files.ts';

/** Pods that the real control plane brings up in a second on a machine of this size, with its client limits lifted. */
const CONTROL_PLANE_PODS_PER_SECOND = 100;

const MB = 1e6;

/** `kdaemon reconcile` of whole fleets, durable, against SQLite alone and against the real control plane. */
export const reconciling: Scenario = async (tell, { quick }) => {
  const fleets: readonly Fleet[] = quick
    ? [
        { daemonSets: 1, nodes: 100 },
        { daemonSets: 20, nodes: 50 },
      ]
    : [
        { daemonSets: 1, nodes: 1000 },
        { daemonSets: 20, nodes: 500 },
        { daemonSets: 20, nodes: 5000 },
      ];
  const msPerPod: number[] = [];
  for (const fleet of fleets) {
    await inFolder(async (folder) => {
      const file = join(folder, 'cluster.db');
      const pods = fleet.daemonSets * fleet.nodes;
      const row = (
        name: string,
        value: number,
        unit: string,
        goal?: { atMost: number } | { atLeast: number },
      ) =>
        tell({
          group: 'reconcile',
          name: `${fleet.daemonSets} × ${fleet.nodes}: ${name}`,
          value,
          unit,
          ...(goal === undefined ? {} : { goal }),
        });
      const isFull = pods >= 100_000;
      await seed(file, fleet);
      const { ms, peakBytes, out } = kdaemon(file, ['reconcile']);
      const available = `${fleet.nodes} of ${fleet.nodes} available`;
      if (out.split(available).length !== fleet.daemonSets + 1) throw new Error(`not all pods run: ${out}`);
      msPerPod.push(ms / pods);
      row('time', ms / 1000, 's');
      const rate = pods / (ms / 1000);
      row(
        'pods a second',
        rate,
        'pods/s',
        ...(isFull ? [{ atLeast: 100 * CONTROL_PLANE_PODS_PER_SECOND }] : []),
      );
      const final = await rawInsertMs(file, join(folder, 'raw.db'), 1);
      row('raw insert of the final rows', final / 1000, 's');
      row('time / raw insert of the final rows', ms / final, '×', ...(isFull ? [{ atMost: 3 }] : []));
      const all = await rawInsertMs(file, join(folder, 'raw.db'), 3);
      row('raw insert of all row versions', all / 1000, 's');
      row('time / raw insert of all row versions', ms / all, '×');
      row('store a pod', fileBytes(file) / pods, 'bytes');
      row('peak memory', peakBytes / MB, 'MB', ...(isFull ? [{ atMost: 400 }] : []));
    });
  }
  const [, small, large] = msPerPod;
  if (small !== undefined && large !== undefined) {
    tell({
      group: 'reconcile',
      name: 'cost a pod, 100,000 / 10,000',
      value: large / small,
      unit: '×',
      goal: { atMost: 1.3 },
    });
  }
};

/** A new template for one DaemonSet on many nodes, ten percent of them at a time. */
export const rollingOut: Scenario = (tell, { quick }) =>
  inFolder(async (folder) => {
    const nodes = quick ? 100 : 5000;
    const file = join(folder, 'cluster.db');
    await seed(file, { nodes, daemonSets: 1 });
    kdaemon(file, ['reconcile']);
    const store = openSqliteStore(file);
    const client = localClient({ store, clock: systemClock(), random: systemRandom });
    const { name = '', namespace = '' } = agent(1).metadata;
    const live = await client.get(DAEMON_SET, { namespace, name });
    const object = { ...live, spec: { ...live.spec, template: agent(1, '2.0').spec.template } };
    await client.commit([{ verb: 'update', kind: DAEMON_SET, key: { namespace, name }, object }]);
    await store.close();
    const { ms, out } = kdaemon(file, ['reconcile']);
    if (!out.includes(`${nodes} up-to-date`)) throw new Error(`the rollout did not end: ${out}`);
    tell({ group: 'rollout', name: `${nodes} nodes, maxUnavailable 10%`, value: ms / 1000, unit: 's' });
  });
