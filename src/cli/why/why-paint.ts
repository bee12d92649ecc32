import type { World } from '../context.ts';

/** Colours of a report; without a terminal they are none. */
export interface WhyPaint {
  /** `yes` and `no`. */
  answer(text: string): string;
  /** Heads of sections. */
  strong(text: string): string;
}

/** Colours on a terminal that has them, unless $NO_COLOR is set. */
export async function whyPaint({ streams, env }: Pick<World, 'streams' | 'env'>): Promise<WhyPaint> {
  if (!streams.outIsTerminal || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') {
    return { answer: (text) => text, strong: (text) => text };
  }
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    answer: (text) => (text === 'yes' ? chalk.green(text) : text === 'no' ? chalk.red(text) : text),
    strong: (text) => chalk.bold(text),
  };
}
