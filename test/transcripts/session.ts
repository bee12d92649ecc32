import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { Answer } from './transcript.ts';

/** Commands on a cluster of their own, with the controllers running beside them. */
export interface Session {
  /** Runs a line of the shell in which `kubectl` is kdaemon. */
  run(line: string, stdin?: string): Promise<Answer>;
  /** Waits until the store has not changed for a while. Throws when it does not come to rest. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** How long a store at rest is quiet, and how long one may take to get there, in milliseconds. */
const QUIET_MS = 700;
const PATIENCE_MS = 60_000;

/** Opens a session in a temporary folder with these files. `binary` is the path of kdaemon's script. */
export async function openSession(binary: string, files: Readonly<Record<string, string>>): Promise<Session> {
  const root = mkdtempSync(join(tmpdir(), 'kdaemon-transcript-'));
  const folder = join(root, 'work');
  const programs = join(root, 'bin');
  for (const each of [folder, programs]) mkdirSync(each);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const program = join(programs, 'kubectl');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${binary}' "$@"\n`);
  chmodSync(program, 0o755);
  const storeFile = join(root, 'cluster.db');
  const env = {
    PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`,
    HOME: root,
    TZ: 'UTC',
    KDAEMON_STORE: storeFile,
  };
  const store = openSqliteStore(storeFile);
  const controllers = spawn(process.execPath, [binary, 'reconcile', '--watch'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  controllers.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes.toString();
  });

  async function settle(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    let last = await store.revision();
    let quietSince = Date.now();
    while (Date.now() - quietSince < QUIET_MS) {
      if (controllers.exitCode !== null) throw new Error(`the controllers ended: ${complaints}`);
      if (Date.now() > deadline) throw new Error('the cluster does not come to rest');
      await pause(50);
      const revision = await store.revision();
      if (revision === last) continue;
      last = revision;
      quietSince = Date.now();
    }
  }

  await settle();
  return {
    settle,
    async run(line, stdin = '') {
      const shell = spawn('/bin/sh', ['-c', line], { cwd: folder, env });
      return finished(shell, stdin);
    },
    async close() {
      const ended = once(controllers, 'exit');
      if (controllers.exitCode === null && controllers.kill('SIGTERM')) await ended;
      await store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function finished(shell: ChildProcess, stdin: string): Promise<Answer> {
  const answer = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    shell[stream]?.setEncoding('utf8').on('data', (text: string) => {
      answer[stream] += text;
    });
  }
  // A command that does not read its input may be gone before it is written.
  shell.stdin?.on('error', () => undefined).end(stdin);
  const [exit] = (await once(shell, 'close')) as [number | null];
  return { exit: exit ?? -1, ...answer };
}
