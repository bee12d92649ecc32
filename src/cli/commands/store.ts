import type { CommandSpec, Invocation } from '../command.ts';
import { misuse, QuietExit } from '../errors.ts';
import { commandHelp } from '../help.ts';
import { backup } from '../store/backup.ts';
import { check } from '../store/check.ts';
import { compact } from '../store/compact.ts';

/** `kdaemon store`. */
export const command: CommandSpec = {
  name: 'store',
  summary: 'Check, copy and compact the file that holds the cluster',
  examples: [
    '# Look whether the store is in order',
    'kdaemon store check',
    '',
    '# Copy it, while other commands use it',
    'kdaemon store backup monday.db',
  ],
  usage: 'kdaemon store SUBCOMMAND [options]',
  flags: [],
  subcommands: [backup, check, compact],
  run: withoutSubcommand,
};

/** Runs where no subcommand was typed: the help, and a failure. Throws always. */
async function withoutSubcommand({ args, context, commandPath }: Invocation): Promise<void> {
  const [typed] = args;
  if (typed !== undefined) throw misuse(commandPath, `unknown command ${JSON.stringify(typed)}`);
  context.streams.out(commandHelp(command, commandPath));
  throw new QuietExit(1);
}
