import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlanReport } from '../../src/sim/plan-report.ts';
import { planNodes, settledCluster } from '../sim/support/plan-cluster.ts';
import { type InProcess, openInProcess } from '../support/in-process.ts';
import { repository } from '../support/kdaemon.ts';

const fixture = (name: string): string => join(repository, 'fixtures', name);

/** A cluster as `kubectl get nodes,ds,pods -A -o json` prints it. */
const listOf = (objects: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

describe('kdaemon plan on a store', () => {
  let shell: InProcess;
  const file = (name: string): string => join(shell.folder, name);
  const plan = async (...args: string[]): Promise<PlanReport> =>
    JSON.parse(await shell.ok(['plan', ...args, '-o', 'json'])) as PlanReport;

  beforeAll(async () => {
    shell = openInProcess();
    await shell.ok(['create', '-f', fixture('nodes.yaml')]);
    await shell.ok(['apply', '-f', fixture('daemonset.yaml')]);
    await shell.ok(['reconcile', '--advance', '10m']);
  });
  afterAll(() => shell.remove());

  test('tells what a manifest would change, field by field and node by node', async () => {
    const report = await plan('-f', fixture('updated-daemonset.yaml'));
    expect(report).toMatchObject({
      change: 'update',
      daemonSet: { namespace: 'kube-system', name: 'fluentd-elasticsearch' },
      rollout: { outcome: 'complete', desired: 4, upToDate: 4 },
    });
    expect(report.differences.map(({ path }) => path)).toContain(
      'spec.template.spec.containers[fluentd-elasticsearch].image',
    );
    expect(report.revisions.before).not.toBe(report.revisions.after);
  });

  test('agrees with what the cluster then does', async () => {
    const planned = await plan('-f', fixture('updated-daemonset.yaml'));
    const real = openInProcess();
    await real.ok(['create', '-f', fixture('nodes.yaml')]);
    await real.ok(['apply', '-f', fixture('daemonset.yaml')]);
    await real.ok(['reconcile']);
    await real.ok(['apply', '-f', fixture('updated-daemonset.yaml')]);
    await real.ok(['reconcile']);
    const pods = JSON.parse(await real.ok(['get', 'pods', '-n', 'kube-system', '-o', 'json'])) as {
      items: { spec: { nodeName: string }; metadata: { labels: Record<string, string> } }[];
    };
    real.remove();
    const hashes = new Set(pods.items.map(({ metadata }) => metadata.labels['controller-revision-hash']));
    expect([...hashes].map((hash) => `fluentd-elasticsearch-${hash}`)).toEqual([planned.revisions.after]);
    expect(pods.items.map(({ spec }) => spec.nodeName).sort()).toEqual(
      planned.timeline.tracks.map(({ node }) => node),
    );
  });

  test('never writes to the store', async () => {
    const store = file('cluster.db');
    const before = readFileSync(store);
    const revision = await shell.ok(['get', 'nodes', '-o', 'jsonpath={.metadata.resourceVersion}']);
    await plan(
      '-f',
      fixture('updated-daemonset.yaml'),
      '--fault',
      'image-crashes',
      '--compare',
      'maxSurge=1',
    );
    expect(readFileSync(store).equals(before)).toBe(true);
    expect(await shell.ok(['get', 'nodes', '-o', 'jsonpath={.metadata.resourceVersion}'])).toBe(revision);
  });

  test('works on a file that cannot be written', async () => {
    const store = file('read-only.db');
    writeFileSync(store, readFileSync(file('cluster.db')));
    chmodSync(store, 0o444);
    const report = await plan('ds/fluentd-elasticsearch', '-n', 'kube-system', '--store', store);
    expect(report.rollout.outcome).toBe('unchanged');
    expect(statSync(store).mode & 0o777).toBe(0o444);
  });

  test('makes no store where there is none', async () => {
    const store = file('nowhere.db');
    const report = await plan(
      '-f',
      fixture('daemonset.yaml'),
      '--store',
      store,
      '--nodes',
      fixture('nodes.yaml'),
    );
    expect(report).toMatchObject({ change: 'create', counts: { gain: 4 } });
    expect(() => statSync(store)).toThrow('ENOENT');
  });

  test('takes images, an undo, later changes, and a scenario', async () => {
    const name = ['ds/fluentd-elasticsearch', '-n', 'kube-system'];
    const image = await plan(...name, '--set-image', '*=example/agent:v9');
    expect(image.differences).toMatchObject([{ after: 'example/agent:v9' }]);
    const stacked = await plan(
      ...name,
      '--set-image',
      '*=example/agent:v9',
      '--then',
      '5s:undo',
      '--then',
      '1m:*=a:v10',
    );
    expect(stacked.steps.map(({ atMs, text }) => [atMs, text])).toEqual([
      [0, 'set image *=example/agent:v9'],
      [5000, 'undo'],
      [60_000, 'set image *=a:v10'],
    ]);
    const scenario = await plan(
      '-f',
      fixture('updated-daemonset.yaml'),
      '--scenario',
      fixture('plan/scenario.yaml'),
    );
    expect(scenario).toMatchObject({
      seed: 7,
      faults: ['slow-start:20s±10s'],
      assumptions: { pullMs: 20_000 },
    });
    expect(scenario.timeline.marks.map(({ text }) => text)).toContain('node worker-2 is lost');
    expect(scenario.nodes.find(({ node }) => node === 'worker-9')?.effect).toBe('gain');
  });

  test('takes flags before the scenario', async () => {
    const flags = ['--scenario', fixture('plan/scenario.yaml'), '--pull', '1s', '--seed', '9'];
    const report = await plan('-f', fixture('updated-daemonset.yaml'), ...flags);
    expect(report).toMatchObject({ seed: 9, assumptions: { pullMs: 1000, startMs: 5000 } });
  });
});

describe('kdaemon plan on a cluster of a file', () => {
  let shell: InProcess;
  const file = (name: string): string => join(shell.folder, name);
  const update = ['ds/agent', '--set-image', 'agent=registry.example/agent:v2'];

  beforeAll(() => {
    shell = openInProcess();
    writeFileSync(file('cluster.json'), listOf(settledCluster(planNodes(10))));
  });
  afterAll(() => shell.remove());

  test('says first how it ends, and last what to do about it', async () => {
    const args = ['plan', ...update, '--from', file('cluster.json'), '--fault', 'node-lost:node-05@30s'];
    const lines = (await shell.ok(args)).split('\n');
    expect(lines[0]).toBe('Plan for daemonset.apps/agent (default): an update');
    expect(lines).toContain('  Result     stuck after 36s, 3 of 9 nodes up to date');
    expect(lines).toContain('Stuck at 36s');
    expect(lines.join('\n')).toContain('Advice     maxUnavailable: 2 is the smallest that moves it on');
  });

  test('puts waves of one kind on one line', async () => {
    const out = await shell.ok(['plan', ...update, '--from', file('cluster.json')]);
    expect(out).toContain('Waves (10)\n  1–10   0s to 2m   1 node a wave, 12s each: node-01 … node-10\n');
  });

  test('reads the cluster from standard input too', async () => {
    const out = await shell.ok(
      ['plan', ...update, '--from', '-', '-o', 'yaml'],
      readFileSync(file('cluster.json'), 'utf8'),
    );
    expect(out).toContain('kind: RolloutPlan');
  });

  test('reads a stream of YAML documents, nodes without a status included', async () => {
    const args = ['plan', '-f', fixture('daemonset.yaml'), '--from', fixture('nodes.yaml'), '-o', 'json'];
    expect(JSON.parse(await shell.ok(args))).toMatchObject({ change: 'create', counts: { gain: 4 } });
    const bare = 'apiVersion: v1\nkind: Node\nmetadata: {name: bare}\n';
    expect(JSON.parse(await shell.ok([...args.slice(0, 4), '-', '-o', 'json'], bare))).toMatchObject({
      rollout: { outcome: 'complete' },
      counts: { gain: 1 },
    });
  });

  test.each([
    ['a file that is not there', undefined, 'does not exist'],
    ['no YAML', 'a: [', 'error parsing'],
    ['a text', '"x"', 'unable to decode'],
    [
      'a list with an item without a kind',
      '{"kind":"List","apiVersion":"v1","items":[{}]}',
      "Object 'Kind' is missing",
    ],
    [
      'an object without a name',
      '{"kind":"Node","apiVersion":"v1","metadata":{}}',
      'a Node has no apiVersion or no name',
    ],
  ])('refuses %s in place of a cluster', async (_what, text, message) => {
    const name = file('odd.json');
    if (text !== undefined) writeFileSync(name, text);
    const { code, err } = await shell.run([
      'plan',
      ...update,
      '--from',
      text === undefined ? file('none.json') : name,
    ]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  });

  test('drops pods of nodes that --nodes does not name', async () => {
    writeFileSync(file('nodes.json'), listOf(planNodes(3)));
    const out = await shell.ok([
      'plan',
      ...update,
      '--from',
      file('cluster.json'),
      '--nodes',
      file('nodes.json'),
      '-o',
      'json',
    ]);
    expect(JSON.parse(out)).toMatchObject({ counts: { replace: 3, gain: 0 } });
  });

  test('writes Markdown in which names of objects stay text', async () => {
    const nodes = planNodes(2);
    const [hostile] = nodes;
    const evil = { ...hostile, metadata: { ...hostile?.metadata, name: 'a|b<img>`x`' } };
    writeFileSync(file('evil.json'), listOf([evil, ...settledCluster(nodes)]));
    const out = await shell.ok(['plan', ...update, '--from', file('evil.json'), '-o', 'markdown']);
    expect(out).toMatch(/^### ❌ Rollout of daemonset `default\/agent`: stuck\n/);
    expect(out).toContain('the API refuses the new pod');
    expect(out.replace(/(`+).*?[^`]\1(?!`)/g, '')).not.toContain('<img');
    for (const line of out.split('\n').filter((one) => one.startsWith('| not'))) {
      expect(line.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
    }
  });

  test('fails for CI after it has printed the plan, in one line', async () => {
    const { code, out, err } = await shell.run([
      'plan',
      ...update,
      '--from',
      file('cluster.json'),
      '--fault',
      'image-crashes',
      '--fail-on',
      'unavailable>50%,stuck',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('Stuck at');
    expect(err).toMatch(/^error: the rollout is stuck after [^\n]+\n$/);
  });

  test.each<[string, string[], string]>([
    ['no subject', [], "must specify -f FILENAME or a DaemonSet such as ds/NAME\nSee 'kdaemon plan -h'"],
    ['an unknown DaemonSet', ['ds/nope'], 'there is no DaemonSet default/nope to plan for'],
    ['another kind', ['deploy/agent'], 'a plan is about a DaemonSet, not about deployments'],
    ['two ways at once', [...update, '--undo'], '--set-image and --undo cannot be specified together'],
    ['no earlier revision', ['ds/agent', '--undo'], 'no last revision to roll back to'],
    ['an unknown container', ['ds/agent', '--set-image', 'x=y'], 'unable to find container named "x"'],
    [
      'an unknown format',
      [...update, '-o', 'pdf'],
      'unable to match a printer suitable for the output format "pdf"',
    ],
    ['an unknown condition', [...update, '--fail-on', 'x'], '--fail-on "x": it is none of stuck'],
    [
      'an unknown strategy',
      [...update, '--compare', 'fast'],
      'strategy "fast": it is none of maxUnavailable=N',
    ],
    ['a later change without a time', [...update, '--then', 'x.yaml'], 'it is not AFTER:CHANGE'],
    [
      'a later file that is not there',
      [...update, '--then', '1s:nope.yaml'],
      'the path "nope.yaml" does not exist',
    ],
    ['a negative duration', [...update, '--pull', '-1s'], '--pull must not be negative'],
  ])('refuses %s', async (_what, args, message) => {
    const { code, err } = await shell.run(['plan', ...args, '--from', file('cluster.json')]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(message) });
  });

  test('refuses what the API refuses, in its words', async () => {
    writeFileSync(
      file('selector.yaml'),
      'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: other}}\n  template:\n    metadata: {labels: {app: other}}\n    spec: {containers: [{name: agent, image: a}]}\n',
    );
    const { code, err } = await shell.run([
      'plan',
      '-f',
      file('selector.yaml'),
      '--from',
      file('cluster.json'),
    ]);
    expect(code).toBe(1);
    expect(err).toContain('The DaemonSet "agent" is invalid: spec.selector: Invalid value');
    expect(err).toContain('field is immutable');
  });

  test('names the scenario and the field that it does not know', async () => {
    writeFileSync(file('bad.yaml'), 'fault: []\n');
    const { code, err } = await shell.run([
      'plan',
      ...update,
      '--from',
      file('cluster.json'),
      '--scenario',
      file('bad.yaml'),
    ]);
    expect(code).toBe(1);
    expect(err).toContain('unknown field "fault"; the fields are apiVersion, kind, seed');
  });
});
