import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;

beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['init', '--nodes', '2']);
  await cli.ok(['create', 'configmap', 'here']);
});
afterAll(() => cli.remove());

/** Runs while the clock is moved past any timeout, again and again: the command may start late. */
const late = (args: readonly string[]) => {
  const passing = setInterval(() => cli.clock.advanceTo(cli.clock.now() + 3_600_000), 50);
  onTestFinished(() => clearInterval(passing));
  return cli.run(['wait', ...args]);
};

/** Long enough for a command in this process to have looked at the store for the first time. */
const STARTED = 400;

describe('what is so already', () => {
  test.each([
    [['--for=create', 'cm/here'], 'configmap/here condition met\n'],
    [['--for=delete', 'cm/nope', 'pods/nope'], ''],
    [['--for=delete', 'pods', '-l', 'a=b'], ''],
    [['--for=jsonpath={.metadata.name}=here', 'cm', '--all'], 'configmap/here condition met\n'],
    [['--for=create', 'cm/here', '-o', 'name'], 'configmap/here\n'],
  ])('%j ends at once', async (args, out) => {
    expect(await cli.run(['wait', ...args])).toEqual({ code: 0, out, err: '' });
  });
});

describe('what comes later', () => {
  test('is waited for', async () => {
    const waiting = cli.run(['wait', '--for=create', 'cm/later']);
    setTimeout(() => cli.ok(['create', 'configmap', 'later']), STARTED);
    expect(await waiting).toEqual({ code: 0, out: 'configmap/later condition met\n', err: '' });

    const gone = cli.run(['wait', '--for=delete', 'cm/later']);
    setTimeout(() => cli.ok(['delete', 'cm', 'later']), STARTED);
    expect(await gone).toEqual({ code: 0, out: 'configmap/later condition met\n', err: '' });
  });

  test('of the same name after a deletion is another object', async () => {
    await cli.ok(['create', 'configmap', 'again']);
    const gone = cli.run(['wait', '--for=delete', 'cm/again']);
    setTimeout(async () => {
      await cli.ok(['delete', 'cm', 'again']);
      await cli.ok(['create', 'configmap', 'again']);
    }, STARTED);
    expect(await gone).toMatchObject({ code: 0, out: 'configmap/again condition met\n' });
  });

  test('may be a condition', async () => {
    const waiting = cli.run(['wait', '--for=condition=Ready', 'nodes', '--all']);
    await cli.ok(['reconcile']);
    const { code, out } = await waiting;
    expect([code, out]).toEqual([
      0,
      'node/cp-1 condition met\nnode/worker-1 condition met\nnode/worker-2 condition met\n',
    ]);
  });
});

describe('what does not come', () => {
  test.each([
    [['--for=condition=Ready', 'cm/here'], 'error: timed out waiting for the condition on configmaps/here\n'],
    [['--for=delete', 'cm/here'], 'error: timed out waiting for the condition on configmaps/here\n'],
    [['--for=create', 'cm/nope'], 'error: timed out waiting for the condition\n'],
    [
      ['--for=delete', 'cm/here', 'node/cp-1'],
      'timed out waiting for the condition on configmaps/here\ntimed out waiting for the condition on nodes/cp-1\n',
    ],
  ])('%j ends with the timeout', async (args, err) => {
    expect(await late(args)).toEqual({ code: 1, out: '', err });
  });

  test('is not waited for with a timeout of zero', async () => {
    expect(await cli.run(['wait', '--for=delete', 'cm/here', '--timeout=0'])).toEqual({
      code: 1,
      out: '',
      err: 'error: condition not met for configmaps/here\n',
    });
  });
});

test.each([
  [['cm/here'], 'error: unrecognized condition: ""\n'],
  [['cm', '--for=delete'], 'error: resource(s) were provided, but no name was specified\n'],
  [['pods', '-l', 'a=b', '--for=create'], 'error: no matching resources found\n'],
  [['pods/x', '--for=condition=Ready'], 'Error from server (NotFound): pods "x" not found\n'],
  [['nope/x', '--for=delete'], 'error: the server doesn\'t have a resource type "nope"\n'],
])('wait %j is refused', async (args, err) => {
  expect(await cli.run(['wait', ...args])).toEqual({ code: 1, out: '', err });
});
