/** Wrong flags or arguments. The message has no prefix; `See 'kdaemon get --help' for usage.` is added at the edge. */
export class UsageError extends Error {
  /** Words close to the one that was not understood: a terminal is told of them. */
  readonly close: readonly string[];
  constructor(message: string, close: readonly string[] = []) {
    super(message);
    this.name = 'UsageError';
    this.close = close;
  }
}

/**
 * A failure that a command words itself. `text` is printed as it is on standard error (with a newline), without any
 * prefix: use it where kubectl prints something other than `error: …`.
 */
export class PlainError extends Error {
  readonly code: number;
  constructor(text: string, code = 1) {
    super(text);
    this.name = 'PlainError';
    this.code = code;
  }
}

/** A failure that kubectl prints as `error: MESSAGE`. */
export class CommandError extends Error {
  readonly code: number;
  /** Words close to the one that was not understood: a terminal is told of them. */
  readonly close: readonly string[];
  constructor(message: string, code = 1, close: readonly string[] = []) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.close = close;
  }
}

/** Arguments that make no sense, with the hint that kubectl puts behind them. `commandPath`: `kdaemon create node`. */
export function misuse(commandPath: string, message: string): CommandError {
  return new CommandError(`${message}\nSee '${commandPath} -h' for help and examples`);
}

/** Several failures of one command, each printed as it would be alone; kubectl goes on with the next object. */
export class ManyErrors extends Error {
  readonly errors: readonly unknown[];
  constructor(errors: readonly unknown[]) {
    super(`${errors.length} errors`);
    this.name = 'ManyErrors';
    this.errors = errors;
  }
}

/** Ends the command with this exit code; everything was printed already. */
export class QuietExit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.name = 'QuietExit';
    this.code = code;
  }
}
