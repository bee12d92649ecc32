import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);

function run(...files: readonly string[]): {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
} {
  return spawnSync(process.execPath, ['dist/vectors.cjs', ...files], { cwd: root, encoding: 'utf8' });
}

test('the runner closes with the counts over all files, alone on the last line', () => {
  const { stdout, status } = run(
    'test/vectors/data/daemonset-sync.jsonl.gz',
    'test/vectors/data/jsonpatch.json',
  );
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('test/vectors/data/daemonset-sync.jsonl.gz: 700 passed, 0 failed');
  expect(lines.at(-1)).toMatch(/^[0-9]+ passed, 0 failed$/);
  expect(status).toBe(0);
});

test.each([
  [['strange.json'], /^error: strange\.json: no runner for this name; known files: .*daemonset-sync\.jsonl/],
  [['missing/daemonset-sync.jsonl'], /^error: missing\/daemonset-sync\.jsonl: ENOENT/],
  [[], /^usage: /],
])('files %j are refused in one clear message', (files, message) => {
  const { stdout, stderr, status } = run(...files);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
