import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { type InProcess, openInProcess } from '../support/in-process.ts';

/** `MARK_RUNS=200 npx vitest run test/property/reconcile-from-mark.test.ts` looks longer. */
const RUNS = Number(process.env.MARK_RUNS ?? 6);
/** Reconciles in a row, each from the mark of the one before. */
const ROUNDS = 5;

let kdaemon: InProcess;
beforeEach(() => {
  kdaemon = openInProcess();
});
afterEach(() => kdaemon.remove());

const DAEMON_SETS = ['one', 'two', 'three'];
const WORKERS = ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5', 'late-1', 'late-2'];

const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[random.int(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

function daemonSet(name: string, random: Random): string {
  const rollingUpdate = pick(random, [
    { maxUnavailable: 1 },
    { maxUnavailable: '50%' },
    { maxUnavailable: 0, maxSurge: 1 },
  ]);
  const updateStrategy = pick(random, [{ type: 'OnDelete' }, { type: 'RollingUpdate', rollingUpdate }]);
  const nodeSelector = pick(random, [{}, {}, { disk: 'ssd' }]);
  const labels = { app: name };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      minReadySeconds: pick(random, [0, 0, 5]),
      updateStrategy,
      template: {
        metadata: { labels },
        spec: { nodeSelector, containers: [{ name: 'c', image: `agent:${random.int(3)}` }] },
      },
    },
  });
}

const BARE_POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bare', labels: { app: 'one' } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
});

/** The arguments of a change, and its input; many change nothing, or are refused. */
function someChange(random: Random): { readonly args: readonly string[]; readonly input?: string } {
  const node = pick(random, WORKERS);
  const name = pick(random, DAEMON_SETS);
  const changes = [
    { args: ['create', 'node', node] },
    { args: ['delete', 'node', node] },
    { args: ['label', 'node', node, pick(random, ['disk=ssd', 'disk-', 'other=1']), '--overwrite'] },
    { args: ['taint', 'node', node, pick(random, ['a=b:NoExecute', 'a=b:NoSchedule', 'a-']), '--overwrite'] },
    { args: ['cordon', node] },
    {
      args: [
        'delete',
        'pods',
        '-l',
        `app=${name}`,
        '--field-selector',
        `spec.nodeName=${node}`,
        '--wait=false',
      ],
    },
    {
      args: [
        'label',
        'pods',
        '-l',
        `app=${name}`,
        '--field-selector',
        `spec.nodeName=${node}`,
        'app=free',
        '--overwrite',
      ],
    },
    { args: ['delete', 'pods', '-l', 'app=free', '--wait=false'] },
    { args: ['apply', '-f', '-'], input: daemonSet(name, random) },
    { args: ['apply', '-f', '-'], input: daemonSet(name, random) },
    { args: ['rollout', 'restart', `ds/${name}`] },
    { args: ['delete', 'ds', name, `--cascade=${pick(random, ['background', 'orphan'])}`, '--wait=false'] },
    { args: ['create', '-f', '-'], input: BARE_POD },
    { args: ['delete', 'pod', 'bare', '--wait=false'] },
  ];
  return pick(random, changes);
}

/** What runs where, and what the DaemonSets say of it: without names and times, which differ from run to run. */
async function cluster(): Promise<unknown> {
  const read = async (kind: string) => JSON.parse(await kdaemon.ok(['get', kind, '-o', 'json'])).items;
  const pods: {
    metadata: { labels: object; ownerReferences?: { uid: string }[] };
    spec: { nodeName?: string; containers: { image: string }[] };
    status: { phase: string };
  }[] = await read('pods');
  const daemonSets: { metadata: { uid: string }; status: unknown }[] = await read('ds');
  const revisions: { revision: number; data: unknown }[] = await read('controllerrevisions');
  return {
    pods: pods
      .map(({ metadata, spec, status }) =>
        JSON.stringify([
          spec.nodeName,
          spec.containers[0]?.image,
          status.phase,
          metadata.ownerReferences?.map(({ uid }) => uid),
          metadata.labels,
        ]),
      )
      .sort(),
    statuses: daemonSets.map(({ metadata, status }) => [metadata.uid, status]),
    revisions: revisions.map(({ revision, data }) => JSON.stringify([revision, data])).sort(),
  };
}

test('a run from the mark ends where one that looks at everything ends, whatever has happened in between', async () => {
  const file = join(kdaemon.folder, 'cluster.db');
  const before = join(kdaemon.folder, 'before.db');
  await kdaemon.ok(['init', '--nodes', '5']);
  const fresh = join(kdaemon.folder, 'fresh.db');
  copyFileSync(file, fresh);
  let changed = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = seededRandom(seed);
    copyFileSync(fresh, file);
    const told: string[] = [];
    let last = await cluster();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let left = 1 + random.int(4); left > 0; left -= 1) {
        const { args, input = '' } = someChange(random);
        const { code } = await kdaemon.run(args, { input });
        told.push(`${args.join(' ')} → ${code}`);
      }
      copyFileSync(file, before);
      await kdaemon.run(['reconcile', '--resync']);
      const anew = await cluster();
      copyFileSync(before, file);
      await kdaemon.run(['reconcile']);
      const fromMark = await cluster();
      expect(fromMark, `seed ${seed}: ${told.join('; ')}`).toEqual(anew);
      if (JSON.stringify(fromMark) !== JSON.stringify(last)) changed += 1;
      last = fromMark;
      told.push('reconcile');
    }
  }
  expect(changed).toBeGreaterThan(RUNS);
});
