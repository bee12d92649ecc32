import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../../support/in-process.ts';

let shell: InProcess;
beforeEach(() => {
  shell = openInProcess();
});
afterEach(() => shell.remove());

const nodeObject = (
  name: string,
  labels: object,
  more: { taints?: readonly object[]; memory?: string } = {},
) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  spec: { taints: more.taints ?? [] },
  status: { allocatable: { cpu: '4', memory: more.memory ?? '8Gi', pods: '110' } },
});
const gpu = { key: 'gpu', value: 'true', effect: 'NoSchedule' };
const NODES = [
  nodeObject('worker-1', { disk: 'ssd' }),
  nodeObject('worker-2', { disk: 'ssd' }),
  nodeObject('worker-3', { disk: 'hdd' }),
  nodeObject('gpu-1', { disk: 'ssd' }, { taints: [gpu] }),
  nodeObject('small-1', { disk: 'ssd' }, { memory: '100Mi' }),
];
const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

function agent(
  more: { name?: string; image?: string; disk?: readonly string[]; memory?: string } = {},
): object {
  const { name = 'agent', image = 'example.test/agent:1', disk = ['ssd'], memory = '300Mi' } = more;
  const matchExpressions = [{ key: 'disk', operator: 'In', values: disk }];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
            },
          },
          containers: [{ name: 'agent', image, resources: { requests: { memory } } }],
        },
      },
    },
  };
}

async function cluster(): Promise<void> {
  await shell.ok(['create', '-f', '-'], list(NODES));
  await shell.ok(['create', '-f', '-'], JSON.stringify(agent()));
  await shell.ok(['reconcile']);
}

/** Names that the API makes up are not what a golden is about. */
const steady = (text: string): string => text.replaceAll(/agent-[a-z0-9]{5}/g, 'agent-xxxxx');

describe('kdaemon why', () => {
  test('groups the nodes, tells the nodes behind each number, and what would change the answer', async () => {
    await cluster();
    await shell.ok(['taint', 'node', 'worker-2', 'gpu=true:NoSchedule']);
    await shell.ok(['reconcile']);
    expect(await shell.ok(['why', 'ds/agent'])).toBe(
      `daemonset.apps/agent (default) should run on 2 of 5 nodes

NODES   RUNS   NAMES      PODS                         WHY
1       yes    small-1    pending: not enough memory   the required node affinity matches
1       yes    worker-1   available                    the required node affinity matches
1       no     gpu-1      none                         taint gpu=true:NoSchedule is not tolerated
1       no     worker-2   available, keeps running     taint gpu=true:NoSchedule is not tolerated
1       no     worker-3   none                         required affinity: the only term fails: disk In [ssd] but the node has disk=hdd

NUMBER         COUNT   NODES
desired        2       small-1, worker-1
current        2       small-1, worker-1
up-to-date     2       small-1, worker-1
ready          1       worker-1
available      1       worker-1
misscheduled   1       worker-2

To have it on gpu-1, worker-2:
  add the toleration {key: gpu, operator: Equal, value: "true", effect: NoSchedule}
  or remove the taint gpu=true:NoSchedule from the nodes

To have it on worker-3:
  label the node disk=ssd instead of disk=hdd
  or add "hdd" to disk In [ssd] of affinity term 1
  or add a term to the required affinity that names node worker-3
`,
    );
  });

  test('tells every rule of a node that is named, what becomes of the pod there, and the commands', async () => {
    await cluster();
    await shell.ok(['taint', 'node', 'worker-2', 'gpu=true:NoSchedule']);
    await shell.ok(['cordon', 'worker-2']);
    expect(steady(await shell.ok(['why', 'ds', 'agent', 'node/worker-2', 'node/small-1']))).toBe(
      `daemonset.apps/agent (default) should run on 2 of 5 nodes

node/small-1: yes, it should run a pod
  RULE           SAYS   WHY
  nodeAffinity   yes    the only term matches: disk In [ssd]
  pod/agent-xxxxx: Pending; it cannot be bound to the node: 200Mi of memory is missing: it asks for 300Mi, and 100Mi of 100Mi is free
  To keep it away:
    rule out node small-1 in the required affinity
      kdaemon patch daemonset agent -n default --type=json -p '[{"op":"add","path":"/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchFields","value":[{"key":"metadata.name","operator":"NotIn","values":["small-1"]}]}]'
    or remove the label disk=ssd from the node
      kdaemon label node small-1 disk-
    or taint the node no-agent:NoSchedule, or with any other key that is not tolerated
      kdaemon taint node small-1 no-agent:NoSchedule

node/worker-2: no, it gets no new pod; one that is there may go on
  RULE           SAYS   WHY
  nodeAffinity   yes    the only term matches: disk In [ssd]
  taint          no     gpu=true:NoSchedule is not tolerated; {key: gpu, operator: Equal, value: "true", effect: NoSchedule} would do
  Note: the node is cordoned, which keeps no daemon pod away
  pod/agent-xxxxx: Available; NoSchedule taints keep new pods away and leave those that run; it counts as misscheduled
  To have it here:
    add the toleration {key: gpu, operator: Equal, value: "true", effect: NoSchedule}; this changes 1 other node too: gpu-1
      kdaemon patch daemonset agent -n default --type=json -p '[{"op":"add","path":"/spec/template/spec/tolerations","value":[{"key":"gpu","operator":"Equal","value":"true","effect":"NoSchedule"}]}]'
    or remove the taint gpu=true:NoSchedule from the node
      kdaemon taint node worker-2 gpu:NoSchedule-
`,
    );
  });

  test('tells where a manifest would run, and keeps nothing of it', async () => {
    await cluster();
    const manifest = list([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'x' } },
      agent({ name: 'other', disk: ['hdd'], memory: '9Gi' }),
    ]);
    expect(await shell.ok(['why', '-f', '-'], manifest)).toBe(
      `daemonset.apps/other (default), as the manifest has it, should run on 1 of 5 nodes
Note: it has not been created yet

NODES   RUNS   NAMES                         PODS                                                   WHY
1       yes    worker-3                      none yet, and it would be pending: not enough memory   the required node affinity matches
3       no     small-1, worker-1, worker-2   none                                                   required affinity: the only term fails: disk In [hdd] but the node has disk=ssd
1       no     gpu-1                         none                                                   required affinity: the only term fails: disk In [hdd] but the node has disk=ssd
                                                                                                    taint gpu=true:NoSchedule is not tolerated

To have it on small-1, worker-1, worker-2:
  label the nodes disk=hdd
  or add "ssd" to disk In [hdd] of affinity term 1

To have it on gpu-1, 2 edits are needed:
  label the node disk=hdd instead of disk=ssd
  and add the toleration {key: gpu, operator: Equal, value: "true", effect: NoSchedule}
`,
    );
    expect((await shell.run(['get', 'ds', 'other'])).code).toBe(1);
  });

  test('compares a manifest with the live object', async () => {
    await cluster();
    const text = await shell.ok(['why', '-f', '-'], JSON.stringify(agent({ disk: ['ssd', 'hdd'] })));
    expect(text).toContain('Against the live daemonset.apps/agent it comes to 1 (worker-3), stays on 3.\n');
    expect(text).toContain('available, old template');
  });

  test('treats a manifest whose namespace is yet to be made as it would be treated then', async () => {
    await shell.ok(['create', '-f', '-'], list(NODES));
    const args = ['why', '-n', 'later', '-f', '-', '-o', 'name'];
    await shell.ok(['reconcile']);
    expect(await shell.ok(args, JSON.stringify(agent()))).toBe(
      'node/small-1\nnode/worker-1\nnode/worker-2\n',
    );
    const invalid = await shell.run(args, { input: JSON.stringify(agent({ name: 'Not_a_name' })) });
    expect(invalid.code).toBe(1);
    expect(invalid.err).toContain('The DaemonSet "Not_a_name" is invalid: metadata.name: Invalid value');
  });

  test('takes the nodes, and the pods on them, from a file', async () => {
    const holder = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'big', namespace: 'kube-system' },
      spec: {
        nodeName: 'worker-1',
        containers: [{ name: 'c', image: 'i', resources: { requests: { memory: '7936Mi' } } }],
      },
    };
    const file = join(shell.folder, 'nodes.json');
    writeFileSync(file, list([...NODES, holder]));
    const text = await shell.ok(
      ['why', '-f', '-', '--nodes', file, 'node/worker-1'],
      JSON.stringify(agent()),
    );
    expect(text).toContain(
      'and it stays pending: 44Mi of memory is missing: it asks for 300Mi, and 256Mi of 8Gi is free',
    );
    writeFileSync(file, JSON.stringify({ ...NODES[0], spec: { taints: 'none' } }));
    const malformed = await shell.run(['why', '-f', '-', '--nodes', file], {
      input: JSON.stringify(agent()),
    });
    expect(malformed).toMatchObject({ code: 1, out: '' });
    expect(malformed.err).toContain('cannot unmarshal string into Go struct field NodeSpec.spec.taints');
    writeFileSync(file, JSON.stringify(agent()));
    const none = await shell.run(['why', '-f', '-', '--nodes', file], { input: JSON.stringify(agent()) });
    expect(none).toEqual({ code: 1, out: '', err: `error: no nodes in ${file}\n` });
  });

  test('tells why no pod can be created at all', async () => {
    await shell.ok(['create', '-f', '-'], list(NODES));
    await shell.ok(['reconcile']);
    const priorityClassName = '{"priorityClassName":"missing","affinity"';
    await shell.ok(['create', '-f', '-'], JSON.stringify(agent()).replace('{"affinity"', priorityClassName));
    expect(await shell.ok(['why', 'ds/agent'])).toMatch(
      /\nNote: no pod of it can be created now: pods "agent-\w+" is forbidden: no PriorityClass with name missing was found\n/,
    );
  });

  test('tells which DaemonSets run on a node, a line each', async () => {
    await cluster();
    await shell.ok(['create', '-f', '-'], JSON.stringify(agent({ name: 'hdd-agent', disk: ['hdd'] })));
    expect(await shell.ok(['why', 'node/worker-1', '-A'])).toBe(
      `NODE       NAMESPACE   DAEMONSET   RUNS   PODS        WHY
worker-1   default     agent       yes    available   the required node affinity matches
worker-1   default     hdd-agent   no     none        required affinity: the only term fails: disk In [hdd] but the node has disk=ssd
`,
    );
  });

  test('prints one object, or a list of several, for scripts', async () => {
    await cluster();
    const one = JSON.parse(await shell.ok(['why', 'ds/agent', '-o', 'json']));
    expect(one).toMatchObject({
      apiVersion: 'kdaemon.dev/v1alpha1',
      kind: 'PlacementReport',
      daemonSet: { namespace: 'default', name: 'agent', from: 'cluster', exists: true },
      summary: { nodes: 5, shouldRun: 3, mayContinue: 1 },
      counts: { unavailable: ['small-1'], misscheduled: [] },
      staleCounts: {},
    });
    expect(one.nodes.map((node: { name: string }) => node.name)).toEqual(
      NODES.map(({ metadata }) => metadata.name).sort(),
    );
    const gpuGroup = one.groups.find(({ nodes }: { nodes: string[] }) => nodes.includes('gpu-1'));
    expect(gpuGroup.edits.alternatives[0].edits[0]).toEqual({
      target: 'DaemonSet',
      text: 'add the toleration {key: gpu, operator: Equal, value: "true", effect: NoSchedule}',
      command: expect.stringContaining('patch daemonset agent -n default --type=json -p '),
      patch: [
        {
          op: 'add',
          path: '/spec/template/spec/tolerations',
          value: [{ key: 'gpu', operator: 'Equal', value: 'true', effect: 'NoSchedule' }],
        },
      ],
    });
    await shell.ok(['create', '-f', '-'], JSON.stringify(agent({ name: 'hdd-agent', disk: ['hdd'] })));
    expect(await shell.ok(['why', 'ds', '-o', 'jsonpath={.kind} {.items[*].daemonSet.name}'])).toBe(
      'PlacementReportList agent hdd-agent',
    );
    expect(await shell.ok(['why', 'ds', '-l', 'no=match'])).toBe('');
  });

  test.each<[string, readonly string[], string]>([
    [
      'nothing is named',
      [],
      'error: you must name a DaemonSet, such as ds/NAME, or give its manifest with -f\n',
    ],
    ['something else is named', ['pods'], 'error: why is about daemonsets and nodes, not about pods\n'],
    ['there is no such DaemonSet', ['ds/x'], 'Error from server (NotFound): daemonsets.apps "x" not found\n'],
    ['there is no such node', ['ds/agent', 'node/x'], 'Error from server (NotFound): nodes "x" not found\n'],
    [
      'a DaemonSet and a manifest are named',
      ['ds/agent', '-f', '-'],
      'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well; only node/NAME may stand beside -f\n',
    ],
    ['a manifest has none', ['-f', '-'], 'error: no DaemonSet in what was given with -f\n'],
  ])('says so when %s', async (_name, args, err) => {
    await cluster();
    expect(await shell.run(['why', ...args], { input: list(NODES) })).toEqual({ code: 1, out: '', err });
  });

  test('goes on after a node that is not there', async () => {
    await cluster();
    const { code, out, err } = await shell.run(['why', 'ds/agent', 'node/nope', 'node/worker-1']);
    expect({ code, err }).toEqual({ code: 1, err: 'Error from server (NotFound): nodes "nope" not found\n' });
    expect(out).toContain('node/worker-1: yes');
  });

  test('colours the answers on a terminal only, and hands no escape sequence on', async () => {
    const file = join(shell.folder, 'nodes.json');
    writeFileSync(file, JSON.stringify(nodeObject('a\u001b[31mb', { disk: 'x\u001b[2J' })));
    const args = ['why', '-f', '-', '--nodes', file];
    const input = JSON.stringify(agent());
    const piped = await shell.run(args, { input });
    expect(piped.out).not.toContain('\u001b');
    expect(piped.out).toContain('a^[[31mb');
    const shown = await shell.run(args, { input, terminal: true });
    expect(shown.out).toContain('\u001b[31mno\u001b[39m');
    expect(shown.out).not.toContain('a\u001b');
    const plain = await shell.run(args, { input, terminal: true, env: { NO_COLOR: '1' } });
    expect(plain.out).toBe(piped.out);
  });

  test('lists every node and every alternative with its commands when asked for it', async () => {
    await cluster();
    const few = await shell.ok(['why', 'ds/agent']);
    const all = await shell.ok(['why', 'ds/agent', '-o', 'wide']);
    expect(few).not.toContain('kdaemon ');
    expect(all).toContain(
      '  label the node disk=ssd instead of disk=hdd\n    kdaemon label node worker-3 disk=ssd --overwrite\n',
    );
    expect(all.match(/^ {4}kdaemon /gm)).toHaveLength(5);
  });

  test('changes nothing, not even the revision', async () => {
    await shell.ok(['create', '-f', '-'], list(NODES));
    await shell.ok(['create', '-f', '-'], JSON.stringify(agent()));
    const everything = ['get', 'nodes,daemonsets,pods,events,controllerrevisions', '-o', 'json'];
    const revision = async (): Promise<unknown> =>
      JSON.parse(await shell.ok(['get', '--raw', '/api/v1/pods'])).metadata.resourceVersion;
    const before = [await shell.ok(everything), await revision()];
    await shell.ok(['why', 'ds/agent']);
    await shell.ok(
      ['why', '-f', '-', 'node/worker-1'],
      JSON.stringify(agent({ image: 'example.test/agent:2' })),
    );
    expect([await shell.ok(everything), await revision()]).toEqual(before);
  });

  test('is completed with DaemonSets and nodes', async () => {
    await cluster();
    expect(await shell.ok(['__complete', 'why', ''])).toBe('daemonsets\nnodes\n:4\n');
    expect(await shell.ok(['__complete', 'why', 'ds', ''])).toBe('agent\n:4\n');
    expect(await shell.ok(['__complete', 'why', 'ds/agent', 'node/w'])).toBe(
      'node/worker-1\nnode/worker-2\nnode/worker-3\n:4\n',
    );
  });

  test('says that there are no nodes', async () => {
    expect(await shell.ok(['why', '-f', '-'], JSON.stringify(agent()))).toContain('There are no nodes.\n');
  });
});
