import type { World } from '../context.ts';

/** Puts a word's colour around it. */
export type Paint = (word: string) => string;

/** Words that say that all is well, and that something is under way; the others of a STATUS column are trouble. */
const WELL = new Set(['Active', 'Bound', 'Completed', 'Ready', 'Running', 'Succeeded']);
const UNDER_WAY =
  /^(?:Available|ContainerCreating|Init:\d+\/\d+|Pending|PodInitializing|Released|SchedulingGated|Terminating|Ready,SchedulingDisabled)$/;

/**
 * Colours for the words of STATUS columns: on a terminal, unless $NO_COLOR is set or the terminal has none; undefined
 * elsewhere.
 */
export async function statusPaint({
  streams,
  env,
}: Pick<World, 'streams' | 'env'>): Promise<Paint | undefined> {
  if (!streams.outIsTerminal || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return undefined;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return (word) => {
    if (WELL.has(word)) return chalk.green(word);
    return UNDER_WAY.test(word) ? chalk.yellow(word) : chalk.red(word);
  };
}
