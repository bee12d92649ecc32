import { Session } from 'node:inspector';

/** Tells how many blocks of code ran since the last question for the first time in this process. */
export interface CodeWatch {
  newBlocks(): number;
  stop(): void;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly count: number }[];
    }[];
  }[];
}

/** Watches which code runs, by V8's own coverage by blocks. `isWatched` chooses scripts by their address. */
export function watchCode(isWatched: (url: string) => boolean): CodeWatch {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const seen = new Set<string>();
  return {
    newBlocks() {
      const before = seen.size;
      // The answer of a session in its own process is there when the call returns.
      session.post('Profiler.takePreciseCoverage', (error, coverage: Coverage) => {
        if (error !== null) return;
        for (const { url, functions } of coverage.result) {
          if (!isWatched(url)) continue;
          for (const { ranges } of functions) {
            for (const { startOffset, count } of ranges) if (count > 0) seen.add(`${url}:${startOffset}`);
          }
        }
      });
      return seen.size - before;
    },
    stop: () => session.disconnect(),
  };
}
