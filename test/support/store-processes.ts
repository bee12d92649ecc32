import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** A running `store-worker.ts`. */
export interface StoreProcess {
  /** Resolves when the process waits for its start. */
  readonly ready: Promise<void>;
  /** Lets it do its task. */
  start(): void;
  /** The lines it has said since it was ready; grows. */
  readonly lines: readonly string[];
  /** Resolves when so many lines are there, or when the process has ended. */
  said(lines: number): Promise<void>;
  /** Ends it at once (SIGKILL). */
  kill(): void;
  /** Resolves with the exit code, null after a signal, once all its lines are there. Standard error passes through. */
  readonly ended: Promise<number | null>;
}

/** Bundles the worker into a folder and returns the means to run it. */
export async function storeProcesses(
  folder: string,
): Promise<(task: string, file: string, argument?: string) => StoreProcess> {
  const worker = join(folder, 'store-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('store-worker.ts', import.meta.url))],
    outfile: worker,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The bundle lies in a temporary folder, from where the native package can be reached by its full path only.
    alias: { 'better-sqlite3': join(root, 'node_modules/better-sqlite3/lib/index.js') },
    external: [join(root, 'node_modules/better-sqlite3/lib/index.js')],
  });
  return (task, file, argument = '') => follow(spawn(process.execPath, [worker, task, file, argument]));
}

function follow(child: ChildProcess): StoreProcess {
  if (child.stdout === null || child.stdin === null || child.stderr === null) throw new Error('no pipes');
  const stdin = child.stdin;
  const output = createInterface(child.stdout);
  child.stderr.pipe(process.stderr);
  const lines: string[] = [];
  let wake = (): void => {};
  let over = false;
  const ready = new Promise<void>((resolveReady) => output.once('line', () => resolveReady()));
  ready.then(
    () =>
      output.on('line', (line) => {
        lines.push(line);
        wake();
      }),
    () => {},
  );
  const ended = Promise.all([once(child, 'close'), once(output, 'close')]).then(([[code]]) => {
    over = true;
    wake();
    return code as number | null;
  });
  return {
    ready,
    start: () => {
      stdin.end('go\n');
    },
    lines,
    async said(count) {
      while (lines.length < count && !over) {
        await new Promise<void>((resume) => {
          wake = resume;
        });
      }
    },
    kill: () => {
      child.kill('SIGKILL');
    },
    ended,
  };
}
