import type { Context } from './context.ts';
import type { Flag, FlagValues } from './flags.ts';

/** One command, or one subcommand: its flags, its help and its body. */
export interface CommandSpec {
  /** `get`; for a subcommand its own word, `node`. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The line in the overview. */
  readonly summary: string;
  /** The paragraphs at the head of its help; the summary when absent. */
  readonly description?: string;
  /** Lines of the Examples section, without indentation; `''` is an empty line. */
  readonly examples?: readonly string[];
  /** What follows `Usage:`, such as `kdaemon get [(-o|--output=)json|yaml] TYPE [NAME] [flags] [options]`. */
  readonly usage: string;
  readonly flags: readonly Flag[];
  readonly subcommands?: readonly CommandSpec[];
  readonly hidden?: boolean;
  /** Absent for a pure group, such as `rollout`. */
  run?(invocation: Invocation): Promise<void>;
}

/** What a command's body gets. */
export interface Invocation {
  readonly flags: FlagValues;
  readonly args: readonly string[];
  readonly context: Context;
  /** `kdaemon create node`. */
  readonly commandPath: string;
}
