import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository's folder. */
export const repository = resolve(import.meta.dirname, '../..');

/** What a finished command left behind. */
interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A store of its own in a temporary folder, and the command line on it, as a child process. */
export interface Shell {
  /** The temporary folder, which is also the working directory of the commands. */
  readonly folder: string;
  readonly store: string;
  /** Runs `kdaemon ARGS…` and waits for it. `input` is its standard input. */
  run(
    args: readonly string[],
    options?: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
  ): Finished;
  /** Like `run`, but throws with both streams when the exit code is not 0, and returns standard output. */
  ok(args: readonly string[], input?: string): string;
  remove(): void;
}

/** Opens a shell on a store that does not exist yet. */
export function openShell(): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-test-'));
  const store = join(folder, 'cluster.db');
  const shell: Shell = {
    folder,
    store,
    run(args, options = {}) {
      const done = spawnSync(process.execPath, [join(repository, 'bin/kdaemon.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
        input: options.input ?? '',
        env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC', KDAEMON_STORE: store, ...options.env },
      });
      return { status: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    ok(args, input) {
      const done = shell.run(args, input === undefined ? {} : { input });
      if (done.status !== 0) {
        throw new Error(`kdaemon ${args.join(' ')}: exit ${done.status}\n${done.stdout}${done.stderr}`);
      }
      return done.stdout;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return shell;
}
