import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type InProcess, openInProcess } from '../support/in-process.ts';
import {
  type Answer,
  comparable,
  readTranscript,
  shellWords,
  type Transcript,
} from '../support/transcripts.ts';

const compared = ['rollout', 'describe'];
const played = [...compared, 'create', 'apply', 'delete'];

/** Plays a recorded session, with a reconcile after each write, and answers with what was said differently. */
async function play(
  name: string,
): Promise<{ readonly replayed: number; readonly different: readonly unknown[] }> {
  const { files, steps } = readTranscript(name);
  const cli = openInProcess();
  const previous = process.cwd();
  onTestFinished(() => {
    process.chdir(previous);
    cli.remove();
  });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(cli.folder, file), content);
  process.chdir(cli.folder);
  return playSteps(cli, steps);
}

async function playSteps(cli: InProcess, steps: Transcript['steps']) {
  const different: unknown[] = [];
  let replayed = 0;
  for (const step of steps) {
    if (step.settle) continue;
    const [, ...args] = shellWords(step.run);
    const [verb = ''] = args;
    if (!played.includes(verb) || step.run.includes('--server-side')) continue;
    const { code, out, err } = await cli.run(args, { input: step.stdin ?? '' });
    if (!compared.includes(verb)) {
      await cli.run(['reconcile']);
      continue;
    }
    if (args[1] === 'undo') await cli.run(['reconcile']);
    replayed += 1;
    const got = alike({ exit: code, stdout: out, stderr: err });
    const recorded = alike(step);
    if (JSON.stringify(got) !== JSON.stringify(recorded)) different.push({ run: step.run, recorded, got });
  }
  return { replayed, different };
}

/**
 * An answer without what differs between any two runs: times, what a simulated node says of itself that the
 * recording's did not, how often events came, and the blanks that follow from them.
 */
function alike({ exit, stdout, stderr }: Answer): Answer {
  const bare = stdout
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000/g, 'DATE')
    .replace(/\nLease:.*(?:\n {2}.*)*/, '')
    .replace(/\nEvents:\n(?:.*\n){2}((?: {2}.*\n)*)/, (_, rows: string) => `\nEvents: ${reasons(rows)}\n`)
    .replace(/controller-revision-hash=\w+/g, 'controller-revision-hash=HASH')
    .replace(/\d+ (?=in total)/, 'N ')
    .replace(/^(Node: +\S+\/).*$/gm, '$1')
    .replace(/(IP: +)[\d.]+/g, '$1IP')
    .replace(/ {2,}/g, '  ');
  return comparable({ exit, stdout: bare, stderr });
}

const reasons = (rows: string): string =>
  [...new Set(rows.split('\n').map((row) => row.trim().split(/ {2,}/)[1]))].sort().join();

test.each([
  ['seed-walkthrough', 6],
  ['errors', 3],
  ['output-formats', 2],
])('rollouts and descriptions of the recorded session "%s" are answered as recorded', async (name, count) => {
  const { replayed, different } = await play(name);
  expect(different).toEqual([]);
  expect(replayed).toBe(count);
});
