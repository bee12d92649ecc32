import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Api, apiAt, type Loose, Refused } from './serve-api.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

/** What upstream's end-to-end specs for DaemonSets and ControllerRevisions assert, over HTTP. */
const LABEL = 'daemonset-name';
const COLOR = 'daemonset-color';
const NODES = ['node-1', 'node-2', 'node-3', 'node-4'];

let server: ServeProcess;
let api: Api;
let namespace: string;
let number = 0;

beforeAll(async () => {
  server = await startServe();
  api = apiAt(server.url);
  for (const name of NODES) {
    await api.call('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
  }
});
afterAll(async () => {
  await server?.stop();
  server?.shell.remove();
});

beforeEach(async () => {
  namespace = `daemonsets-${++number}`;
  await api.call('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  await api.until(`/api/v1/namespaces/${namespace}/serviceaccounts/default`, 'a ServiceAccount', isObject);
  await api.until(
    `/api/v1/namespaces/${namespace}/configmaps/kube-root-ca.crt`,
    'the root certificates',
    isObject,
  );
  await api.patch(`/api/v1/namespaces/${namespace}`, {
    metadata: { annotations: { 'scheduler.alpha.kubernetes.io/node-selector': '' } },
  });
  for (const name of NODES)
    await api.change(`/api/v1/nodes/${name}`, (node) => delete node.metadata.labels[COLOR]);
});
afterEach(async () => {
  const { items } = await api.get(sets());
  for (const { metadata } of items)
    await api.call('DELETE', `${sets()}/${metadata.name}`, { propagationPolicy: 'Background' });
  await api.until(pods(), 'no pods left', ({ items: left }) => left.length === 0);
});

const isObject = (answer: Loose): boolean => answer.metadata !== undefined;
const sets = (): string => `/apis/apps/v1/namespaces/${namespace}/daemonsets`;
const pods = (): string => `/api/v1/namespaces/${namespace}/pods`;
const revisions = (): string => `/apis/apps/v1/namespaces/${namespace}/controllerrevisions`;
const mine = (): string => `?labelSelector=${encodeURIComponent(`${LABEL}=daemon-set`)}`;
const active = '&fieldSelector=status.phase!%3DFailed,status.phase!%3DSucceeded';

function daemonSet(image: string, extra: Loose = {}, labels: Loose = {}): Loose {
  const selected = { [LABEL]: 'daemon-set' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'daemon-set', labels },
    spec: {
      selector: { matchLabels: selected },
      template: {
        metadata: { labels: selected },
        spec: {
          containers: [{ name: 'app', image, ports: [{ containerPort: 9376 }], securityContext: {} }],
          securityContext: {},
          ...extra.podSpec,
        },
      },
      ...extra.spec,
    },
  };
}

const create = (object: Loose): Promise<Loose> => api.call('POST', sets(), object);
const imageOf = (pod: Loose): string => pod.spec.containers[0].image;
const isAvailable = (pod: Loose): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  (pod.status.conditions ?? []).some((one: Loose) => one.type === 'Ready' && one.status === 'True');

/** One available pod on each of these nodes, and none elsewhere. */
function runsOn(nodes: readonly string[], image?: string): Promise<Loose> {
  return api.until(pods() + mine() + active, `pods on ${nodes.join(', ')}`, ({ items }) => {
    const there = items
      .filter(isAvailable)
      .filter((pod: Loose) => image === undefined || imageOf(pod) === image);
    const names: string[] = there.map((pod: Loose) => pod.spec.nodeName);
    return items.length === nodes.length && [...names].sort().join() === [...nodes].sort().join();
  });
}

async function statusIsOk(): Promise<void> {
  await api.until(`${sets()}/daemon-set`, 'desired = current = ready', ({ status }) => {
    const { desiredNumberScheduled, currentNumberScheduled, numberReady } = status;
    return desiredNumberScheduled === currentNumberScheduled && currentNumberScheduled === numberReady;
  });
}

const color = (node: string, value: string | undefined): Promise<Loose> =>
  api.change(`/api/v1/nodes/${node}`, (object) => {
    if (value === undefined) delete object.metadata.labels[COLOR];
    else object.metadata.labels[COLOR] = value;
  });

async function currentRevision(): Promise<Loose> {
  const { items } = await api.get(revisions() + mine());
  return items.sort((a: Loose, b: Loose) => b.revision - a.revision)[0];
}

describe('a Daemon set', () => {
  test('should run and stop simple daemon', async () => {
    await create(daemonSet('img:1'));
    const { items } = await runsOn(NODES);
    await statusIsOk();
    await api.call('DELETE', `${pods()}/${items[0].metadata.name}`);
    const revived = await runsOn(NODES);
    expect(revived.items.map((pod: Loose) => pod.metadata.uid)).not.toContain(items[0].metadata.uid);
  });

  test('should run and stop complex daemon', async () => {
    await create(daemonSet('img:1', { podSpec: { nodeSelector: { [COLOR]: 'blue' } } }));
    await runsOn([]);
    await color('node-1', 'blue');
    await runsOn(['node-1']);
    await statusIsOk();
    await color('node-1', 'green');
    await runsOn([]);
    await api.patch(`${sets()}/daemon-set`, {
      spec: {
        template: { spec: { nodeSelector: { [COLOR]: 'green' } } },
        updateStrategy: { type: 'RollingUpdate' },
      },
    });
    await runsOn(['node-1']);
    await statusIsOk();
  });

  test('should run and stop complex daemon with node affinity', async () => {
    const nodeSelectorTerms = [{ matchExpressions: [{ key: COLOR, operator: 'In', values: ['blue'] }] }];
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    };
    await create(daemonSet('img:1', { podSpec: { affinity } }));
    await runsOn([]);
    await color('node-2', 'blue');
    await runsOn(['node-2']);
    await statusIsOk();
    await color('node-2', undefined);
    await runsOn([]);
  });

  test('should retry creating failed daemon pods', async () => {
    await create(daemonSet('img:1'));
    const { items } = await runsOn(NODES);
    const [pod] = items;
    delete pod.metadata.resourceVersion;
    pod.status.phase = 'Failed';
    await api.call('PUT', `${pods()}/${pod.metadata.name}/status`, pod);
    await runsOn(NODES);
    await api.until(
      `${pods()}/${pod.metadata.name}`,
      'the failed pod is gone',
      (answer) => answer instanceof Refused,
    );
  });

  test('should not update pod when spec was updated and update strategy is OnDelete', async () => {
    await create(daemonSet('img:1', { spec: { updateStrategy: { type: 'OnDelete' } } }));
    const first = await runsOn(NODES);
    const one = await currentRevision();
    expect(one.revision).toBe(1);
    const hash = one.metadata.labels['controller-revision-hash'];
    for (const pod of first.items) expect(pod.metadata.labels['controller-revision-hash']).toBe(hash);
    await api.patch(`${sets()}/daemon-set`, {
      spec: { template: { spec: { containers: [{ name: 'app', image: 'img:2' }] } } },
    });
    await api.until(revisions() + mine(), 'a second revision', ({ items }) => items.length === 2);
    const after = await runsOn(NODES, 'img:1');
    expect((await currentRevision()).revision).toBe(2);
    for (const pod of after.items) expect(pod.metadata.labels['controller-revision-hash']).toBe(hash);
  });

  test('should update pod when spec was updated and update strategy is RollingUpdate', async () => {
    await create(daemonSet('img:1', { spec: { updateStrategy: { type: 'RollingUpdate' } } }));
    const first = await runsOn(NODES);
    expect((await currentRevision()).revision).toBe(1);
    const before = await api.get(`${sets()}/daemon-set`);
    const patched = await api.patch(`${sets()}/daemon-set`, {
      spec: { template: { spec: { containers: [{ name: 'app', image: 'img:2' }] } } },
    });
    expect(patched.metadata.resourceVersion).toMatch(/^[1-9][0-9]*$/);
    expect(BigInt(patched.metadata.resourceVersion)).toBeGreaterThan(BigInt(before.metadata.resourceVersion));
    await api.until(pods() + mine() + active, 'all new, never more than one away', ({ items }) => {
      const available = items.filter(isAvailable);
      expect(available.length).toBeGreaterThanOrEqual(NODES.length - 1);
      return available.filter((pod: Loose) => imageOf(pod) === 'img:2').length === NODES.length;
    });
    const { items } = await runsOn(NODES, 'img:2');
    const two = await currentRevision();
    expect(two.revision).toBe(2);
    for (const pod of items) {
      expect(pod.metadata.labels['controller-revision-hash']).toBe(
        two.metadata.labels['controller-revision-hash'],
      );
    }
    const old = first.items.map((pod: Loose) => pod.metadata.uid);
    expect(items.some((pod: Loose) => old.includes(pod.metadata.uid))).toBe(false);
  });

  test('should rollback without unnecessary restarts', async () => {
    const made = await create(daemonSet('img:1', { spec: { updateStrategy: { type: 'RollingUpdate' } } }));
    await runsOn(NODES);
    await api.change(`${sets()}/daemon-set`, (set) => {
      set.spec.template.spec.containers[0].image = 'foo:non-existent';
    });
    const half = await api.until(pods() + mine() + active, 'one pod of the new image', ({ items }) =>
      items.some((pod: Loose) => imageOf(pod) === 'foo:non-existent'),
    );
    const kept = half.items.filter((pod: Loose) => imageOf(pod) === 'img:1' && isAvailable(pod));
    expect(kept.length).toBeGreaterThan(0);
    const stuck = half.items.find((pod: Loose) => imageOf(pod) !== 'img:1');
    await api.until(`${pods()}/${stuck.metadata.name}`, 'an image that cannot be pulled', ({ status }) =>
      /^(ErrImagePull|ImagePullBackOff)$/.test(status?.containerStatuses?.[0]?.state?.waiting?.reason ?? ''),
    );
    await api.change(`${sets()}/daemon-set`, (set) => {
      set.spec.template = made.spec.template;
    });
    const { items } = await runsOn(NODES, 'img:1');
    const names = items.map((pod: Loose) => pod.metadata.name);
    expect(names).toEqual(expect.arrayContaining(kept.map((pod: Loose) => pod.metadata.name)));
  });

  test('should surge pods onto nodes when spec was updated and update strategy is RollingUpdate', async () => {
    const rollingUpdate = { maxUnavailable: 0, maxSurge: '20%' };
    const spec = { updateStrategy: { type: 'RollingUpdate', rollingUpdate }, minReadySeconds: 1 };
    await create(daemonSet('img:1', { spec }));
    await runsOn(NODES);
    await api.patch(`${sets()}/daemon-set`, {
      spec: {
        template: {
          spec: { containers: [{ name: 'app', image: 'img:1', env: [{ name: 'VERSION', value: '2' }] }] },
        },
      },
    });
    const isNew = (pod: Loose): boolean => pod.spec.containers[0].env?.[0]?.value === '2';
    await api.until(pods() + mine() + active, 'all new, every node always served', ({ items }) => {
      const byNode = new Map<string, Loose[]>();
      for (const pod of items.filter((one: Loose) => one.spec.nodeName !== undefined))
        byNode.set(pod.spec.nodeName, [...(byNode.get(pod.spec.nodeName) ?? []), pod]);
      for (const there of byNode.values()) {
        expect(there.filter(isAvailable).length).toBeGreaterThanOrEqual(1);
        const live = there.filter((pod) => pod.metadata.deletionTimestamp === undefined);
        expect(live.filter(isNew).length).toBeLessThanOrEqual(1);
        expect(live.filter((pod) => !isNew(pod)).length).toBeLessThanOrEqual(1);
      }
      return items.filter((pod: Loose) => isNew(pod) && isAvailable(pod)).length === NODES.length;
    });
    const { items } = await runsOn(NODES);
    await api.call('DELETE', `${pods()}/${items[0].metadata.name}`);
    await runsOn(NODES);
  });

  test('should list and delete a collection of DaemonSets', async () => {
    await create(daemonSet('img:1', {}, { [LABEL]: 'e2e-collection' }));
    await runsOn(NODES);
    const everywhere = `/apis/apps/v1/daemonsets?labelSelector=${encodeURIComponent(`${LABEL}=e2e-collection`)}`;
    expect((await api.get(everywhere)).items).toHaveLength(1);
    await api.call('DELETE', `${sets()}?labelSelector=${encodeURIComponent(`${LABEL}=e2e-collection`)}`, {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 1,
    });
    expect((await api.get(everywhere)).items).toHaveLength(0);
  });

  test('should verify changes to a daemon set status', async () => {
    await create(daemonSet('img:1', {}, { [LABEL]: 'e2e-status' }));
    await runsOn(NODES);
    await statusIsOk();
    const selector = `?labelSelector=${encodeURIComponent(`${LABEL}=e2e-status`)}`;
    const { metadata } = await api.get(sets() + selector);
    expect((await api.get(`${sets()}/daemon-set/status`)).kind).toBe('DaemonSet');
    const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from e2e test' };
    await api.change(
      `${sets()}/daemon-set`,
      (set) => {
        set.status.conditions = [...(set.status.conditions ?? []), condition];
      },
      '/status',
    );
    const from = (resourceVersion: string) =>
      `${sets()}${selector}&watch=true&resourceVersion=${resourceVersion}`;
    const has = (type: string) => (event: Loose) =>
      (event.object.status.conditions ?? []).some((one: Loose) => one.type === type);
    const seen = await api.watch(from(metadata.resourceVersion), has('StatusUpdate'));
    expect(seen.at(-1).type).toBe('MODIFIED');
    await api.patch(
      `${sets()}/daemon-set/status`,
      { status: { conditions: [{ type: 'StatusPatched', status: 'True' }] } },
      'application/merge-patch+json',
    );
    await api.watch(from(seen.at(-1).object.metadata.resourceVersion), has('StatusPatched'));
    // The controller writes the status again, and leaves the conditions alone.
    await api.call('DELETE', `${pods()}/${(await api.get(pods() + mine())).items[0].metadata.name}`);
    await runsOn(NODES);
    await statusIsOk();
    const { conditions } = (await api.get(`${sets()}/daemon-set`)).status;
    expect(conditions.map((one: Loose) => one.type)).toEqual(['StatusPatched']);
  });
});

describe('a ControllerRevision', () => {
  test('should manage the lifecycle of a ControllerRevision', async () => {
    await create(daemonSet('img:1', {}, { [LABEL]: 'daemon-set' }));
    await runsOn(NODES);
    const everywhere = `/apis/apps/v1/controllerrevisions${mine()}`;
    const listed = await api.get(everywhere);
    expect(listed.items).toHaveLength(1);
    const [initial] = listed.items;
    expect(initial.metadata.ownerReferences[0]).toMatchObject({ kind: 'DaemonSet', name: 'daemon-set' });
    const patched = await api.patch(`${revisions()}/${initial.metadata.name}`, {
      metadata: { labels: { [initial.metadata.name]: 'patched' } },
    });
    expect(patched.metadata.labels[initial.metadata.name]).toBe('patched');
    const second = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: 'daemon-set-second',
        namespace,
        labels: initial.metadata.labels,
        ownerReferences: initial.metadata.ownerReferences,
      },
      data: initial.data,
      revision: initial.revision + 1,
    };
    await api.call('POST', revisions(), second);
    expect((await api.get(everywhere)).items).toHaveLength(2);
    await api.call('DELETE', `${revisions()}/${initial.metadata.name}`);
    await api.until(everywhere, 'one revision', ({ items }) => items.length === 1);
    await api.change(`${revisions()}/daemon-set-second`, (revision) => {
      revision.metadata.labels['daemon-set-second'] = 'updated';
    });
    await api.patch(`${sets()}/daemon-set`, {
      spec: { template: { spec: { terminationGracePeriodSeconds: 1 } } },
    });
    await api.until(everywhere, 'two revisions', ({ items }) => items.length === 2);
    await api.call(
      'DELETE',
      `${revisions()}?labelSelector=${encodeURIComponent('daemon-set-second=updated')}`,
    );
    const { items } = await api.until(everywhere, 'one revision', (answer) => answer.items.length === 1);
    expect(items[0].revision).toBe(3);
  });
});
