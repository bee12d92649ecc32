import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite-store.ts';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

const DAEMON_SET = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { nodeSelector: { 'kubernetes.io/os': 'linux' }, containers: [{ name: 'c', image: 'agent:1' }] },
    },
  },
});

let kdaemon: InProcess;
let folder: string;
let file: string;
beforeEach(async () => {
  kdaemon = openInProcess();
  folder = mkdtempSync(join(tmpdir(), 'kdaemon-unit-'));
  file = join(kdaemon.folder, 'cluster.db');
  await kdaemon.ok(['init', '--nodes', '5']);
  await kdaemon.ok(['create', '-f', '-'], DAEMON_SET);
  await kdaemon.ok(['reconcile']);
});
afterEach(() => {
  kdaemon.remove();
  rmSync(folder, { recursive: true });
});

async function uidOf(object: string): Promise<string> {
  return await kdaemon.ok(['get', object, '-o', 'jsonpath={.metadata.uid}']);
}

/** What runs where, without names and times. */
async function cluster(): Promise<unknown> {
  const pods = JSON.parse(await kdaemon.ok(['get', 'pods', '-o', 'json']));
  const { items } = JSON.parse(await kdaemon.ok(['get', 'ds', '-o', 'json']));
  return {
    pods: pods.items
      .map((pod: { spec: { nodeName: string; containers: unknown }; status: { phase: string } }) =>
        JSON.stringify([pod.spec.nodeName, pod.spec.containers, pod.status.phase]),
      )
      .sort(),
    statuses: items.map((one: { status: unknown }) => one.status),
  };
}

const image = (tag: string): string => DAEMON_SET.replace('agent:1', `agent:${tag}`);
const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['nothing', async () => {}],
  ['a new node', () => kdaemon.ok(['create', 'node', 'late'])],
  [
    'a node that no longer matches',
    () => kdaemon.ok(['label', 'node', 'worker-1', 'kubernetes.io/os=other', '--overwrite']),
  ],
  ['a node that is gone', () => kdaemon.ok(['delete', 'node', 'worker-2'])],
  ['a tainted node', () => kdaemon.ok(['taint', 'node', 'worker-3', 'a=b:NoExecute'])],
  ['a taint that lets pods run on', () => kdaemon.ok(['taint', 'node', 'worker-4', 'a=b:NoSchedule'])],
  ['deleted pods', () => kdaemon.ok(['delete', 'pods', '-l', 'app=agent', '--wait=false'])],
  ['a new template', () => kdaemon.ok(['apply', '-f', '-'], image('2'))],
  ['a deleted DaemonSet', () => kdaemon.ok(['delete', 'ds', 'agent'])],
  [
    'a DaemonSet that went and came back',
    async () => {
      await kdaemon.ok(['delete', 'ds', 'agent']);
      await kdaemon.ok(['create', '-f', '-'], image('3'));
    },
  ],
];

describe('a reconcile from the mark of the last one', () => {
  test.each(changes)('ends after %s where one that looks at everything ends', async (_what, change) => {
    await change();
    const copy = join(folder, 'copy.db');
    copyFileSync(file, copy);
    await kdaemon.ok(['reconcile']);
    const fromMark = await cluster();
    copyFileSync(copy, file);
    await kdaemon.ok(['reconcile', '--resync']);
    expect(await cluster()).toEqual(fromMark);
  });

  test('is left by a run after which nothing is to be done, with what the next one would have to read', async () => {
    const store = openSqliteStore(file);
    const entry = await store.get('meta/settled');
    await store.close();
    expect(JSON.parse(entry?.value ?? 'null')).toEqual({
      revision: expect.stringMatching(/^\d+$/),
      by: expect.any(String),
      restlessPods: [],
      daemonSets: { [await uidOf('ds/agent')]: expect.objectContaining({ generation: 1 }) },
      // Five workers have run a pod each; the sample cluster has a control plane besides.
      addresses: { nextPod: 6, nextNode: expect.any(Number) },
    });
  });
});
