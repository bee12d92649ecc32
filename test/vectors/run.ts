// Replays recorded vectors: `npm run vectors -- FILE…`. The last line is `N passed, N failed` over all files.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runRows as daemonSetCreate } from './daemonset-create-rows.ts';
import { runRows as daemonSetSync } from './daemonset-sync-rows.ts';
import { runRows as jsonPatch } from './jsonpatch-rows.ts';
import { runRows as jsonPath } from './jsonpath-rows.ts';
import { runRows as patches } from './patches-rows.ts';
import type { RowFailure, RowResults } from './row-results.ts';
import { runRows as tables } from './tables-rows.ts';
import { runRows as templateHash } from './template-hash-rows.ts';
import { runRows as yaml } from './yaml-rows.ts';

type RowRunner = (fileText: string) => RowResults | Promise<RowResults>;

/** Which runner reads which file, by base name without `.gz`. */
const RUNNERS: ReadonlyMap<string, RowRunner> = new Map<string, RowRunner>([
  ['daemonset-create.jsonl', daemonSetCreate],
  ['daemonset-sync.jsonl', daemonSetSync],
  ['jsonpatch.json', jsonPatch],
  ['jsonpath.json', jsonPath],
  ['patches.jsonl', patches],
  ['tables.jsonl', tables],
  ['template-hash.jsonl', templateHash],
  ['yaml.json', yaml],
  ['yaml-syntax.json', yaml],
]);

const SHOWN_FAILURES = 20;

/** Runs each file and prints what came of it. Answers the exit code. */
async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) return refuse(`usage: npm run vectors -- FILE…\nknown files: ${knownFiles()}`);
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const results = await runFile(file);
    if (typeof results === 'string') return refuse(results);
    print(`${file}: ${results.passed} passed, ${results.failures.length} failed`);
    printFailures(results.failures);
    passed += results.passed;
    failed += results.failures.length;
  }
  print(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** The results of one file, or why it cannot be run. */
async function runFile(file: string): Promise<RowResults | string> {
  const runner = RUNNERS.get(basename(file).replace(/\.gz$/, ''));
  if (runner === undefined) return `error: ${file}: no runner for this name; known files: ${knownFiles()}`;
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return `error: ${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return runner((isGzip ? gunzipSync(bytes) : bytes).toString('utf8'));
}

function printFailures(failures: readonly RowFailure[]): void {
  for (const { name, detail } of failures.slice(0, SHOWN_FAILURES)) {
    print(`  ${name}\n${detail.replace(/^/gm, '    ')}`);
  }
  if (failures.length > SHOWN_FAILURES) print(`  … and ${failures.length - SHOWN_FAILURES} more`);
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

function knownFiles(): string {
  return [...RUNNERS.keys()].join(', ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  },
);
