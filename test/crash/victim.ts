import { type ChildProcess, spawn } from 'node:child_process';

/** When a process is to be killed. */
export type Moment =
  /** So many milliseconds after its start. */
  | { readonly after: 'start'; readonly ms: number }
  /** So many milliseconds after its first line. */
  | { readonly after: 'ready'; readonly ms: number }
  /** As soon as it has said so many lines. */
  | { readonly after: 'lines'; readonly lines: number }
  | { readonly after: 'never' };

/** How a process ended. */
export interface Ended {
  readonly killed: boolean;
  /** Null after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end. */
  readonly ms: number;
}

/** Runs `node ARGS…` and kills it (SIGKILL) at the moment that is given, if it has not ended by itself before. */
export async function runVictim(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  moment: Moment,
): Promise<Ended> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return await killed(child, moment, begun);
}

function killed(child: ChildProcess, moment: Moment, begun: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    let lines = 0;
    let timer: NodeJS.Timeout | undefined;
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    const killIn = (ms: number): void => {
      timer = setTimeout(kill, ms);
    };
    if (moment.after === 'start') killIn(moment.ms);
    child.stdout?.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      stdout += text;
      const before = lines;
      lines += text.split('\n').length - 1;
      if (moment.after === 'ready' && before === 0 && lines > 0) killIn(moment.ms);
      if (moment.after === 'lines' && lines >= moment.lines) kill();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', code, stdout, stderr, ms: performance.now() - begun });
    });
  });
}
