import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const daemonSet = (spec: object = {}, image = 'example.test/agent:1'): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: {
      ...spec,
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image }] } },
    },
  });

describe('reconcile', () => {
  test('has nothing to do in an empty cluster, and a terminal hears where nodes come from', async () => {
    expect(await cli.run(['reconcile'], { terminal: true })).toEqual({
      code: 0,
      out: 'Nothing to do.\n',
      err: 'There are no nodes yet: "kdaemon init" makes a sample cluster.\n',
    });
  });

  test('counts created, updated and deleted pods', async () => {
    await cli.ok(['create', 'node', 'n', '--count', '2']);
    await cli.ok(['apply', '-f', '-'], daemonSet());
    expect(await cli.ok(['reconcile'])).toBe(
      'daemonset.apps/agent (default): 2 pods created; 2 of 2 available, 2 up-to-date\n',
    );
    await cli.ok(['apply', '-f', '-'], daemonSet({}, 'example.test/agent:2'));
    expect(await cli.ok(['reconcile'])).toBe(
      'daemonset.apps/agent (default): 2 pods updated; 2 of 2 available, 2 up-to-date\n',
    );
    await cli.ok(
      ['apply', '-f', '-'],
      daemonSet({}, 'example.test/agent:2').replace('"containers"', '"nodeSelector":{"x":"y"},"containers"'),
    );
    expect(await cli.ok(['reconcile'])).toBe(
      'daemonset.apps/agent (default): 2 pods deleted; 0 of 0 available, 0 up-to-date\n',
    );
    expect(await cli.ok(['reconcile'])).toBe(
      'daemonset.apps/agent (default): unchanged; 0 of 0 available, 0 up-to-date\n',
    );
  });

  test('says which waits it jumped over, and the clock of the store keeps them', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['apply', '-f', '-'], daemonSet({ minReadySeconds: 30 }));
    expect(await cli.ok(['reconcile'])).toBe(
      "waited 30s of the store's time: minReadySeconds of default/agent\ndaemonset.apps/agent (default): 1 pod created; 1 of 1 available, 1 up-to-date\n",
    );
    expect(await cli.ok(['get', 'ds', '--no-headers'])).toMatch(/ 30s\n$/);
    cli.clock.advanceTo(cli.clock.now() + 1000);
    expect(await cli.ok(['get', 'ds', '--no-headers'])).toMatch(/ 31s\n$/);
  });

  test('names what is in the way', async () => {
    await cli.ok(['create', 'node', 'n', '--pods', '0']);
    await cli.ok(['apply', '-f', '-'], daemonSet());
    expect(await cli.ok(['reconcile'])).toMatch(
      /^daemonset\.apps\/agent \(default\): 1 pod created; 0 of 1 available, 1 up-to-date\n {2}waiting for pod agent-\w{5} to be scheduled on node n: 0\/1 nodes are available: 1 Too many pods\./,
    );
  });

  test('prints a table on a terminal, without colours where NO_COLOR is set', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['apply', '-f', '-'], daemonSet());
    const { out } = await cli.run(['reconcile'], { terminal: true });
    expect(out).toContain('\u001b[32m1 of 1 available, 1 up-to-date\u001b[39m');
    const plain = await cli.run(['reconcile'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(plain.out).toMatch(/│ default\/agent │ unchanged │ 1 of 1 available, 1 up-to-date │ +│/);
  });

  test('prints what scripts need with -o json', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['apply', '-f', '-'], daemonSet({ minReadySeconds: 30 }));
    const report = JSON.parse(await cli.ok(['reconcile', '-o', 'json']));
    expect(Object.keys(report)).toEqual(['daemonSets', 'jumps', 'settled', 'stillWaiting']);
    expect(report).toMatchObject({
      daemonSets: [
        {
          daemonSet: { namespace: 'default', name: 'agent' },
          gone: false,
          podsCreated: 1,
          podsDeleted: 0,
          podsUpdated: 0,
          revision: { number: 1 },
          rolledOut: true,
          rollout: 'daemon set "agent" successfully rolled out',
          waitingFor: [],
        },
      ],
      jumps: [{ because: 'minReadySeconds of default/agent' }],
      settled: true,
      stillWaiting: [],
    });
    expect(report.daemonSets[0].steps).toContainEqual(
      expect.objectContaining({ do: 'createPod', node: 'n', because: expect.any(String) }),
    );
  });
});

describe('--step', () => {
  test('makes one pass, and says that there is more to do', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['apply', '-f', '-'], daemonSet());
    const passes: string[] = [];
    for (let count = 0; count < 20 && !passes.at(-1)?.includes('unchanged'); count++) {
      passes.push(await cli.ok(['reconcile', '--step']));
    }
    expect(passes[0]).toContain('There is more to do: ');
    expect(passes.at(-1)).toBe('daemonset.apps/agent (default): unchanged; 1 of 1 available, 1 up-to-date\n');
  });
});

describe('the clock of the store', () => {
  test('is moved by --advance, and what comes due on the way is done in its time', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['apply', '-f', '-'], daemonSet());
    await cli.ok(['reconcile']);
    await cli.ok(['delete', 'node', 'n']);
    await cli.ok(['reconcile', '--advance', '10m']);
    await cli.ok(['create', 'node', 'm']);
    await cli.ok(['reconcile']);
    const pods = JSON.parse(await cli.ok(['get', 'pods', '-o', 'json']));
    expect(pods.items.map((pod: { metadata: object }) => pod.metadata)).toMatchObject([
      { creationTimestamp: '2026-01-01T00:10:00Z' },
    ]);
  });

  test('is moved by --now, and never back', async () => {
    await cli.ok(['create', 'node', 'n']);
    await cli.ok(['reconcile', '--now', '2026-01-02T00:00:00Z']);
    expect(await cli.ok(['get', 'nodes', '--no-headers'])).toMatch(/ 24h /);
    expect((await cli.run(['reconcile', '--now', '2026-01-01T12:00:00Z'])).err).toBe(
      "error: --now 2026-01-01T12:00:00Z: the store's clock is past that already\n",
    );
  });
});

test.each([
  [['--now', '2027'], 'error: --now 2027: not an RFC 3339 time\n'],
  [['--advance', '-1s'], 'error: --advance must not be negative\n'],
  [['--step', '--watch'], 'error: --watch and --step cannot be specified together\n'],
  [['-o', 'yaml'], 'error: --output yaml is not available\n'],
  [['x'], "error: Unexpected args: [x]\nSee 'kdaemon reconcile -h' for help and examples\n"],
])('reconcile %j is refused', async (args, err) => {
  expect(await cli.run(['reconcile', ...args])).toEqual({ code: 1, out: '', err });
});
