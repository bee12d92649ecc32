import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pause } from '../../src/runtime/pause.ts';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';

const manifest = join(repository, 'fixtures/daemonset.yaml');
const script = join(repository, 'bin/kdaemon.js');

function openedShell(): Shell {
  const shell = openShell();
  onTestFinished(() => shell.remove());
  return shell;
}

/** A `reconcile --watch` that runs beside the test; ended with it. */
interface Watching {
  readonly child: ChildProcess;
  /** Standard output so far. */
  text(): string;
  /** Resolves to the exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

function startWatch(shell: Shell, more: readonly string[] = []): Watching {
  const child = spawn(process.execPath, [script, 'reconcile', '--watch', ...more], {
    cwd: shell.folder,
    env: { PATH: process.env.PATH, HOME: shell.folder, KDAEMON_STORE: shell.store },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { child, text: () => text, ended };
}

/** Waits until something holds; the test's own time limit ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(50);
}

const holder = (shell: Shell): string =>
  shell.run(['get', 'lease', 'kdaemon-reconcile', '-n', 'kube-system', '--no-headers']).stdout;
const isReady = (shell: Shell): boolean => / 4 +4 +4 /.test(shell.ok(['get', 'ds', '-A', '--no-headers']));

describe('reconcile --watch', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'works on what other processes write, and ends cleanly on %s',
    async (signal) => {
      const shell = openedShell();
      const watching = startWatch(shell);
      await until(() => holder(shell) !== '');
      shell.ok(['init']);
      shell.ok(['create', '-f', manifest]);
      await until(() => isReady(shell));
      const created =
        /^daemonset\.apps\/\S+ \(kube-system\): pod\/fluentd-elasticsearch-\w{5} on cp-1 created: /m;
      await until(() => created.test(watching.text()));
      shell.ok(['delete', 'node', 'worker-3']);
      await until(() => /^pod\/fluentd-elasticsearch-\w{5} \(kube-system\): gone$/m.test(watching.text()));
      watching.child.kill(signal);
      expect(await watching.ended).toBe(0);
      expect(holder(shell)).toBe('');
    },
  );

  test('keeps a second reconciler out, and lets it in when it is gone without a word', async () => {
    const shell = openedShell();
    const watching = startWatch(shell);
    await until(() => holder(shell) !== '');
    for (const args of [['reconcile'], ['reconcile', '--watch'], ['reconcile', '--step']]) {
      const refused = shell.run(args);
      expect(refused.status).toBe(1);
      expect(refused.stderr).toMatch(/^error: \S+_\d+ is reconciling this store already/);
    }
    watching.child.kill('SIGKILL');
    await watching.ended;
    expect(shell.run(['reconcile']).status).toBe(0);
  });

  test('prints one JSON object on a line with -o json', async () => {
    const shell = openedShell();
    shell.ok(['init']);
    shell.ok(['create', '-f', manifest]);
    const watching = startWatch(shell, ['-o', 'json']);
    await until(() => isReady(shell));
    watching.child.kill('SIGTERM');
    await watching.ended;
    const steps = watching
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps).toContainEqual(
      expect.objectContaining({
        daemonSet: { namespace: 'kube-system', name: 'fluentd-elasticsearch' },
        do: 'createPod',
        node: 'worker-1',
        because: 'node worker-1 should run a pod of it and has none',
      }),
    );
  });

  test('is what delete --wait waits for', async () => {
    const shell = openedShell();
    const watching = startWatch(shell);
    await until(() => holder(shell) !== '');
    shell.ok(['init']);
    shell.ok(['create', '-f', manifest]);
    await until(() => isReady(shell));
    shell.ok(['delete', 'ds', 'fluentd-elasticsearch', '-n', 'kube-system', '--cascade=foreground']);
    expect(shell.ok(['get', 'pods', '-n', 'kube-system'])).toBe('');
    expect(watching.child.exitCode).toBeNull();
  });
});

test('a reader that goes away ends a command quietly', async () => {
  const shell = openedShell();
  shell.ok(['create', 'node', 'n', '--count', '2000', '-o', 'name']);
  const child = spawn(process.execPath, [script, 'get', 'nodes', '-o', 'yaml'], {
    env: { PATH: process.env.PATH, KDAEMON_STORE: shell.store },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, complaints]).toEqual([0, '']);
});

describe('a bad store is one line on standard error, and exit code 1', () => {
  test('when the file is no database', () => {
    const shell = openedShell();
    writeFileSync(shell.store, 'not a database, but long enough to be taken for one: '.repeat(20));
    const { status, stdout, stderr } = shell.run(['get', 'ds']);
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `error: ${shell.store} is not a kdaemon store: it is no database\n`,
    });
  });

  test('when it is a folder', () => {
    const shell = openedShell();
    mkdirSync(shell.store);
    const { status, stderr } = shell.run(['create', 'namespace', 'x']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `error: ${shell.store} cannot be opened: it is a folder\n`,
    });
  });
});

test('the store is $KDAEMON_STORE, else a file in the data folder, and --store wins', () => {
  const shell = openedShell();
  shell.ok(['create', 'namespace', 'from-variable']);
  const other = join(shell.folder, 'other.db');
  shell.ok(['create', 'namespace', 'from-flag', '--store', other]);
  const inDataFolder = { env: { KDAEMON_STORE: '', XDG_DATA_HOME: join(shell.folder, 'data') } };
  expect(shell.run(['create', 'namespace', 'from-folder'], inDataFolder).status).toBe(0);
  const names = (...more: Parameters<Shell['run']>): string => shell.run(...more).stdout;
  expect(names(['get', 'ns', '-o', 'name'])).toContain('namespace/from-variable');
  expect(names(['get', 'ns', '-o', 'name', '--store', other])).toContain('namespace/from-flag');
  expect(
    names(['get', 'ns', '-o', 'name', '--store', join(shell.folder, 'data/kdaemon/cluster.db')]),
  ).toContain('namespace/from-folder');
});
