import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;

const daemonSet = (image: string, more: object = {}): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'x', labels: { team: 'a' }, annotations: { 'kubernetes.io/change-cause': image } },
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { containers: [{ name: 'c', image, env: [{ name: 'A', value: '1' }] }] },
      },
      ...more,
    },
  });

const rollout = (...args: string[]): ReturnType<InProcess['run']> => cli.run(['rollout', ...args]);
const image = async (): Promise<unknown> => {
  const object = JSON.parse(await cli.ok(['get', 'ds', 'x', '-o', 'json']));
  return object.spec.template.spec.containers[0].image;
};

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['init', '--nodes', '2']);
  for (const version of ['i:1', 'i:2']) {
    await cli.ok(['apply', '-f', '-'], daemonSet(version));
    await cli.ok(['reconcile']);
  }
  await cli.ok(
    ['create', '-f', '-'],
    daemonSet('i:1', { updateStrategy: { type: 'OnDelete' } }).replace('"x"', '"manual"'),
  );
  await cli.ok(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: {
        selector: { matchLabels: { app: 'd' } },
        template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    }),
  );
  await cli.ok(['create', 'configmap', 'cm']);
});
afterAll(() => cli.remove());

describe('rollout status', () => {
  test('ends at once where everything is rolled out', async () => {
    expect(await rollout('status', 'ds/x')).toEqual({
      code: 0,
      out: 'daemon set "x" successfully rolled out\n',
      err: '',
    });
  });

  test('watches changes of the object until it is rolled out', async () => {
    await cli.ok(['apply', '-f', '-'], daemonSet('i:3'));
    const watching = rollout('status', 'ds/x');
    await cli.ok(['reconcile']);
    const { code, out } = await watching;
    const lines = out.trim().split('\n');
    expect([code, lines[0], lines.at(-1)]).toEqual([
      0,
      'Waiting for daemon set spec update to be observed...',
      'daemon set "x" successfully rolled out',
    ]);
    await cli.ok(['rollout', 'undo', 'ds/x']);
    await cli.ok(['reconcile']);
  });

  test('looks once without --watch, and is content', async () => {
    expect(await rollout('status', 'deploy/d', '--watch=false')).toEqual({
      code: 0,
      out: 'Waiting for deployment spec update to be observed...\n',
      err: '',
    });
  });

  test('ends after the timeout, with a hint on a terminal where nobody reconciles', async () => {
    const args = ['rollout', 'status', 'deploy/d', '--timeout=1m'];
    const watching = cli.run(args, { terminal: true });
    // Again and again: the command may start late.
    const passing = setInterval(() => cli.clock.advanceTo(cli.clock.now() + 120_000), 50);
    onTestFinished(() => clearInterval(passing));
    expect(await watching).toEqual({
      code: 1,
      out: 'Waiting for deployment spec update to be observed...\n',
      err: 'Nobody reconciles this cluster now: "kdaemon reconcile" brings it up to date ("kdaemon serve" keeps it so).\nerror: timed out waiting for the condition\n',
    });
  });

  test('ends when the object is deleted', async () => {
    await cli.ok(['create', '-f', '-'], daemonSet('i:1').replace('"x"', '"gone"'));
    const watching = rollout('status', 'ds/gone');
    // The object waits for its finalizer, so it is gone only after the reconcile.
    await cli.ok(['delete', 'ds', 'gone', '--cascade=orphan', '--wait=false']);
    await cli.ok(['reconcile']);
    const { code, err } = await watching;
    expect([code, err]).toEqual([1, 'error: object has been deleted\n']);
  });

  test.each([
    [['ds/manual'], 'error: rollout status is only available for RollingUpdate strategy type\n'],
    [['cm/cm'], 'error: no status viewer has been implemented for ConfigMap\n'],
    [['ds/nope'], 'Error from server (NotFound): daemonsets.apps "nope" not found\n'],
    [['ds/x', '--revision=-1'], 'error: revision must be a positive integer: -1\n'],
    [[], 'error: required resource not specified\n'],
  ])('%j is refused', async (args, err) => {
    expect(await rollout('status', ...args)).toEqual({ code: 1, out: '', err });
  });
});

describe('rollout history', () => {
  test('has the revisions in order, and why they came', async () => {
    expect(await rollout('history', 'ds/x')).toMatchObject({
      code: 0,
      out: 'daemonset.apps/x \nREVISION  CHANGE-CAUSE\n1         i:1\n3         i:3\n4         i:2\n\n',
    });
  });

  test('shows the template of one revision, with tabs', async () => {
    const { out } = await rollout('history', 'ds/x', '--revision=1');
    expect(out).toBe(`daemonset.apps/x with revision #1
Pod Template:
  Labels:\tapp=x
  Containers:
   c:
    Image:\ti:1
    Port:\t<none>
    Host Port:\t<none>
    Environment:
      A:\t1
    Mounts:\t<none>
  Volumes:\t<none>
  Node-Selectors:\t<none>
  Tolerations:\t<none>

`);
  });

  test('gives the object as it was', async () => {
    const { out } = await rollout('history', 'ds/x', '--revision=3', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'DaemonSet',
      spec: { template: { spec: { containers: [{ image: 'i:3' }] } } },
    });
    expect(JSON.parse(out).spec.template).not.toHaveProperty('$patch');
  });

  test.each([
    [['ds/x', '--revision=9'], 'error: unable to find the specified revision\n'],
    [
      ['cm/cm'],
      'error: error retrieving history for "ConfigMap", no visitor method exists for { ConfigMap}\n',
    ],
  ])('%j is refused', async (args, err) => {
    expect(await rollout('history', ...args)).toEqual({ code: 1, out: '', err });
  });
});

describe('rollout undo', () => {
  const warning =
    "Warning: resource daemonsets/x was previously managed with 'kdaemon apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kdaemon apply' operations. Consider using 'kdaemon apply' with your previous configuration file instead.\n";

  test('prints the template that would come back, and leaves the object alone', async () => {
    const { code, out } = await rollout('undo', 'ds/x', '--to-revision=1', '--dry-run=client');
    expect(code).toBe(0);
    expect(out).toMatch(/^daemonset\.apps\/x will roll back to Pod Template:\n {2}Labels:\tapp=x\n/);
    expect(out).toMatch(/\n {2}Tolerations:\t<none>\n \(dry run\)\n$/);
    expect(await rollout('undo', 'ds/x', '--dry-run=server')).toEqual({
      code: 0,
      out: 'daemonset.apps/x rolled back (server dry run)\n',
      err: warning,
    });
    expect(await image()).toBe('i:2');
  });

  test('to the present revision does nothing', async () => {
    expect((await rollout('undo', 'ds/x', '--to-revision=4')).out).toBe(
      'daemonset.apps/x skipped rollback (current template already matches revision 4)\n',
    );
  });

  test('puts the whole template back, and its pods are kept', async () => {
    await cli.ok(['apply', '-f', '-'], daemonSet('i:4'));
    await cli.ok(['reconcile']);
    expect(await rollout('undo', 'ds/x')).toEqual({
      code: 0,
      out: 'daemonset.apps/x rolled back\n',
      err: warning,
    });
    expect(await image()).toBe('i:2');
    await cli.ok(['reconcile']);
    expect((await rollout('history', 'ds/x')).out).toContain('\n6         i:2\n\n');
  });

  test.each([
    [['ds/x', '--to-revision=77'], 'error: unable to find specified revision 77 in history\n'],
    [['ds/x', '--to-revision=-1'], 'error: unable to find specified revision -1 in history\n'],
    [['ds/manual'], 'error: no last revision to roll back to\n'],
    [['deploy/d'], 'error: no rollout history found for deployment "d"\n'],
    [
      ['cm/cm'],
      'error: error retrieving rollbacker for "ConfigMap", no visitor method exists for { ConfigMap}\n',
    ],
  ])('%j is refused', async (args, err) => {
    expect(await rollout('undo', ...args)).toEqual({ code: 1, out: '', err });
  });
});

describe('rollout restart', () => {
  test('makes a new template, once a second', async () => {
    cli.clock.advanceTo(cli.clock.now() + 5000);
    expect(await rollout('restart', 'ds', '-l', 'team=a', '-o', 'name')).toMatchObject({
      code: 0,
      out: 'daemonset.apps/manual\ndaemonset.apps/x\n',
    });
    expect(await rollout('restart', 'ds/x')).toEqual({
      code: 1,
      out: '',
      err: 'error: failed to create patch for x: if restart has already been triggered within the past second, please wait before attempting to trigger another\n',
    });
    cli.clock.advanceTo(cli.clock.now() + 1000);
    expect((await rollout('restart', 'ds/x')).out).toBe('daemonset.apps/x restarted\n');
  });

  test('is for workloads', async () => {
    expect((await rollout('restart', 'cm/cm')).err).toBe(
      'error: configmaps "cm" restarting is not supported\n',
    );
  });
});

test('rollout pause and resume are for Deployments', async () => {
  expect((await rollout('pause', 'ds/x')).err).toBe('error: daemonsets.apps "x" pausing is not supported\n');
  expect((await rollout('resume', 'ds/x')).err).toBe(
    'error: daemonsets.apps "x" resuming is not supported\n',
  );
  expect((await rollout('pause', 'deploy/d')).out).toBe('deployment.apps/d paused\n');
  expect((await rollout('pause', 'deploy/d')).err).toBe('error: deployments.apps "d" is already paused\n');
  expect((await rollout('restart', 'deploy/d')).err).toBe(
    'error: deployments.apps "d" can\'t restart paused deployment (run rollout resume first)\n',
  );
  expect((await rollout('resume', 'deploy/d')).out).toBe('deployment.apps/d resumed\n');
});

test('rollout without a subcommand prints its help, and fails', async () => {
  expect(await rollout()).toMatchObject({ code: 1, out: expect.stringContaining('Available Commands:') });
  expect(await rollout('nope')).toEqual({
    code: 1,
    out: '',
    err: 'error: unknown command "nope"\nSee \'kdaemon rollout -h\' for help and examples\n',
  });
});
