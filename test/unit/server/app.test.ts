import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { CONFIG_MAPS, daemonSet, type ServedApp, servedApp } from './served-app.ts';

let api: ServedApp;
beforeEach(() => {
  api = servedApp();
});

describe('discovery', () => {
  const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

  test.each([
    ['/api', 'discovery-api.json'],
    ['/apis', 'discovery-apis.json'],
  ])('%s says, in one document, what the real server says', async (path, file) => {
    const recorded = JSON.parse(readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8'));
    const { json, headers } = await api.get(path, AGGREGATED);
    expect(headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    expect(json.items.map(sorted)).toEqual(recorded.items.map(sorted));
  });

  /** Subresources have no order that clients could rely on. */
  function sorted(group: { versions: { resources: { subresources?: { subresource: string }[] }[] }[] }) {
    for (const { resources } of group.versions) {
      for (const { subresources } of resources) {
        subresources?.sort((a, b) => (a.subresource < b.subresource ? -1 : 1));
      }
    }
    return group;
  }

  test('older clients find the same in many documents', async () => {
    expect((await api.get('/api')).json.versions).toEqual(['v1']);
    const { json } = await api.get('/apis');
    expect(json.groups.find((group: { name: string }) => group.name === 'autoscaling')).toMatchObject({
      preferredVersion: { groupVersion: 'autoscaling/v2' },
    });
    expect((await api.get('/apis/apps')).json.kind).toBe('APIGroup');
    const rows = (await api.get('/apis/apps/v1')).json.resources;
    expect(rows).toContainEqual({
      name: 'daemonsets',
      singularName: 'daemonset',
      namespaced: true,
      kind: 'DaemonSet',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['ds'],
      categories: ['all'],
    });
    expect(rows).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    expect((await api.get('/apis/nobody.example')).status).toBe(404);
  });
});

describe('around the objects', () => {
  test('/version names the Kubernetes that is followed', async () => {
    expect((await api.get('/version')).json).toMatchObject({
      major: '1',
      minor: '37',
      gitVersion: 'v1.37.2',
    });
  });

  test.each(['/healthz', '/livez', '/readyz', '/readyz/ping'])('%s is ok', async (path) => {
    const { status, text } = await api.get(path);
    expect([status, text]).toEqual([200, 'ok']);
  });

  test('other paths are not found, other methods not allowed', async () => {
    expect((await api.get('/metrics')).status).toBe(404);
    expect((await api.get('/api/v1/%zz')).status).toBe(400);
    expect((await api.call('POST', '/version', {})).status).toBe(405);
    expect((await api.call('PUT', CONFIG_MAPS, {})).status).toBe(405);
    expect((await api.call('POST', `${CONFIG_MAPS}/a`, {})).status).toBe(405);
  });

  test('everybody may do everything, and is told who they are', async () => {
    const review = await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'delete', resource: 'nodes' } },
    });
    expect([review.status, review.json.status]).toEqual([201, { allowed: true }]);
    const self = await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'SelfSubjectReview',
    });
    expect(self.json.status.userInfo).toEqual({ username: 'somebody', groups: ['everybody'] });
    expect((await api.get('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')).status).toBe(405);
  });
});

describe('subresources', () => {
  const pods = '/api/v1/namespaces/default/pods';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  };

  test('a binding puts a pod on a node, once', async () => {
    await api.post(pods, pod);
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'p' },
      target: { kind: 'Node', name: 'n' },
    };
    const bound = await api.post(`${pods}/p/binding`, binding);
    expect([bound.status, bound.json.status]).toEqual([201, 'Success']);
    expect((await api.get(`${pods}/p`)).json.spec.nodeName).toBe('n');
    expect((await api.post('/api/v1/namespaces/default/bindings', binding)).status).toBe(409);
  });

  test('an eviction deletes a pod; a dry one does not', async () => {
    await api.post(pods, pod);
    const eviction = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'p' },
      deleteOptions: { dryRun: ['All'] },
    };
    expect((await api.post(`${pods}/p/eviction`, eviction)).status).toBe(201);
    expect((await api.get(`${pods}/p`)).status).toBe(200);
    expect((await api.post(`${pods}/p/eviction`, { ...eviction, deleteOptions: {} })).status).toBe(201);
    expect((await api.get(`${pods}/p`)).status).toBe(404);
  });

  test('DaemonSets have no scale, Deployments do', async () => {
    await api.post('/apis/apps/v1/namespaces/default/daemonsets', daemonSet('d'));
    expect((await api.get('/apis/apps/v1/namespaces/default/daemonsets/d/scale')).json).toMatchObject({
      code: 404,
      message: 'the server could not find the requested resource',
    });
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    await api.post(deployments, { ...daemonSet('d'), kind: 'Deployment' });
    const scale = (await api.get(`${deployments}/d/scale`)).json;
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 }, status: { selector: 'app=d' } });
    const changed = await api.call('PUT', `${deployments}/d/scale`, { ...scale, spec: { replicas: 4 } });
    expect(changed.json.spec.replicas).toBe(4);
    expect((await api.get(`${deployments}/d`)).json.spec.replicas).toBe(4);
    expect(
      (await api.call('PUT', `${deployments}/d/scale`, { ...scale, spec: { replicas: 5 } })).status,
    ).toBe(409);
  });

  test('logs are plain text; containers that wait have none', async () => {
    await api.post(pods, pod);
    const log = await api.get(`${pods}/p/log`);
    expect([log.status, log.text, log.headers['content-type']]).toEqual([
      200,
      '',
      'text/plain; charset=utf-8',
    ]);
    expect((await api.get(`${pods}/p/log?container=x`)).json.message).toBe(
      'container x is not valid for pod p',
    );
    expect((await api.get(`${pods}/q/log`)).status).toBe(404);
  });

  test('exec says that there is no container', async () => {
    await api.post(pods, pod);
    expect((await api.post(`${pods}/p/exec?command=ls`, '')).status).toBe(501);
  });
});

describe('OpenAPI', () => {
  test('v3 has what kubectl needs to know of a patch, and merge keys', async () => {
    const index = (await api.get('/openapi/v3')).json.paths;
    expect(index['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=/);
    const { json } = await api.get('/openapi/v3/apis/apps/v1');
    const { patch } = json.paths['/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}'];
    expect(patch['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      kind: 'DaemonSet',
      version: 'v1',
    });
    expect(patch.parameters.map((one: { name: string }) => one.name)).toContain('fieldValidation');
    const spec = json.components.schemas['io.k8s.api.core.v1.PodSpec'].properties;
    expect(spec.containers).toMatchObject({ 'x-kubernetes-patch-merge-key': 'name', type: 'array' });
  });

  test.each(['v2', 'v3/api/v1', 'v3/apis/apps/v1', 'v3/apis/apiextensions.k8s.io/v1'])(
    'every reference in %s leads somewhere',
    async (name) => {
      const { json, text } = await api.get(`/openapi/${name}`);
      const schemas = Object.keys(json.definitions ?? json.components.schemas);
      const prefix = name === 'v2' ? '#/definitions/' : '#/components/schemas/';
      const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, one]) => one));
      expect(references.size).toBeGreaterThan(10);
      expect([...references].filter((one) => !schemas.includes((one ?? '').slice(prefix.length)))).toEqual(
        [],
      );
    },
  );

  test('v2 agrees with the real server about a DaemonSet', async () => {
    const { definitions } = (await api.get('/openapi/v2')).json;
    expect(definitions['io.k8s.api.apps.v1.DaemonSetSpec']).toEqual({
      type: 'object',
      required: ['selector', 'template'],
      properties: {
        minReadySeconds: { type: 'integer', format: 'int32' },
        revisionHistoryLimit: { type: 'integer', format: 'int32' },
        selector: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector' },
        template: { $ref: '#/definitions/io.k8s.api.core.v1.PodTemplateSpec' },
        updateStrategy: { $ref: '#/definitions/io.k8s.api.apps.v1.DaemonSetUpdateStrategy' },
      },
    });
  });
});
