import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A measured figure, as the bench reports them. */
interface Row {
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** One sort of request; `number` counts the requests of all clients. */
interface Load {
  readonly name: string;
  /** By all clients together. */
  readonly requests: number;
  readonly expect: number;
  call(number: number): Call;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
}

/** The command line's entry, beside the bundle that this code is part of. */
const KDAEMON = resolve(__dirname, '..', 'bin', 'kdaemon.js');
const CLIENTS = 8;
const NODES = 500;
const PODS = '/api/v1/namespaces/default/pods';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

const AGENT_MANIFEST = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'agent', image: 'agent:1' }] },
    },
  },
});

/**
 * Requests of 8 clients, each over a connection of its own that stays open, to a `kdaemon serve` with a daemon pod on
 * each of 500 nodes: how many a second, how long they take, and what the server's memory comes to.
 */
export async function serveLoad(
  tell: (row: Row) => void,
  { quick }: { readonly quick: boolean },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-serve-load-'));
  const store = join(folder, 'cluster.db');
  try {
    run(store, ['init', '--nodes', String(NODES), '--control-planes', '0']);
    run(store, ['apply', '-f', '-'], AGENT_MANIFEST);
    run(store, ['reconcile']);
    const begun = performance.now();
    const { server, url } = await startServe(store);
    try {
      const pods = JSON.parse((await send(url, new Agent(), { method: 'GET', path: PODS })).body) as {
        items: { metadata: { name: string } }[];
      };
      tell({
        group: 'serve',
        name: 'from its start to a list',
        value: performance.now() - begun,
        unit: 'ms',
      });
      tell({ group: 'serve', name: 'memory before the load', value: residentMb(server), unit: 'MB' });
      const names = pods.items.map(({ metadata }) => metadata.name);
      for (const load of loads(names, quick ? 0.1 : 1)) await measure(url, load, tell);
      tell({ group: 'serve', name: 'memory after the load', value: residentMb(server), unit: 'MB' });
      const stopping = performance.now();
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      tell({
        group: 'serve',
        name: 'from SIGTERM to its end',
        value: performance.now() - stopping,
        unit: 'ms',
      });
    } finally {
      server.kill('SIGKILL');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function loads(pods: readonly string[], scale: number): readonly Load[] {
  const pod = (number: number): string => pods[number % pods.length] ?? '';
  return [
    {
      name: 'get a pod',
      requests: 20_000 * scale,
      expect: 200,
      call: (number) => ({ method: 'GET', path: `${PODS}/${pod(number)}` }),
    },
    {
      name: 'list 500 pods',
      requests: 600 * scale,
      expect: 200,
      call: () => ({ method: 'GET', path: `${PODS}?limit=500` }),
    },
    {
      name: 'create a ConfigMap',
      requests: 8000 * scale,
      expect: 201,
      call: (number) => ({
        method: 'POST',
        path: CONFIG_MAPS,
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `load-${number}` },
          data: { key: 'value' },
        },
      }),
    },
    {
      name: 'merge patch a ConfigMap',
      requests: 8000 * scale,
      expect: 200,
      call: (number) => ({
        method: 'PATCH',
        path: `${CONFIG_MAPS}/load-${number}`,
        contentType: 'application/merge-patch+json',
        body: { data: { key: `value ${number}` } },
      }),
    },
  ];
}

async function measure(url: string, load: Load, tell: (row: Row) => void): Promise<void> {
  const times: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (next < load.requests) {
      const call = load.call(next++);
      const begun = performance.now();
      const { status, body } = await send(url, agent, call);
      times.push(performance.now() - begun);
      if (status !== load.expect) throw new Error(`${call.method} ${call.path}: ${status} ${body}`);
    }
    agent.destroy();
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (part: number): number => times[Math.floor(times.length * part)] ?? Number.NaN;
  const row = { group: 'serve' };
  tell({ ...row, name: `${load.name}: rate`, value: times.length / seconds, unit: 'requests/s' });
  tell({ ...row, name: `${load.name}: half within`, value: quantile(0.5), unit: 'ms' });
  tell({ ...row, name: `${load.name}: 99% within`, value: quantile(0.99), unit: 'ms' });
}

function send(
  url: string,
  agent: Agent,
  { method, path, body, contentType = 'application/json' }: Call,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((done, failed) => {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      accept: 'application/json',
      ...(content === undefined ? {} : { 'content-type': contentType, 'content-length': content.length }),
    };
    const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', failed);
    });
    sent.on('error', failed);
    sent.end(content);
  });
}

async function startServe(store: string): Promise<{ readonly server: ChildProcess; readonly url: string }> {
  const server = spawn(process.execPath, [KDAEMON, '--store', store, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of server.stdout) {
    text += String(chunk);
    const [, url] = /at (http\S+)\n/.exec(text) ?? [];
    if (url !== undefined) return { server, url };
  }
  throw new Error(`kdaemon serve ended: ${text}`);
}

function run(store: string, args: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(process.execPath, [KDAEMON, '--store', store, ...args], {
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`kdaemon ${args.join(' ')} ended with ${status}: ${stderr}`);
}

/** Resident memory of a process in MB; NaN where the system does not tell. */
function residentMb({ pid }: ChildProcess): number {
  try {
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kib) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}
