import type { Random } from '../../src/runtime/random.ts';
import type { Api } from './api.ts';

/** A cluster in which something always changes. */
export interface Churn {
  /** Makes the nodes and the DaemonSets. */
  begin(): Promise<void>;
  /** One change of some sort. */
  step(): Promise<void>;
  /** Answers so far, and those among them that no client expects. */
  readonly counts: { writes: number; surprises: string[] };
}

const SETS = '/apis/apps/v1/namespaces/default/daemonsets';
const PODS = '/api/v1/namespaces/default/pods';
const ZONES = ['a', 'b', 'c'];

/** Nodes come and go and change their labels, images roll, pods are deleted, and some things are only looked at. */
export function churn(api: Api, nodes: number, random: Random): Churn {
  const names = Array.from({ length: nodes }, (_, at) => `node-${String(at).padStart(5, '0')}`);
  const gone = new Set<string>();
  const counts = { writes: 0, surprises: [] as string[] };
  let image = 1;

  async function send(method: string, path: string, body?: unknown, type?: string): Promise<string> {
    const { status, text } = await api.call(method, path, body, type);
    if (method !== 'GET') counts.writes += 1;
    // Two changes of one object may meet, and what is gone may be looked for.
    if (status >= 400 && status !== 404 && status !== 409)
      counts.surprises.push(`${method} ${path}: ${status} ${text}`);
    return text;
  }

  const one = (): string => names[random.int(names.length)] ?? '';
  const node = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { zone: ZONES[random.int(3)] ?? 'a', 'kubernetes.io/os': 'linux' } },
  });
  const set = (name: string, nodeSelector: Record<string, string>) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%' } },
      template: {
        metadata: { labels: { app: name } },
        spec: { nodeSelector, containers: [{ name: 'main', image: 'agent:1' }] },
      },
    },
  });
  const merge = (path: string, patch: unknown) => send('PATCH', path, patch, 'application/merge-patch+json');

  const changes: readonly (() => Promise<unknown>)[] = [
    async () => {
      const name = one();
      if (gone.delete(name)) return send('POST', '/api/v1/nodes', node(name));
      gone.add(name);
      return send('DELETE', `/api/v1/nodes/${name}`);
    },
    () => merge(`/api/v1/nodes/${one()}`, { metadata: { labels: { zone: ZONES[random.int(3)] } } }),
    () => merge(`/api/v1/nodes/${one()}`, { spec: { unschedulable: random.int(2) === 0 } }),
    async () => {
      const [pod] = (JSON.parse(await send('GET', `${PODS}?limit=1&fieldSelector=spec.nodeName=${one()}`))
        .items ?? []) as {
        readonly metadata: { readonly name: string };
      }[];
      if (pod !== undefined) await send('DELETE', `${PODS}/${pod.metadata.name}`);
    },
    async () => {
      // A new image for everybody takes a while: one now and then.
      if (random.int(40) > 0) return;
      image += 1;
      await merge(`${SETS}/everywhere`, {
        spec: { template: { spec: { containers: [{ name: 'main', image: `agent:${image % 20}` }] } } },
      });
    },
    () => send('GET', `${PODS}?limit=50&labelSelector=app%3Deverywhere`),
  ];

  return {
    counts,
    async begin() {
      for (const name of names) await send('POST', '/api/v1/nodes', node(name));
      await send('POST', SETS, set('everywhere', {}));
      await send('POST', SETS, set('zone-a', { zone: 'a' }));
    },
    async step() {
      await changes[random.int(changes.length)]?.();
    },
  };
}
