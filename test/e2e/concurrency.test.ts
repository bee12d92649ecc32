import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openShell, type Shell } from '../support/kdaemon.ts';
import { type ServeProcess, startServe } from './serve-process.ts';
import { started } from './started.ts';

/** Runs a command beside others, and holds it to exit code 0 and to silence on standard error. */
async function ok(shell: Shell, args: readonly string[], input?: string): Promise<string> {
  const { status, stdout, stderr } = await started(shell, args, input);
  expect({ args, status, stderr }).toEqual({ args, status: 0, stderr: '' });
  return stdout;
}

interface PodList {
  readonly items: readonly {
    readonly metadata: {
      readonly name: string;
      readonly ownerReferences?: readonly { readonly name: string }[];
      readonly labels?: Readonly<Record<string, string>>;
    };
    readonly spec: { readonly nodeName?: string };
  }[];
}

/** DaemonSet, node and revision of each pod. */
const placesOf = ({ items }: PodList): readonly string[] =>
  items.map(({ metadata, spec }) =>
    [metadata.ownerReferences?.[0]?.name, spec.nodeName, metadata.labels?.['controller-revision-hash']].join(
      ' ',
    ),
  );

const daemonSet = (name: string, image: string): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
    },
  });

describe('eight processes on one store', () => {
  test('create, apply, delete, label and reconcile, and none loses what it did', async () => {
    const shell = openShell();
    onTestFinished(() => shell.remove());
    shell.ok(['init', '--nodes', '4']);
    shell.ok(['create', 'configmap', 'counter', '--from-literal=n=0']);
    const creating = async (name: string): Promise<void> => {
      for (let i = 0; i < 2; i += 1) {
        await ok(shell, ['create', 'configmap', `${name}-${i}`, '--from-literal=a=1']);
        if (i > 0) await ok(shell, ['delete', 'configmap', `${name}-${i - 1}`]);
      }
    };
    const labelling = async (key: string): Promise<void> => {
      for (let i = 1; i <= 2; i += 1) await ok(shell, ['label', 'node', `worker-${i}`, `${key}=yes`]);
    };
    const applying = async (): Promise<void> => {
      for (const image of ['app:1', 'app:2'])
        await ok(shell, ['apply', '-f', '-'], daemonSet('agent', image));
    };
    const reconciling = async (): Promise<void> => {
      for (let i = 0; i < 2; i += 1) await ok(shell, ['reconcile']);
    };
    /** Adds 1 as a careful user does: reads, and replaces what was read; again when somebody was faster. */
    const counting = async (): Promise<void> => {
      for (let done = 0; done < 2; ) {
        const map = JSON.parse(await ok(shell, ['get', 'configmap', 'counter', '-o', 'json'])) as {
          readonly data: { readonly n: string };
        };
        const next = JSON.stringify({ ...map, data: { n: String(Number(map.data.n) + 1) } });
        const { status, stderr } = await started(shell, ['replace', '-f', '-'], next);
        if (status === 0) done += 1;
        else expect(stderr).toMatch(/^Error from server \(Conflict\): /);
      }
    };
    await Promise.all([
      creating('first'),
      creating('second'),
      labelling('left'),
      labelling('right'),
      applying(),
      reconciling(),
      counting(),
      counting(),
    ]);
    await ok(shell, ['reconcile']);
    const names = shell.ok(['get', 'configmaps', '-o', 'name']).trim().split('\n');
    expect(names).toEqual(['configmap/counter', 'configmap/first-1', 'configmap/second-1']);
    expect(
      shell.ok(['get', 'nodes', '-l', 'left=yes,right=yes', '-o', 'name']).trim().split('\n'),
    ).toHaveLength(2);
    expect(shell.ok(['get', 'configmap', 'counter', '-o', 'jsonpath={.data.n}'])).toBe('4');
    const pods = JSON.parse(shell.ok(['get', 'pods', '-o', 'json'])) as PodList;
    expect(pods.items).toHaveLength(4);
    expect(new Set(placesOf(pods)).size).toBe(4);
    expect(shell.ok(['get', 'ds', 'agent', '-o', 'jsonpath={.status.updatedNumberScheduled}'])).toBe('4');
    expect(shell.run(['store', 'check']).status).toBe(0);
  });

  test('reconcile at once, and no node gets two pods of one DaemonSet', async () => {
    const shell = openShell();
    onTestFinished(() => shell.remove());
    shell.ok(['init', '--nodes', '30']);
    writeFileSync(join(shell.folder, 'agent.json'), daemonSet('agent', 'app:1'));
    shell.ok(['create', '-f', 'agent.json']);
    const ended = await Promise.all(Array.from({ length: 8 }, () => started(shell, ['reconcile'])));
    for (const { status, stderr } of ended) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const pods = JSON.parse(shell.ok(['get', 'pods', '-o', 'json'])) as PodList;
    expect(pods.items).toHaveLength(30);
    expect(new Set(placesOf(pods)).size).toBe(30);
    // Nor for a moment: together they have made one for each node.
    const made = ended.flatMap(({ stdout }) => [...stdout.matchAll(/(\d+) pods created/g)]);
    expect(made.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(30);
  });
});

describe('32 clients of one server', () => {
  const CLIENTS = 32;
  const ADDITIONS = 2;

  async function serve(): Promise<{ readonly server: ServeProcess; readonly url: string }> {
    const server = await startServe();
    onTestFinished(async () => {
      const { stderr } = await server.stop();
      server.shell.remove();
      expect(stderr).toBe('');
    });
    return { server, url: `${server.url}/api/v1/namespaces/default/configmaps` };
  }

  const request = (url: string, method: string, type: string, body: object): Promise<Response> =>
    fetch(url, { method, headers: { 'content-type': type }, body: JSON.stringify(body) });
  const JSON_BODY = 'application/json';

  interface Counter {
    readonly metadata: { readonly resourceVersion: string };
    readonly data: { readonly n: string };
  }

  test('lose no addition under optimistic concurrency, nor by patches that hold the old value', async () => {
    const { url } = await serve();
    for (const name of ['replaced', 'patched', 'merged']) {
      const made = await request(url, 'POST', JSON_BODY, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name },
        data: { n: '0' },
      });
      expect(made.status).toBe(201);
    }
    const read = async (name: string): Promise<Counter> =>
      (await (await fetch(`${url}/${name}`)).json()) as Counter;
    const until = async (attempt: () => Promise<Response>, refusals: readonly number[]): Promise<void> => {
      for (;;) {
        const { status } = await attempt();
        if (status === 200) return;
        expect(refusals).toContain(status);
      }
    };
    const replacing = () =>
      until(async () => {
        const map = await read('replaced');
        return await request(`${url}/replaced`, 'PUT', JSON_BODY, { ...map, data: { n: added(map) } });
      }, [409]);
    // A patch whose test fails is invalid, not a conflict.
    const patching = () =>
      until(async () => {
        const map = await read('patched');
        return await request(`${url}/patched`, 'PATCH', 'application/json-patch+json', [
          { op: 'test', path: '/data/n', value: map.data.n },
          { op: 'replace', path: '/data/n', value: added(map) },
        ]);
      }, [409, 422]);
    // Each writes a field of its own, without looking: the server must merge them all.
    const merging = async (client: number, round: number): Promise<void> => {
      const data = { [`client-${client}`]: String(round) };
      const { status } = await request(`${url}/merged`, 'PATCH', 'application/merge-patch+json', { data });
      expect(status).toBe(200);
    };
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        for (let round = 0; round < ADDITIONS; round += 1) {
          if (client % 2 === 0) await replacing();
          else await patching();
          await merging(client, round);
        }
      }),
    );
    const expected = String((CLIENTS / 2) * ADDITIONS);
    expect([(await read('replaced')).data.n, (await read('patched')).data.n]).toEqual([expected, expected]);
    const clients = Array.from({ length: CLIENTS }, (_, client) => [
      `client-${client}`,
      String(ADDITIONS - 1),
    ]);
    expect((await read('merged')).data).toEqual({ n: '0', ...Object.fromEntries(clients) });
  });

  test('create one object at once, and one of them wins', async () => {
    const { url } = await serve();
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'wanted' } };
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, () => request(url, 'POST', JSON_BODY, object)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(CLIENTS - 1);
  });
});

const added = ({ data }: { readonly data: { readonly n: string } }): string => String(Number(data.n) + 1);
