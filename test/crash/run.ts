// Kills processes that write, and looks what is left: `npm run crash -- [--runs N] [--seed S]`. The last line is
// `N runs, M kills, K acknowledged writes checked, N lost`.
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CHILD, parseOptions, USAGE } from './options.ts';

async function main(script: string, args: readonly string[]): Promise<number> {
  // Each is loaded alone: the process that is to be killed should lose no time.
  if (args[0] === CHILD) return await (await import('./child.ts')).runChild(args.slice(1));
  const { runCrashes } = await import('./harness.ts');
  const defaults = { runs: 200, seed: Math.trunc(performance.timeOrigin), jobs: availableParallelism() };
  const options = parseOptions(args, defaults);
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 1;
  }
  const bundle = resolve(script);
  const binary = join(dirname(dirname(bundle)), 'bin', 'kdaemon.js');
  process.stdout.write(`seed ${options.seed}\n`);
  const begun = performance.now();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const wipe = (): void => {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  };
  const report = await runCrashes(
    options,
    { bundle, binary },
    {
      signal: stop.signal,
      onProgress: ({ runs, kills, acknowledged }) => {
        if (!process.stderr.isTTY) return;
        const seconds = (performance.now() - begun) / 1000;
        const left = Math.round(((options.runs - runs) * seconds) / runs);
        wipe();
        process.stderr.write(
          `${runs} of ${options.runs} runs, ${kills} kills, ${acknowledged} writes checked, about ${left} s left`,
        );
      },
      onFailure: ({ message, replay }) => {
        wipe();
        process.stdout.write(`${message}\n  replay: ${replay}\n`);
      },
    },
  );
  wipe();
  process.stdout.write(
    `${report.runs} runs, ${report.kills} kills, ${report.acknowledged} acknowledged writes checked, ${report.failures.length} lost\n`,
  );
  return report.failures.length === 0 ? 0 : 1;
}

main(process.argv[1] ?? '', process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
