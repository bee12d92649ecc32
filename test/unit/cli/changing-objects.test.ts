import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
let manifest = '';

const daemonSet = (changes: object = {}): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: {
          containers: [
            { name: 'main', image: 'example.test/main:1' },
            { name: 'side', image: 'example.test/side:1', env: [{ name: 'A', value: 'b' }] },
          ],
        },
      },
      ...changes,
    },
  });

const deployment = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'example.test/web:1' }] },
    },
  },
});

beforeAll(async () => {
  cli = openInProcess();
  manifest = join(cli.folder, 'agent.json');
  writeFileSync(manifest, daemonSet());
  await cli.ok(['create', 'node', 'w', '--count', '2']);
  await cli.ok(['apply', '-f', manifest]);
  await cli.ok(['apply', '-f', '-'], deployment);
  await cli.ok(['reconcile']);
});
afterAll(() => cli.remove());

/** Lines of a session: the arguments, and what they print; `!` before standard error. */
async function session(...steps: readonly (readonly [args: string, printed: string])[]): Promise<void> {
  for (const [args, printed] of steps) {
    const { out, err } = await cli.run(args.split(' '));
    expect(`${args}\n${out}${err.replace(/^(?=.)/gm, '!')}`).toBe(`${args}\n${printed}`);
  }
}

const spec = async (path: readonly string[]): Promise<unknown> => {
  let value: unknown = JSON.parse(await cli.ok(['get', 'ds', 'agent', '-o', 'json']));
  for (const step of path) value = (value as Record<string, unknown>)[step];
  return value;
};

describe('label', () => {
  test('says labeled, not labeled and unlabeled as kubectl does', () =>
    session(
      ['label node w-1 disk=ssd', 'node/w-1 labeled\n'],
      ['label node w-1 disk=ssd', 'node/w-1 not labeled\n'],
      ['label node w-1 disk=hdd', "!error: 'disk' already has a value (ssd), and --overwrite is false\n"],
      ['label node w-1 disk=hdd --overwrite', 'node/w-1 labeled\n'],
      ['label node w-1 disk-', 'node/w-1 unlabeled\n'],
      ['label node w-1 disk-', 'label "disk" not found.\nnode/w-1 not labeled\n'],
      [
        'label nodes --all disk=ssd --dry-run=client',
        'node/w-1 labeled (dry run)\nnode/w-2 labeled (dry run)\n',
      ],
      [
        'label node w-1 --list',
        'beta.kubernetes.io/arch=amd64\nbeta.kubernetes.io/os=linux\nkubernetes.io/arch=amd64\nkubernetes.io/hostname=w-1\nkubernetes.io/os=linux\n',
      ],
    ));

  test('goes on with the other objects after one is missing', () =>
    session([
      'label ds nope agent tier=x',
      'daemonset.apps/agent labeled\n!Error from server (NotFound): daemonsets.apps "nope" not found\n',
    ]));

  test('--resource-version is a lock on one object', () =>
    session(
      [
        'label ds agent a=1 --resource-version=1',
        '!Error from server (Conflict): Operation cannot be fulfilled on daemonsets.apps "agent": the object has been modified; please apply your changes to the latest version and try again\n',
      ],
      [
        'label ds --all a=1 --resource-version=1',
        '!error: --resource-version may only be used with a single resource\n',
      ],
    ));

  test.each([
    ['label', 'one or more resources must be specified as <resource> <name> or <resource>/<name>'],
    ['label ds agent', 'at least one label update is required'],
    ['label ds agent a=1 a-', 'can not both modify and remove a label in the same command'],
    ['label ds agent a=b=c', 'invalid label spec: a=b=c'],
    ['label ds agent a=1 other', 'all resources must be specified before label changes: other'],
    ['label ds --all -l a=b a=1', 'cannot set --all and --selector at the same time'],
  ])('%s is refused', (args, message) => session([args, `!error: ${message}\n`]));
});

describe('annotate', () => {
  test('refuses other values, but for the cause of a change', () =>
    session(
      ['annotate ds agent owner=me', 'daemonset.apps/agent annotated\n'],
      [
        'annotate ds agent owner=you',
        "!error: --overwrite is false but found the following declared annotation(s): 'owner' already has a value (me)\n",
      ],
      ['annotate ds agent owner-', 'daemonset.apps/agent annotated\n'],
      ['annotate ds agent kubernetes.io/change-cause=one', 'daemonset.apps/agent annotated\n'],
      ['annotate ds agent kubernetes.io/change-cause=two', 'daemonset.apps/agent annotated\n'],
    ));
});

describe('taint, cordon, drain', () => {
  test('taint adds, replaces and removes', () =>
    session(
      ['taint nodes w-1 a=b:NoSchedule', 'node/w-1 tainted\n'],
      [
        'taint nodes w-1 a=c:NoSchedule',
        '!error: node w-1 already has a taint(s) with same effect(s) and --overwrite is false\n',
      ],
      ['taint nodes w-1 a=c:NoSchedule --overwrite', 'node/w-1 modified\n'],
      ['taint nodes w-1 a-', 'node/w-1 untainted\n'],
      ['taint nodes w-1 a-', '!error: taint "a" not found\n'],
      ['taint ds agent a=b:NoSchedule', '!error: invalid resource type ds, only node types are supported\n'],
      [
        'taint nodes w-1 a=b:X',
        "!error: invalid taint effect: X, unsupported taint effect\n!See 'kdaemon taint -h' for help and examples\n",
      ],
    ));

  test('cordon and uncordon say when nothing was left to do', () =>
    session(
      ['cordon w-1', 'node/w-1 cordoned\n'],
      ['cordon node/w-1', 'node/w-1 already cordoned\n'],
      ['uncordon w-1', 'node/w-1 uncordoned\n'],
      ['uncordon w-1 w-2', 'node/w-1 already uncordoned\nnode/w-2 already uncordoned\n'],
      ['cordon ds/agent', '!error: expected resource of type node, got "apps/v1, Resource=daemonsets"\n'],
      ['cordon w-1 nope', '!Error from server (NotFound): nodes "nope" not found\n'],
    ));

  test('drain leaves DaemonSet pods alone, and evicts others only with a word', async () => {
    const bare = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        nodeName: 'w-2',
        terminationGracePeriodSeconds: 30,
        containers: [{ name: 'c', image: 'example.test/bare:1' }],
      },
    });
    await cli.ok(['apply', '-f', '-'], JSON.stringify(bare('bare')));
    await cli.ok(['reconcile']);
    const refused = await cli.run(['drain', 'w-2']);
    expect(refused.err).toMatch(
      /^error: unable to drain node "w-2" due to error: \[.*\], continuing command\.\.\.\nThere are pending nodes to be drained:\n w-2\n.*\n.*\n$/,
    );
    const { code, out, err } = await cli.run(['drain', 'w-2', '--ignore-daemonsets', '--force']);
    expect([code, out]).toEqual([
      0,
      'node/w-2 already cordoned\nevicting pod default/bare\nnode/w-2 drained\n',
    ]);
    expect(err).toMatch(
      /^Warning: ignoring DaemonSet-managed Pods: default\/agent-\w+; deleting Pods that declare no controller: default\/bare\n1 of 1 pods are still terminating: run "kdaemon reconcile" to let them go\.\n$/,
    );
    await cli.ok(['reconcile']);
    await session(['get pod bare', '!Error from server (NotFound): pods "bare" not found\n']);
    await cli.ok(['uncordon', 'w-2']);
  });
});

describe('patch', () => {
  test('tells changes from none, with all three types', () =>
    session(
      ['patch ds agent -p {"spec":{"minReadySeconds":1}}', 'daemonset.apps/agent patched\n'],
      ['patch ds agent -p {"spec":{"minReadySeconds":1}}', 'daemonset.apps/agent patched (no change)\n'],
      ['patch ds agent --type=merge -p {"spec":{"minReadySeconds":2}}', 'daemonset.apps/agent patched\n'],
      [
        'patch ds agent --type=json -p [{"op":"replace","path":"/spec/minReadySeconds","value":0}]',
        'daemonset.apps/agent patched\n',
      ],
      [
        'patch ds agent --type=json -p [{"op":"remove","path":"/spec/nope"}]',
        '!The request is invalid: the server rejected our request due to an error in our request\n',
      ],
      [
        'patch ds agent -p {"spec":{"foo":1}}',
        'daemonset.apps/agent patched (no change)\n!Warning: unknown field "spec.foo"\n',
      ],
      [
        'patch deploy web --subresource=scale --type=merge -p {"spec":{"replicas":2}}',
        'scale.autoscaling/web patched\n',
      ],
      [
        'patch ds agent --subresource=scale --type=merge -p {"spec":{"replicas":2}}',
        '!Error from server (NotFound): the server could not find the requested resource\n',
      ],
    ));

  test.each([
    ['patch ds agent', 'must specify --patch or --patch-file containing the contents of the patch'],
    ['patch ds agent -p {} --patch-file=x', 'cannot specify --patch and --patch-file together'],
    [
      'patch ds agent --patch-file=/nope.json',
      'unable to read patch file: open /nope.json: no such file or directory',
    ],
    ['patch ds agent -p {} --type=x', '--type must be one of [json merge strategic], not "x"'],
    ['patch ds -p {}', 'resource(s) were provided, but no name was specified'],
  ])('%s is refused', (args, message) => session([args, `!error: ${message}\n`]));
});

describe('replace', () => {
  test('takes the manifest for the whole object', async () => {
    await cli.ok(['patch', 'ds', 'agent', '-p', '{"spec":{"minReadySeconds":7}}']);
    await session([`replace -f ${manifest}`, 'daemonset.apps/agent replaced\n']);
    expect(await spec(['spec', 'minReadySeconds'])).toBeUndefined();
  });

  test('needs the object, but with --force', async () => {
    const other = join(cli.folder, 'other.json');
    writeFileSync(other, daemonSet().replace('"name":"agent"', '"name":"other"'));
    await session(
      [
        `replace -f ${other}`,
        `!Error from server (NotFound): error when replacing "${other}": daemonsets.apps "other" not found\n`,
      ],
      [`replace -f ${other} --grace-period=3`, '!error: --grace-period must have --force specified\n'],
      [`replace -f ${other} --force`, 'daemonset.apps/other replaced\n'],
      [
        `replace -f ${other} --force`,
        'daemonset.apps "other" deleted from default namespace\ndaemonset.apps/other replaced\n',
      ],
      ['delete ds other', 'daemonset.apps "other" deleted from default namespace\n'],
    );
  });
});

describe('set', () => {
  test('set image changes named containers, or all, and is silent when nothing changes', async () => {
    await session(
      ['set image ds/agent main=example.test/main:2', 'daemonset.apps/agent image updated\n'],
      ['set image ds/agent main=example.test/main:2', ''],
      ['set image ds/agent nope=x', '!error: unable to find container named "nope"\n'],
      [
        'set image ds agent *=example.test/all:3 --dry-run=client',
        'daemonset.apps/agent image updated (dry run)\n',
      ],
      ['set image ds/agent', '!error: at least one image update is required\n'],
      [
        'set image node/w-1 c=x',
        '!error: nodes/w-1 the object is not a pod or does not have a pod template: *v1.Node\n',
      ],
    );
    expect(await spec(['spec', 'template', 'spec', 'containers'])).toMatchObject([
      { image: 'example.test/main:2' },
      { image: 'example.test/side:1' },
    ]);
  });

  test('set env sets, removes and lists variables', () =>
    session(
      ['set env ds/agent LOG=debug', 'daemonset.apps/agent env updated\n'],
      ['set env ds/agent -c side A-', 'daemonset.apps/agent env updated\n'],
      [
        'set env ds/agent --list',
        '# DaemonSet agent, container main\nLOG=debug\n# DaemonSet agent, container side\nLOG=debug\n',
      ],
      [
        'set env ds/agent LOG=info --overwrite=false',
        "!error: daemonsets/agent 'LOG' already has a value (debug), and --overwrite is false\n",
      ],
      [
        'set env ds/agent -c nope A=1',
        '!Warning: DaemonSet/agent does not have any containers matching "nope"\n',
      ],
    ));

  test('set env takes variables from a ConfigMap', async () => {
    await cli.ok(['create', 'configmap', 'cfg', '--from-literal=log.level=x', '--from-literal=b=y']);
    await session(
      [
        'set env ds/agent -c main --from=configmap/cfg --prefix=P_ --keys=b',
        'daemonset.apps/agent env updated\n!Warning: key b transferred to B\n',
      ],
      [
        'set env ds/agent -c main --list',
        '# DaemonSet agent, container main\nLOG=debug\n# P_B from configmap cfg, key b\n',
      ],
    );
  });

  test('set resources and set serviceaccount change the template', async () => {
    await session(
      [
        'set resources ds agent -c=main --limits=cpu=1000m',
        'daemonset.apps/agent resource requirements updated\n',
      ],
      ['set resources ds agent -c=nope --limits=cpu=1', '!error: unable to find container named nope\n'],
      [
        'set resources ds agent --limits=cpu',
        '!error: Invalid argument syntax cpu, expected <resource>=<value>\n',
      ],
      ['set sa ds agent reader', 'daemonset.apps/agent serviceaccount updated\n'],
      ['set selector ds agent a=b', '!error: setting a selector is only supported for Services\n'],
    );
    expect(await spec(['spec', 'template', 'spec'])).toMatchObject({
      serviceAccountName: 'reader',
      containers: [{ resources: { limits: { cpu: '1' } } }, {}],
    });
  });
});

describe('scale', () => {
  test('scales what has a size', () =>
    session(
      ['scale deploy/web --replicas=3', 'deployment.apps/web scaled\n'],
      ['scale deploy web --replicas=4 --current-replicas=9', '!error: Expected replicas to be 9, was 3\n'],
      [
        'scale ds agent --replicas=3',
        '!Error from server (NotFound): the server could not find the requested resource\n',
      ],
      [
        'scale deploy nope --replicas=3',
        '!error: no objects passed to scale deployments.apps "nope" not found\n',
      ],
      ['scale deploy web', '!error: required flag(s) "replicas" not set\n'],
    ));
});

describe('edit', () => {
  const editing = async (script: string, args: readonly string[]) => {
    const { code, out, err } = await cli.run(['edit', ...args], {
      env: { KUBE_EDITOR: `sed -i '${script}'`, PATH: process.env.PATH ?? '', TMPDIR: cli.folder },
    });
    return { code, out, err: err.replace(/"[^"]*kdaemon-edit-[^"]*"/, 'FILE') };
  };

  test('sends what was changed', async () => {
    expect(await editing('s/revisionHistoryLimit: .*/revisionHistoryLimit: 3/', ['ds', 'agent'])).toEqual({
      code: 0,
      out: 'daemonset.apps/agent edited\n',
      err: '',
    });
    expect(await spec(['spec', 'revisionHistoryLimit'])).toBe(3);
  });

  test('is cancelled when nothing was changed', async () => {
    expect(await editing('s/^# Please/# Kindly/', ['ds', 'agent'])).toEqual({
      code: 0,
      out: '',
      err: 'Edit cancelled, no changes made.\n',
    });
  });

  test('opens the file again after a refusal, and keeps what could not be saved', async () => {
    expect(await editing('s/revisionHistoryLimit: .*/revisionHistoryLimit: -3/', ['ds', 'agent'])).toEqual({
      code: 1,
      out: '',
      err: 'error: daemonsets.apps "agent" is invalid\nA copy of your changes has been stored to FILE\nerror: Edit cancelled, no valid changes were saved.\n',
    });
  });

  test('edits several objects at once and skips those that stay', async () => {
    expect(
      await editing('s/revisionHistoryLimit: 3/revisionHistoryLimit: 4/', ['ds/agent', 'node/w-1']),
    ).toEqual({
      code: 0,
      out: 'daemonset.apps/agent edited\nnode/w-1 skipped\n',
      err: '',
    });
  });

  test('names an editor that fails', async () => {
    const { code, err } = await cli.run(['edit', 'ds', 'agent'], {
      env: { EDITOR: 'false', PATH: process.env.PATH ?? '' },
    });
    expect([code, err]).toEqual([1, 'error: there was a problem with the editor "false"\n']);
  });
});

test.each([
  'logs',
  'exec',
  'attach',
  'port-forward',
  'cp',
  'top',
  'debug',
  'proxy',
  'run',
  'expose',
  'autoscale',
])('%s says in one line that there are no containers', async (name) => {
  const { code, out, err } = await cli.run([name, '-it', 'x', '--', 'sh']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: kdaemon runs no containers: .+\n$/);
});
