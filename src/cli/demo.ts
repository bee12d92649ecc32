import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processWorld } from './context.ts';
import { processStreams } from './process-streams.ts';
import { runProgram } from './program.ts';

/** A line of narration, or a command line with what it reads from standard input. */
type Scene = string | { readonly run: string; readonly input?: string };

const fixture = (name: string): string => readFileSync(join(__dirname, '..', 'fixtures', name), 'utf8');
const get = 'kdaemon get pods -l name=fluentd-elasticsearch -n kube-system -o wide';

/** The life of a DaemonSet, as a newcomer would play it. */
function story(): readonly Scene[] {
  return [
    'A cluster: one control-plane node and three workers.',
    { run: 'kdaemon create -f fixtures/nodes.yaml' },
    'A DaemonSet: one log collector on every node. Its toleration lets it onto the control plane too.',
    { run: 'kdaemon create -f fixtures/daemonset.yaml' },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get daemonsets -n kube-system' },
    { run: get },
    'A node joins: it gets a pod.',
    { run: 'kdaemon create node worker-4 --label disk=ssd --cpu 8 --memory 32Gi' },
    { run: 'kdaemon reconcile' },
    { run: get },
    'A node leaves: its pod is collected.',
    { run: 'kdaemon delete node worker-3' },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get daemonsets -n kube-system' },
    'A new image: the pods are replaced one node at a time, because maxUnavailable is 1.',
    { run: 'kdaemon apply -f fixtures/updated-daemonset.yaml' },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get daemonsets -n kube-system -o wide' },
    'Only nodes with an SSD: nodeSelector disk=ssd. This one updates OnDelete.',
    { run: 'kdaemon apply -f fixtures/ssd-daemonset.yaml' },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get pods -l app=ssd-monitor -n kube-system -o wide' },
    'OnDelete: a new image changes nothing …',
    {
      run: 'kdaemon apply -f -',
      input: fixture('ssd-daemonset.yaml').replace('smartctl-exporter:0.12', 'smartctl-exporter:0.13'),
    },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get daemonset ssd-monitor -n kube-system' },
    '… until the old pods are deleted.',
    { run: 'kdaemon delete pods -l app=ssd-monitor -n kube-system' },
    { run: 'kdaemon reconcile' },
    { run: 'kdaemon get daemonset ssd-monitor -n kube-system' },
    'The end: a DaemonSet goes, and its pods go with it.',
    { run: 'kdaemon delete daemonset fluentd-elasticsearch -n kube-system' },
    { run: 'kdaemon reconcile' },
    { run: get },
  ];
}

/** Plays the story on a store in a temporary folder, which is removed afterwards. Stops at the first failure. */
async function play(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-demo-'));
  const streams = processStreams();
  const world = processWorld(streams);
  try {
    for (const scene of story()) {
      if (typeof scene === 'string') {
        streams.out(`\n# ${scene}\n`);
        continue;
      }
      streams.out(`$ ${scene.run}\n`);
      const code = await runProgram(scene.run.split(' ').slice(1), {
        ...world,
        env: { ...world.env, KDAEMON_STORE: join(folder, 'cluster.db') },
        streams: {
          ...streams,
          readInput: async () => scene.input ?? '',
          readLine: async () => scene.input ?? '',
        },
      });
      if (code !== 0) return code;
    }
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

play().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${String(error)}\n`);
    process.exitCode = 1;
  },
);
