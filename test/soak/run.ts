/**
 * `npm run soak -- [--minutes 15] [--nodes 1000] [--seed S] [--pause MS]`: `kdaemon serve` under changes without end.
 * A line of JSON every five seconds on standard error, the judgement on standard output. Exits 1 when memory or the
 * store go on growing, or when the server answered what no client expects.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom, systemRandom } from '../../src/runtime/random.ts';
import { apiAt } from './api.ts';
import { churn } from './churn.ts';
import { type Sample, type Trend, trendOf } from './level.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    nodes: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    pause: { type: 'string', default: '10' },
  },
});
const SAMPLE_SECONDS = 5;
const WATCHERS = 10;

async function run(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-soak-'));
  const store = join(folder, 'cluster.db');
  const bin = resolve(__dirname, '../bin/kdaemon.js');
  const server = spawn(process.execPath, [bin, 'serve', '--store', store], { cwd: folder });
  let stderr = '';
  server.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  try {
    const url = await addressOf(server.stdout);
    const seed = values.seed === undefined ? systemRandom.int(2 ** 31) : Number(values.seed);
    say(`seed ${seed}, ${values.nodes} nodes, ${values.minutes} minutes`);
    const api = apiAt(url);
    const work = churn(api, Number(values.nodes), seededRandom(seed));
    const watches = Array.from({ length: WATCHERS }, () => api.watch('/api/v1/pods?watch=1'));
    await work.begin();
    const samples: Sample[] = [];
    const begun = performance.now();
    const elapsed = (): number => (performance.now() - begun) / 1000;
    while (elapsed() < Number(values.minutes) * 60) {
      await work.step();
      await new Promise((resume) => setTimeout(resume, Number(values.pause)));
      if (elapsed() < samples.length * SAMPLE_SECONDS) continue;
      const sample = {
        at: Math.round(elapsed()),
        resident: residentBytes(server.pid ?? 0),
        storeBytes: sizeOf(store),
        walBytes: sizeOf(`${store}-wal`),
        writes: work.counts.writes,
      };
      samples.push(sample);
      process.stderr.write(`${JSON.stringify(sample)}\n`);
    }
    const events = watches.reduce((sum, one) => sum + one.events(), 0);
    for (const one of watches) one.close();
    api.close();
    say(`${work.counts.writes} writes, ${events} events told to ${WATCHERS} watchers`);
    const { surprises } = work.counts;
    if (surprises.length > 0)
      say(`${surprises.length} answers that no client expects, such as ${surprises[0]}`);
    if (stderr !== '') say(`the server said: ${stderr.slice(0, 2000)}`);
    const level = [
      tell(
        'resident memory',
        trendOf(samples, ({ resident }) => resident),
      ),
      tell(
        'store',
        trendOf(samples, ({ storeBytes }) => storeBytes),
      ),
      tell(
        'write-ahead log',
        trendOf(samples, ({ walBytes }) => walBytes),
      ),
    ];
    return level.every(Boolean) && surprises.length === 0 && stderr === '';
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((found, lost) => {
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = /Serving .* at (\S+)\n/.exec(text) ?? [];
      if (url !== undefined) found(url);
    });
    output.once('end', () => lost(new Error('the server ended before it served')));
  });
}

/** Linux tells of each process how much memory it holds. */
function residentBytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function tell(what: string, { first, last, most, perMinute, levelledOff }: Trend): boolean {
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const verdict = levelledOff ? 'levelled off' : 'STILL GROWING';
  say(
    `${what}: ${mib(first)} to ${mib(last)}, at most ${mib(most)}, ${mib(perMinute)} a minute at the end: ${verdict}`,
  );
  return levelledOff;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

run().then(
  (level) => {
    process.exitCode = level ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 2;
  },
);
