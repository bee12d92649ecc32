import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../support/kdaemon.ts';
import { eventually, hasKubectl, type ServeProcess, startServe } from './serve-process.ts';

const fixture = (name: string): string => join(repository, 'fixtures', name);
const DS = ['-n', 'kube-system', 'daemonset/fluentd-elasticsearch'];

describe.skipIf(!hasKubectl)('the real kubectl (skipped where it is not installed)', () => {
  let server: ServeProcess;
  const file = (name: string, text: string): string => {
    const path = join(server.shell.folder, name);
    writeFileSync(path, text);
    return path;
  };

  beforeAll(async () => {
    server = await startServe();
    server.ok(['apply', '-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')]);
    server.ok(['rollout', 'status', ...DS, '--timeout=20s']);
  });
  afterAll(async () => {
    await server?.stop();
    server?.shell.remove();
  });

  test('finds every resource, as on the real server', () => {
    const lines = server.ok(['api-resources', '--no-headers']).trim().split('\n');
    expect(lines.length).toBeGreaterThan(60);
    expect(lines.find((line) => line.startsWith('daemonsets '))).toMatch(
      /^daemonsets +ds +apps\/v1 +true +DaemonSet$/,
    );
    expect(server.ok(['api-versions'])).toContain('apps/v1\n');
  });

  test('reads tables, objects and names', () => {
    const [heading, row] = server.ok(['get', 'ds', '-n', 'kube-system']).split('\n');
    expect(heading).toMatch(/^NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE$/);
    expect(row).toMatch(/^fluentd-elasticsearch +4 +4 +4 +4 +4 +<none>/);
    expect(server.ok(['get', 'pods', '-A', '-o', 'name']).trim().split('\n')).toHaveLength(4);
    expect(server.ok(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).toBe(
      'cp-1 worker-1 worker-2 worker-3',
    );
    const pods = ['get', 'pods', '-A', '--field-selector', 'spec.nodeName=worker-1', '-o', 'name'];
    expect(server.ok(pods).trim().split('\n')).toHaveLength(1);
    expect(server.kubectl(['get', 'ds', 'nobody']).stderr).toBe(
      'Error from server (NotFound): daemonsets.apps "nobody" not found\n',
    );
  });

  test('describes a DaemonSet with its events', () => {
    const text = server.ok(['describe', ...DS]);
    expect(text).toContain('Pods Status:  4 Running / 0 Waiting / 0 Succeeded / 0 Failed\n');
    expect(text).toMatch(/Normal +SuccessfulCreate +\S+ +daemonset-controller +Created pod: fluentd/);
    expect(server.ok(['describe', 'node', 'worker-1'])).toContain(
      'Non-terminated Pods:          (1 in total)',
    );
    expect(server.ok(['events', '-n', 'kube-system'])).toContain('Created pod: fluentd-elasticsearch-');
  });

  test('explains, from OpenAPI', () => {
    expect(server.ok(['explain', 'ds.spec.updateStrategy'])).toContain(
      'rollingUpdate\t<RollingUpdateDaemonSet>',
    );
    expect(server.ok(['explain', 'pods.spec', '--recursive'])).toContain('activeDeadlineSeconds\t<integer>');
  });

  test('validates: unknown fields are refused, or warned of', () => {
    const bad = file('bad.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndatta: {}\n');
    expect(server.kubectl(['create', '-f', bad]).stderr).toContain(
      'strict decoding error: unknown field "datta"',
    );
    const warned = server.kubectl(['create', '-f', bad, '--validate=warn', '--dry-run=server']);
    expect([warned.status, warned.stderr]).toEqual([0, 'Warning: unknown field "datta"\n']);
    const unknown = file('unknown.yaml', 'apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: a}\n');
    expect(server.kubectl(['apply', '-f', unknown]).stderr).toContain(
      'no matches for kind "Foo" in version "example.com/v1"\nensure CRDs are installed first',
    );
  });

  test('creates with every generator, which send protobuf', () => {
    const made: readonly (readonly string[])[] = [
      ['namespace', 'made'],
      ['configmap', 'c', '--from-literal=a=b'],
      ['secret', 'generic', 's', '--from-literal=a=b'],
      ['serviceaccount', 'robot'],
      ['deployment', 'd', '--image=x', '--replicas=2', '--port=80'],
      ['job', 'j', '--image=x'],
      ['cronjob', 'cj', '--image=x', '--schedule=* * * * *'],
      ['role', 'r', '--verb=get', '--resource=pods'],
      ['rolebinding', 'rb', '--role=r', '--user=u'],
      ['quota', 'q', '--hard=cpu=1,pods=2'],
      ['poddisruptionbudget', 'p', '--selector=a=b', '--min-available=50%'],
      ['ingress', 'i', '--rule=a/b=s:80'],
      ['priorityclass', 'pc', '--value=7'],
      ['service', 'clusterip', 'svc', '--tcp=80'],
    ];
    for (const words of made) expect(server.ok(['create', ...words])).toMatch(/ created\n$/);
    const spec = JSON.parse(server.ok(['get', 'deployment', 'd', '-o', 'json'])).spec;
    expect(spec).toMatchObject({ replicas: 2, selector: { matchLabels: { app: 'd' } } });
    expect(spec.template.spec.containers[0].ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);
    expect(JSON.parse(server.ok(['get', 'quota', 'q', '-o', 'json'])).spec.hard).toEqual({
      cpu: '1',
      pods: '2',
    });
    expect(JSON.parse(server.ok(['get', 'pdb', 'p', '-o', 'json'])).spec.minAvailable).toBe('50%');
    expect(server.ok(['scale', 'deployment/d', '--replicas=5'])).toBe('deployment.apps/d scaled\n');
    expect(server.ok(['get', 'deployment', 'd', '-o', 'jsonpath={.spec.replicas}'])).toBe('5');
    expect(server.ok(['auth', 'can-i', 'delete', 'nodes'])).toBe('yes\n');
    expect(server.ok(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).toBe('kdaemon-admin');
  });

  test('labels, annotates, patches, replaces and edits', () => {
    server.ok(['create', 'configmap', 'changed', '--from-literal=a=b']);
    expect(server.ok(['label', 'cm', 'changed', 'x=1'])).toBe('configmap/changed labeled\n');
    expect(server.ok(['annotate', 'cm', 'changed', 'y=2'])).toBe('configmap/changed annotated\n');
    server.ok(['patch', 'cm', 'changed', '-p', '{"data":{"b":"c"}}']);
    server.ok(['patch', 'cm', 'changed', '--type=merge', '-p', '{"data":{"a":null}}']);
    server.ok(['patch', 'cm', 'changed', '--type=json', '-p', '[{"op":"add","path":"/data/d","value":"e"}]']);
    const read = () => JSON.parse(server.ok(['get', 'cm', 'changed', '-o', 'json']));
    expect(read()).toMatchObject({ data: { b: 'c', d: 'e' }, metadata: { labels: { x: '1' } } });
    const text = server.ok(['get', 'cm', 'changed', '-o', 'yaml']).replace('d: e', 'd: f');
    expect(server.ok(['replace', '-f', '-'], text)).toBe('configmap/changed replaced\n');
    expect(read().data.d).toBe('f');
    expect(server.kubectl(['replace', '-f', '-'], text).stderr).toContain('the object has been modified');
  });

  test('applies, and shows the difference before', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: one}\n';
    expect(server.ok(['apply', '-f', '-'], text)).toBe('configmap/applied created\n');
    expect(server.ok(['apply', '-f', '-'], text)).toBe('configmap/applied unchanged\n');
    const next = text.replace('a: one', 'b: two');
    const diff = server.kubectl(['diff', '-f', '-'], next);
    expect(diff.status).toBe(1);
    expect(diff.stdout).toContain('-  a: one\n+  b: two\n');
    expect(server.ok(['apply', '-f', '-'], next)).toBe('configmap/applied configured\n');
    expect(server.ok(['get', 'cm', 'applied', '-o', 'jsonpath={.data}'])).toBe('{"b":"two"}');
  });

  test('rolls out, tells the history and undoes', () => {
    server.ok(['set', 'image', ...DS, 'fluentd-elasticsearch=img:2']);
    expect(server.ok(['rollout', 'status', ...DS, '--timeout=30s'])).toContain('successfully rolled out');
    expect(server.ok(['rollout', 'history', ...DS])).toBe(
      'daemonset.apps/fluentd-elasticsearch \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n',
    );
    server.ok(['rollout', 'undo', ...DS]);
    server.ok(['rollout', 'status', ...DS, '--timeout=30s']);
    const images = server.ok([
      'get',
      'pods',
      '-n',
      'kube-system',
      '-o',
      'jsonpath={.items[*].spec.containers[0].image}',
    ]);
    expect(new Set(images.split(' '))).toEqual(new Set(['quay.io/fluentd_elasticsearch/fluentd:v2.5.2']));
    server.ok(['rollout', 'restart', ...DS]);
    server.ok(['rollout', 'status', ...DS, '--timeout=30s']);
    expect(server.ok(['rollout', 'history', ...DS])).toContain('\n4         <none>\n');
    expect(server.kubectl(['scale', ...DS, '--replicas=2']).stderr).toContain(
      'the server could not find the requested resource',
    );
  });

  test('taints, cordons, drains and waits', () => {
    server.ok(['run', 'loose', '--image=x', '--overrides={"spec":{"nodeName":"worker-2"}}']);
    server.ok(['wait', 'pod/loose', '--for=condition=Ready', '--timeout=10s']);
    const drained = server.ok(['drain', 'worker-2', '--ignore-daemonsets', '--force', '--timeout=20s']);
    expect(drained).toContain('pod/loose evicted\nnode/worker-2 drained\n');
    expect(server.kubectl(['get', 'pod', 'loose']).status).toBe(1);
    expect(server.ok(['uncordon', 'worker-2'])).toBe('node/worker-2 uncordoned\n');
    server.ok(['taint', 'node', 'worker-3', 'away=yes:NoExecute']);
    server.ok([
      'wait',
      '-n',
      'kube-system',
      '--for=jsonpath={.status.desiredNumberScheduled}=3',
      DS[2] ?? '',
      '--timeout=10s',
    ]);
    server.ok(['taint', 'node', 'worker-3', 'away-']);
    server.ok([
      'wait',
      '-n',
      'kube-system',
      '--for=jsonpath={.status.numberReady}=4',
      DS[2] ?? '',
      '--timeout=10s',
    ]);
  });

  test('watches with get -w', async () => {
    const child = spawn(
      'kubectl',
      ['--kubeconfig', server.kubeconfig, 'get', 'cm', '-w', '--output-watch-events'],
      {
        env: { PATH: process.env.PATH, HOME: server.shell.folder },
      },
    );
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    try {
      await eventually('the first rows', () => seen.includes('ADDED      kube-root-ca.crt'));
      server.ok(['create', 'configmap', 'seen', '--from-literal=a=b']);
      server.ok(['label', 'cm', 'seen', 'x=1']);
      server.ok(['delete', 'cm', 'seen']);
      await eventually('all three events', () => /DELETED +seen/.test(seen));
      expect(seen.match(/^\w+ +seen .*$/gm)?.map((line) => line.replace(/ .*/, ''))).toEqual([
        'ADDED',
        'MODIFIED',
        'DELETED',
      ]);
    } finally {
      child.kill();
    }
  });

  test('deletes: objects, selections, namespaces with all that is in them', () => {
    server.ok(['create', 'namespace', 'doomed']);
    server.ok(['-n', 'doomed', 'create', 'configmap', 'one']);
    server.ok(['-n', 'doomed', 'create', 'configmap', 'two']);
    server.ok(['-n', 'doomed', 'label', 'cm', 'one', 'x=1']);
    expect(server.ok(['-n', 'doomed', 'delete', 'cm', '-l', 'x=1'])).toBe('configmap "one" deleted\n');
    expect(server.ok(['delete', 'namespace', 'doomed', '--timeout=20s'])).toBe(
      'namespace "doomed" deleted\n',
    );
    expect(server.kubectl(['get', 'namespace', 'doomed']).status).toBe(1);
  });

  test('deletes a DaemonSet and leaves its pods behind when told to', () => {
    const text = server.ok(['create', 'deployment', 'o', '--image=x', '--dry-run=client', '-o', 'json']);
    const { metadata, spec } = JSON.parse(text);
    const { replicas: _replicas, strategy: _strategy, ...rest } = spec;
    server.ok(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: rest }),
    );
    server.ok(['rollout', 'status', 'ds/o', '--timeout=20s']);
    server.ok(['delete', 'ds', 'o', '--cascade=orphan', '--timeout=20s']);
    const left = server.ok(['get', 'pods', '-l', 'app=o', '-o', 'name']).trim().split('\n');
    expect(left).toHaveLength(3);
    expect(server.ok(['delete', 'pods', '-l', 'app=o', '--timeout=20s']).match(/deleted/g)).toHaveLength(3);
  });

  test('works with custom resources as soon as they are defined', () => {
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: foos, kind: Foo, shortNames: [fo]}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer, default: 3, maximum: 9}}}
          status: {type: object, x-kubernetes-preserve-unknown-fields: true}
`;
    server.ok(['apply', '-f', '-'], definition);
    server.ok(['wait', '--for=condition=Established', 'crd/foos.example.com', '--timeout=5s']);
    server.ok(['apply', '-f', '-'], 'apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: f}\nspec: {}\n');
    expect(server.ok(['get', 'fo'])).toMatch(/^NAME +SIZE\nf +3\n$/);
    expect(server.ok(['explain', 'foo.spec'])).toContain('size\t<integer>');
    const refused = server.kubectl(['patch', 'foo', 'f', '--type=merge', '-p', '{"spec":{"size":10}}']);
    expect(refused.stderr).toContain('spec.size in body should be less than or equal to 9');
    server.ok(['patch', 'foo', 'f', '--subresource=status', '--type=merge', '-p', '{"status":{"seen":1}}']);
    expect(server.ok(['get', 'foo', 'f', '-o', 'jsonpath={.status.seen}'])).toBe('1');
    server.ok(['delete', 'crd', 'foos.example.com', '--timeout=10s']);
    expect(server.kubectl(['get', 'foos']).stderr).toContain('could not find the requested resource');
  });

  test('reads logs plainly, and is told why it cannot exec', () => {
    expect(server.ok(['logs', ...DS])).toBe('');
    expect(server.kubectl(['exec', ...DS, '--', 'ls']).stderr).toContain('there is no container behind');
  });
});
