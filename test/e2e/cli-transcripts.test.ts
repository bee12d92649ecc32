import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openInProcess } from '../support/in-process.ts';
import { openShell } from '../support/kdaemon.ts';
import {
  type Answer,
  comparable,
  readTranscript,
  shellWords,
  type Transcript,
} from '../support/transcripts.ts';

const verbs = ['create', 'get', 'apply', 'delete', 'api-resources', 'frobnicate'];
/** Formats and flags that kdaemon has not (yet). */
const absent = /jsonpath|custom-columns|go-template|--server-side|--raw/;
const writing = ['create', 'apply', 'delete'];

/**
 * Replays the steps of the verbs that there are, with a reconcile after each write: the recording's controllers ran
 * beside it. Resolves to how many steps there were, and those answered differently.
 */
async function replay(
  { steps }: Transcript,
  answer: (args: readonly string[], input: string) => Answer | Promise<Answer>,
  leaveOut: (run: string) => boolean = () => false,
): Promise<{ readonly replayed: number; readonly different: readonly unknown[] }> {
  const different: unknown[] = [];
  let replayed = 0;
  for (const step of steps) {
    if (step.settle) continue;
    const [, ...args] = shellWords(step.run);
    const [verb = ''] = args;
    if (!verbs.includes(verb) || absent.test(step.run) || leaveOut(step.run)) continue;
    replayed += 1;
    const got = comparable(await answer(args, step.stdin ?? ''));
    const recorded = comparable(step);
    if (JSON.stringify(got) !== JSON.stringify(recorded)) different.push({ run: step.run, recorded, got });
    if (writing.includes(verb)) await answer(['reconcile'], '');
  }
  return { replayed, different };
}

/** Writes a transcript's files into a folder. */
function unpack({ files }: Transcript, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

test('the recorded walk through a life of a DaemonSet is answered as recorded, by processes', async () => {
  const transcript = readTranscript('seed-walkthrough');
  const shell = openShell();
  onTestFinished(() => shell.remove());
  unpack(transcript, shell.folder);
  const { replayed, different } = await replay(
    transcript,
    (args, input) => {
      const { status, stdout, stderr } = shell.run(args, { input });
      return { exit: status, stdout, stderr };
    },
    // The events of a rollback that was not made.
    (run) => run.startsWith('kubectl get events'),
  );
  expect(different).toEqual([]);
  expect(replayed).toBe(17);
});

test.each([
  ['errors', 50],
  ['apply', 21],
  ['output-formats', 31],
])('the recorded session "%s" is answered as recorded', async (name, count) => {
  const transcript = readTranscript(name);
  const commandLine = openInProcess();
  const previous = process.cwd();
  onTestFinished(() => {
    process.chdir(previous);
    commandLine.remove();
  });
  unpack(transcript, commandLine.folder);
  process.chdir(commandLine.folder);
  const { replayed, different } = await replay(transcript, async (args, input) => {
    const { code, out, err } = await commandLine.run(args, { input });
    return { exit: code, stdout: out, stderr: err };
  });
  expect(different).toEqual([]);
  expect(replayed).toBe(count);
});
