import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** How a process went. */
export interface Measured {
  readonly ms: number;
  /** Highest resident memory, in bytes; 0 where the system does not tell. */
  readonly peakBytes: number;
  readonly out: string;
}

/** The command line's entry, beside the bundle that this code is part of. */
const KDAEMON = resolve(__dirname, '..', 'bin', 'kdaemon.js');

/** Loaded into a measured process first: leaves its highest memory in a file when it ends. */
const WITNESS = `
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  let kib = process.resourceUsage().maxRSS;
  try { kib = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
  writeFileSync(process.env.BENCH_PEAK, String(kib));
});`;

/** Runs `kdaemon ARGS` on a store and measures it. Throws when it fails. */
export function kdaemon(store: string, args: readonly string[], input = ''): Measured {
  const witness = join(tmpdir(), `kdaemon-bench-${process.pid}.cjs`);
  const peak = `${witness}.peak`;
  writeFileSync(witness, WITNESS);
  try {
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', witness, KDAEMON, ...args], {
      env: { ...process.env, KDAEMON_STORE: store, BENCH_PEAK: peak },
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    const ms = performance.now() - begun;
    if (status !== 0) throw new Error(`kdaemon ${args.join(' ')} ended with ${status}: ${stderr}`);
    return { ms, peakBytes: existsSync(peak) ? Number(readFileSync(peak, 'utf8')) * 1024 : 0, out: stdout };
  } finally {
    rmSync(witness, { force: true });
    rmSync(peak, { force: true });
  }
}

/** Milliseconds of `kdaemon ARGS` without anything around it: the median of `times` runs. */
export function medianMs(times: number, store: string, args: readonly string[], input = ''): number {
  return median(Array.from({ length: times }, () => bare([KDAEMON, ...args], store, input)));
}

/** Milliseconds that Node takes to start and do nothing: the median of `times` runs. */
export function nodeStartMs(times: number): number {
  return median(Array.from({ length: times }, () => bare(['-e', '0'], '', '')));
}

/** A `kdaemon` that goes on running; `stop` ends it and resolves when it has ended. */
export function running(
  store: string,
  args: readonly string[],
): { onOutput(heard: (text: string) => void): void; stop(): Promise<void> } {
  const child = spawn(process.execPath, [KDAEMON, ...args], {
    env: { ...process.env, KDAEMON_STORE: store },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.setEncoding('utf8');
  return {
    onOutput: (heard) => void child.stdout.on('data', heard),
    stop: () =>
      new Promise((ended) => {
        child.on('exit', () => ended());
        child.kill('SIGTERM');
      }),
  };
}

function bare(args: readonly string[], store: string, input: string): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, KDAEMON_STORE: store },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
