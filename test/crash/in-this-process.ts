import { runProgram } from '../../src/cli/program.ts';
import { collectedStreams } from '../../src/cli/streams.ts';
import { virtualClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';

/** What a command left behind. */
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Where the clocks of all commands in this process stand. */
const NOW = Date.UTC(2026, 0, 1);

/**
 * Runs a kdaemon command in this process. Its chance is that of the machine: commands that replayed one sequence would
 * give one UID to several objects.
 */
export async function runHere(file: string, args: readonly string[], input = ''): Promise<Ran> {
  const streams = collectedStreams(input);
  const code = await runProgram(args, {
    streams,
    env: { KDAEMON_STORE: file },
    clock: virtualClock(NOW),
    random: systemRandom,
  });
  return { code, ...streams.written };
}

/** Like `runHere`, but throws unless the exit code is 0, and resolves to standard output. */
export async function doHere(file: string, args: readonly string[], input?: string): Promise<string> {
  const { code, out, err } = await runHere(file, args, input);
  if (code !== 0) throw new Error(`kdaemon ${args.join(' ')}: exit ${code}\n${out}${err}`);
  return out;
}
