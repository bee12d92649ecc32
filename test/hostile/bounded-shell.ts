import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../support/kdaemon.ts';

/** Memory that a command may take for what it keeps, in MiB, and how long it may run: more is a hang. */
const MEMORY_MIB = 512;
const MOST_MS = 120_000;

/** The command line as child processes that can take neither all memory nor for ever. */
export interface BoundedShell {
  readonly folder: string;
  /** Runs a command. Throws when it was killed, by time, by memory or by a fault. */
  run(
    args: readonly string[],
    input?: string | Buffer,
  ): { readonly status: number; readonly out: string; readonly err: string };
  /** Writes a file of the folder piece by piece, and returns its path. */
  file(
    name: string,
    ...pieces: readonly (string | Buffer | { readonly piece: string; readonly times: number })[]
  ): string;
  remove(): void;
}

/** Opens a shell on a store that does not exist yet. */
export function openBoundedShell(): BoundedShell {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-hostile-'));
  return {
    folder,
    run(args, input = '') {
      const memory = `--max-old-space-size=${MEMORY_MIB}`;
      const done = spawnSync(process.execPath, [memory, join(repository, 'bin/kdaemon.js'), ...args], {
        cwd: folder,
        encoding: 'utf8',
        timeout: MOST_MS,
        killSignal: 'SIGKILL',
        maxBuffer: 256 * 1024 * 1024,
        input,
        env: { PATH: process.env.PATH, HOME: folder, TZ: 'UTC', KDAEMON_STORE: join(folder, 'cluster.db') },
      });
      if (done.status === null || done.status > 2) {
        throw new Error(
          `${args.join(' ').slice(0, 200)} was ended: ${done.signal ?? done.status}\n${done.stderr.slice(0, 2000)}`,
        );
      }
      return { status: done.status, out: done.stdout, err: done.stderr };
    },
    file(name, ...pieces) {
      const path = join(folder, name);
      const file = openSync(path, 'w');
      for (const piece of pieces) {
        if (typeof piece === 'string' || Buffer.isBuffer(piece)) writeSync(file, Buffer.from(piece));
        else {
          const together = Math.min(piece.times, Math.ceil(1e6 / piece.piece.length));
          const block = Buffer.from(piece.piece.repeat(together));
          for (let left = piece.times; left > 0; left -= together) {
            writeSync(file, left >= together ? block : Buffer.from(piece.piece.repeat(left)));
          }
        }
      }
      closeSync(file);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
