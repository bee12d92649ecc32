import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository, type Shell } from '../support/kdaemon.ts';

/** What a finished command left behind. */
type Finished = ReturnType<Shell['run']>;

/** Runs a command on the shell's store beside the test and beside others. `input` is its standard input. */
export function started(shell: Shell, args: readonly string[], input = ''): Promise<Finished> {
  const child = spawn(process.execPath, [join(repository, 'bin/kdaemon.js'), ...args], {
    cwd: shell.folder,
    env: { PATH: process.env.PATH, HOME: shell.folder, TZ: 'UTC', KDAEMON_STORE: shell.store },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
