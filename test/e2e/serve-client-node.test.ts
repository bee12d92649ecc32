import { join } from 'node:path';
import {
  ApiException,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1DaemonSet,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { repository } from '../support/kdaemon.ts';
import { freePort } from './free-port.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

const TOKEN_FILE = 'token';
const namespace = 'js';

let server: ServeProcess;
let config: KubeConfig;
let core: CoreV1Api;
let apps: AppsV1Api;

function connect(kubeconfig: string): void {
  config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  apps = config.makeApiClient(AppsV1Api);
}

beforeAll(async () => {
  const port = String(await freePort());
  const args = ['--tls', '--port', port, '--token-file', TOKEN_FILE];
  server = await startServe(args);
  connect(server.kubeconfig);
  server.shell.ok(['apply', '-f', join(repository, 'fixtures/nodes.yaml')]);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
});
afterAll(async () => {
  await server?.stop();
  server?.shell.remove();
});

function daemonSet(name: string, image = 'example.test/agent:1'): V1DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image }] } },
    },
  };
}

const configMap = (name: string, labels: Record<string, string> = {}): V1ConfigMap => ({
  metadata: { name, labels },
  data: { a: '1' },
});

async function refusalOf(work: Promise<unknown>): Promise<number | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ApiException) return error.code;
    throw error;
  }
}

describe('@kubernetes/client-node over TLS with a token, from the kubeconfig that serve writes', () => {
  test('is refused without the token, and does not trust the server without its authority', async () => {
    const cluster = config.getCurrentCluster();
    const user = config.getCurrentUser();
    if (cluster === null || user === null) throw new Error('an empty kubeconfig');
    expect(user.token).toMatch(/^\S{16,}$/);
    const asking = (changed: object, trusted: object): Promise<unknown> => {
      const other = new KubeConfig();
      other.loadFromClusterAndUser({ ...cluster, ...trusted }, { ...user, ...changed });
      return other.makeApiClient(CoreV1Api).listNode();
    };
    expect(await refusalOf(asking({ token: 'not-the-token-of-this-server' }, {}))).toBe(401);
    await expect(asking({}, { caData: undefined })).rejects.toThrow(/self[- ]signed|unable to (get|verify)/);
    expect((await config.makeApiClient(VersionApi).getCode()).gitVersion).toMatch(/^v1\./);
  });

  test('typed objects are created, read, replaced, listed and deleted', async () => {
    const created = await apps.createNamespacedDaemonSet({ namespace, body: daemonSet('crud') });
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date);
    const again = apps.createNamespacedDaemonSet({ namespace, body: daemonSet('crud') });
    expect(await refusalOf(again)).toBe(409);
    const read = await apps.readNamespacedDaemonSet({ namespace, name: 'crud' });
    expect(read.spec?.updateStrategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
    await expect
      .poll(async () => {
        const live = await apps.readNamespacedDaemonSet({ namespace, name: 'crud' });
        return live.status?.numberAvailable;
      })
      .toBe(3);
    const fresh = await apps.readNamespacedDaemonSet({ namespace, name: 'crud' });
    fresh.metadata = { ...fresh.metadata, labels: { team: 'node' } };
    await apps.replaceNamespacedDaemonSet({ namespace, name: 'crud', body: fresh });
    const stale = apps.replaceNamespacedDaemonSet({ namespace, name: 'crud', body: fresh });
    expect(await refusalOf(stale)).toBe(409);
    const listed = await apps.listDaemonSetForAllNamespaces({ labelSelector: 'team=node' });
    expect(listed.items.map(({ metadata }) => metadata?.name)).toEqual(['crud']);
    await apps.deleteNamespacedDaemonSet({ namespace, name: 'crud', propagationPolicy: 'Foreground' });
    await expect
      .poll(async () => (await core.listNamespacedPod({ namespace, labelSelector: 'app=crud' })).items.length)
      .toBe(0);
    await expect.poll(() => refusalOf(apps.readNamespacedDaemonSet({ namespace, name: 'crud' }))).toBe(404);
  });

  test.each([
    [PatchStrategy.JsonPatch, [{ op: 'replace', path: '/data/a', value: '2' }]],
    [PatchStrategy.MergePatch, { data: { a: '2' } }],
    [PatchStrategy.StrategicMergePatch, { data: { a: '2' } }],
    [
      PatchStrategy.ServerSideApply,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'patched' }, data: { a: '2' } },
    ],
  ])('%s', async (type, body) => {
    await core.createNamespacedConfigMap({ namespace, body: configMap('patched') });
    try {
      const change = { namespace, name: 'patched', body, fieldManager: 'js-client', force: true };
      // Only an apply may be forced.
      const { force: _, ...unforced } = change;
      const patched = await core.patchNamespacedConfigMap(
        type === PatchStrategy.ServerSideApply ? change : unforced,
        setHeaderOptions('Content-Type', type),
      );
      expect(patched.data).toEqual({ a: '2' });
      expect(patched.metadata?.managedFields?.map(({ manager }) => manager)).toContain('js-client');
    } finally {
      await core.deleteNamespacedConfigMap({ namespace, name: 'patched' });
    }
  });

  test('server-side apply refuses a field of another manager, and takes it by force', async () => {
    await core.createNamespacedConfigMap({ namespace, body: configMap('mine'), fieldManager: 'first' });
    const apply = (force: boolean): Promise<V1ConfigMap> =>
      core.patchNamespacedConfigMap(
        {
          namespace,
          name: 'mine',
          body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: '3' } },
          fieldManager: 'second',
          force,
        },
        setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
      );
    expect(await refusalOf(apply(false))).toBe(409);
    expect((await apply(true)).data).toEqual({ a: '3' });
  });

  test('a list goes on from page to page in one state, whatever is written meanwhile', async () => {
    const names = ['p1', 'p2', 'p3', 'p4', 'p5'];
    for (const name of names) {
      await core.createNamespacedConfigMap({ namespace, body: configMap(name, { paged: 'yes' }) });
    }
    const asked = { namespace, labelSelector: 'paged=yes', limit: 2 };
    const seen: (string | undefined)[] = [];
    const versions = new Set<string | undefined>();
    let from: string | undefined;
    do {
      const page = await core.listNamespacedConfigMap(
        from === undefined ? asked : { ...asked, _continue: from },
      );
      seen.push(...page.items.map(({ metadata }) => metadata?.name));
      versions.add(page.metadata?.resourceVersion);
      from = page.metadata?._continue || undefined;
      await core.createNamespacedConfigMap({
        namespace,
        body: configMap(`q${seen.length}`, { paged: 'yes' }),
      });
    } while (from !== undefined);
    expect(seen).toEqual(names);
    expect(versions.size).toBe(1);
  });

  test('a watch shows changes in order, and marks the end of what was there with a bookmark', async () => {
    await core.createNamespacedConfigMap({ namespace, body: configMap('watched', { watched: 'yes' }) });
    const seen: string[] = [];
    const watching = new Watch(config);
    const controller = await watching.watch(
      `/api/v1/namespaces/${namespace}/configmaps`,
      {
        labelSelector: 'watched=yes',
        allowWatchBookmarks: true,
        sendInitialEvents: true,
        resourceVersionMatch: 'NotOlderThan',
      },
      (phase, object) => {
        const mark = object.metadata.annotations?.['k8s.io/initial-events-end'];
        seen.push(mark === 'true' ? 'initial end' : `${phase} ${object.metadata.name}`);
      },
      () => {},
    );
    try {
      await expect.poll(() => seen).toEqual(['ADDED watched', 'initial end']);
      await core.patchNamespacedConfigMap(
        { namespace, name: 'watched', body: { data: { a: '2' } } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      );
      await core.deleteNamespacedConfigMap({ namespace, name: 'watched' });
      await expect.poll(() => seen.slice(2)).toEqual(['MODIFIED watched', 'DELETED watched']);
    } finally {
      controller.abort();
    }
  });

  test('the log of a pod is answered', async () => {
    await apps.createNamespacedDaemonSet({ namespace, body: daemonSet('talks') });
    const running = async () =>
      (await core.listNamespacedPod({ namespace, labelSelector: 'app=talks' })).items.filter(
        ({ status }) => status?.phase === 'Running',
      );
    await expect.poll(async () => (await running()).length).toBe(3);
    const [pod] = await running();
    const name = pod?.metadata?.name ?? '';
    expect(typeof (await core.readNamespacedPodLog({ namespace, name }))).toBe('string');
    expect(await refusalOf(core.readNamespacedPodLog({ namespace, name: 'nobody' }))).toBe(404);
    await apps.deleteNamespacedDaemonSet({ namespace, name: 'talks' });
  });

  test('objects of any kind, and custom resources', async () => {
    const anything = KubernetesObjectApi.makeApiClient(config);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'any', namespace } };
    await anything.create(account);
    expect((await anything.read(account)).metadata?.uid).toBeDefined();
    await anything.patch({ ...account, metadata: { ...account.metadata, labels: { a: 'b' } } });
    expect((await anything.list('v1', 'ServiceAccount', namespace)).items.length).toBeGreaterThan(0);
    await anything.delete(account);
    expect(await refusalOf(anything.read(account))).toBe(404);
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    };
    await anything.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.test' },
      spec: {
        group: 'example.test',
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    } as Parameters<typeof anything.create>[0]);
    const custom = config.makeApiClient(CustomObjectsApi);
    const at = { group: 'example.test', version: 'v1', namespace, plural: 'widgets' };
    const widget = { apiVersion: 'example.test/v1', kind: 'Widget', metadata: { name: 'w' } };
    await expect
      .poll(() =>
        refusalOf(custom.createNamespacedCustomObject({ ...at, body: { ...widget, spec: { size: 3 } } })),
      )
      .toBeUndefined();
    const wrong = { ...widget, metadata: { name: 'x' }, spec: { size: 'big' } };
    expect(await refusalOf(custom.createNamespacedCustomObject({ ...at, body: wrong }))).toBe(422);
    expect(await custom.listNamespacedCustomObject(at)).toMatchObject({ items: [{ spec: { size: 3 } }] });
    expect((await config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace })).items).toEqual([]);
  });
});

describe('an informer of @kubernetes/client-node', () => {
  const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets`;

  function informerOf(query = '') {
    const informer = makeInformer<V1DaemonSet>(config, path + query, () =>
      apps.listNamespacedDaemonSet({ namespace }),
    );
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, ({ metadata }) => void seen.push(`${verb} ${metadata?.name}`));
    return { informer, seen };
  }

  const label = (name: string, value: string): Promise<V1DaemonSet> =>
    apps.patchNamespacedDaemonSet(
      { namespace, name, body: { metadata: { labels: { value } } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );

  test('sees what is added, changed and deleted, over watches that the server ends every second', async () => {
    const { informer, seen } = informerOf('?timeoutSeconds=1');
    let connections = 0;
    informer.on('connect', () => {
      connections += 1;
    });
    await informer.start();
    try {
      await apps.createNamespacedDaemonSet({ namespace, body: daemonSet('informed') });
      await expect.poll(() => seen).toContain('add informed');
      await expect.poll(() => connections, { timeout: 10_000 }).toBeGreaterThan(1);
      await label('informed', 'after');
      await expect
        .poll(() => informer.get('informed', namespace)?.metadata?.labels)
        .toEqual({ value: 'after' });
      expect(seen).toContain('update informed');
      await apps.deleteNamespacedDaemonSet({ namespace, name: 'informed' });
      await expect.poll(() => seen.at(-1)).toBe('delete informed');
    } finally {
      await informer.stop();
    }
  });

  test('lists anew when the server has forgotten where it was (410)', async () => {
    await apps.createNamespacedDaemonSet({ namespace, body: daemonSet('old') });
    const { informer, seen } = informerOf();
    let again = (): void => {};
    informer.on('error', () => again());
    await informer.start();
    await expect.poll(() => seen).toContain('add old');
    const port = new URL(server.url).port;
    const { shell } = server;
    await server.stop();
    shell.ok(['-n', namespace, 'delete', 'ds', 'old', '--cascade=orphan', '--wait=false']);
    shell.ok(['reconcile']);
    shell.ok(['-n', namespace, 'create', '-f', '-'], JSON.stringify(daemonSet('new')));
    const store = openSqliteStore(shell.store);
    await store.compact(await store.revision());
    await store.close();
    server = await startServe(['--tls', '--port', port, '--token-file', TOKEN_FILE], shell);
    try {
      again = () => void setTimeout(() => void informer.start(), 100);
      await informer.start();
      await expect
        .poll(() => informer.list().map(({ metadata }) => metadata?.name), { timeout: 10_000 })
        .toEqual(['new']);
      expect(seen).toEqual(expect.arrayContaining(['delete old', 'add new']));
      await label('new', 'live');
      await expect.poll(() => informer.get('new', namespace)?.metadata?.labels).toEqual({ value: 'live' });
    } finally {
      again = () => {};
      await informer.stop();
    }
  });
});
