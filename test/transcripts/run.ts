// Replays recorded kubectl sessions: `npm run transcripts -- FILE…`. The last line is `N passed, N failed` over all.
import { basename, dirname, join, resolve } from 'node:path';
import { type Replayed, replay } from './replay.ts';
import { readTranscript } from './transcript.ts';

/** Replays each file and prints what differs. Answers the exit code. */
async function main(script: string, files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('usage: npm run transcripts -- FILE…\n');
    return 1;
  }
  const binary = join(dirname(dirname(resolve(script))), 'bin', 'kdaemon.js');
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const name = basename(file).replace(/\.json(\.gz)?$/, '');
    const result = await replay(binary, name, readTranscript(file));
    print(`${file}: ${result.passed} passed, ${result.failures.length} failed`);
    printFailures(result);
    passed += result.passed;
    failed += result.failures.length;
  }
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function printFailures({ failures }: Replayed): void {
  for (const { run, lines } of failures) {
    print(`  $ ${run}`);
    for (const line of lines) print(`    ${line}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
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
