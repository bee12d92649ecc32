import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/cli/program.ts';
import { collectedStreams } from '../../src/cli/streams.ts';
import { type VirtualClock, virtualClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';

/** What a command line left behind. */
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, on a store of its own in a temporary folder. */
export interface InProcess {
  readonly folder: string;
  /** The machine's clock as the commands see it. */
  readonly clock: VirtualClock;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Like `run`, but throws with both streams when the exit code is not 0, and resolves to standard output. */
  ok(args: readonly string[], input?: string): Promise<string>;
  remove(): void;
}

/** The outside of one run. */
interface RunOptions {
  /** Standard input. */
  readonly input?: string;
  /** Whether both output streams are terminals. */
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens a command line on a store that does not exist yet. */
export function openInProcess(): InProcess {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-unit-'));
  const clock = virtualClock(Date.UTC(2026, 0, 1));
  const random = seededRandom(1);
  const self: InProcess = {
    folder,
    clock,
    async run(args, { input = '', terminal = false, env = {} } = {}) {
      const streams = { ...collectedStreams(input), outIsTerminal: terminal, errIsTerminal: terminal };
      const world = { streams, clock, random, env: { KDAEMON_STORE: join(folder, 'cluster.db'), ...env } };
      const code = await runProgram(args, world);
      return { code, ...streams.written };
    },
    async ok(args, input = '') {
      const { code, out, err } = await self.run(args, { input });
      if (code !== 0) throw new Error(`kdaemon ${args.join(' ')}: exit ${code}\n${out}${err}`);
      return out;
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}
