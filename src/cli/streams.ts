/** The outside world of a command: what it reads and writes. Injected, so that tests need no process. */
export interface Streams {
  /** The whole of standard input, as UTF-8 text. */
  readInput(): Promise<string>;
  /** The first line of standard input, without its end: the answer to a question. Not to be mixed with `readInput`. */
  readLine(): Promise<string>;
  out(text: string): void;
  err(text: string): void;
  /** Whether standard output is a terminal. */
  readonly outIsTerminal: boolean;
  /** Whether standard error is a terminal: hints and progress are for terminals only. */
  readonly errIsTerminal: boolean;
}

/** Streams that collect what was written; for tests and for commands that run other commands. */
interface CollectedStreams extends Streams {
  readonly written: { out: string; err: string };
}

/** Collects output in memory. `input` is what `readInput` gives. */
export function collectedStreams(input = ''): CollectedStreams {
  const written = { out: '', err: '' };
  return {
    written,
    readInput: async () => input,
    readLine: async () => input.split('\n')[0] ?? '',
    out(text) {
      written.out += text;
    },
    err(text) {
      written.err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
  };
}
