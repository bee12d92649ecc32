import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openShell, repository, type Shell } from '../support/kdaemon.ts';

/** What a finished command left behind. */
type Finished = ReturnType<Shell['run']>;

/** A `kdaemon serve` on a store of its own. */
export interface ServeProcess {
  readonly shell: Shell;
  /** `http://127.0.0.1:40000`. */
  readonly url: string;
  /** Path of the kubeconfig that it wrote. */
  readonly kubeconfig: string;
  readonly process: ChildProcess;
  /** From its start until it could be used, in milliseconds. */
  readonly readyMs: number;
  /** Runs the real kubectl against it. */
  kubectl(args: readonly string[], input?: string): Finished;
  /** Like `kubectl`, but throws with both streams when the exit code is not 0, and returns standard output. */
  ok(args: readonly string[], input?: string): string;
  /** Sends SIGTERM; resolves to the exit code and all that was written. */
  stop(): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Whether the real kubectl is there to test with. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

/** Starts `kdaemon serve ARGS…` and waits until it says that it serves. `shell` takes over an existing store. */
export async function startServe(
  args: readonly string[] = [],
  shell: Shell = openShell(),
): Promise<ServeProcess> {
  const kubeconfig = join(shell.folder, `kubeconfig-${process.hrtime.bigint()}`);
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(repository, 'bin/kdaemon.js'), 'serve', '--kubeconfig-out', kubeconfig, ...args],
    {
      cwd: shell.folder,
      env: { PATH: process.env.PATH, HOME: shell.folder, TZ: 'UTC', KDAEMON_STORE: shell.store },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const [, found] = /Serving .* at (\S+)\n/.exec(stdout) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`kdaemon serve ended with ${code}\n${stdout}${stderr}`)));
  });
  const readyMs = performance.now() - started;
  const kubectl = (words: readonly string[], input?: string): Finished => {
    const done = spawnSync('kubectl', ['--kubeconfig', kubeconfig, ...words], {
      cwd: shell.folder,
      encoding: 'utf8',
      input: input ?? '',
      maxBuffer: 256 * 1024 * 1024,
      env: {
        PATH: process.env.PATH,
        HOME: shell.folder,
        TZ: 'UTC',
        KUBE_EDITOR: process.env.KUBE_EDITOR,
      },
    });
    return { status: done.status, stdout: done.stdout, stderr: done.stderr };
  };
  return {
    shell,
    url,
    kubeconfig,
    process: child,
    readyMs,
    kubectl,
    ok(words, input) {
      const done = kubectl(words, input);
      if (done.status !== 0) {
        throw new Error(
          `kubectl ${words.join(' ')}: exit ${done.status}\n${done.stdout}${done.stderr}${stderr}`,
        );
      }
      return done.stdout;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      return { code: child.exitCode, stdout, stderr };
    },
  };
}

/** Waits until `ready` says so; throws with the last failure after ten seconds. */
export async function eventually(what: string, ready: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  let failure: unknown;
  while (performance.now() < deadline) {
    try {
      if (ready()) return;
    } catch (error) {
      failure = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never came true: ${what}`, { cause: failure });
}
