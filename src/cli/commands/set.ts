import type { CommandSpec } from '../command.ts';
import { misuse, PlainError } from '../errors.ts';
import { commandHelp } from '../help.ts';
import { setEnv } from '../set/set-env.ts';
import { setImage } from '../set/set-image.ts';
import { setResources } from '../set/set-resources.ts';
import { setSelector } from '../set/set-selector.ts';
import { setServiceAccount } from '../set/set-service-account.ts';

/** `kdaemon set`. */
export const command: CommandSpec = {
  name: 'set',
  summary: 'Set specific features on objects',
  description:
    'Configure application resources.\n\n These commands change parts of existing objects that are changed often.',
  usage: 'kdaemon set SUBCOMMAND [options]',
  flags: [],
  subcommands: [setEnv, setImage, setResources, setSelector, setServiceAccount],
  async run({ args, commandPath }) {
    const [unknown] = args;
    if (unknown !== undefined) throw misuse(commandPath, `unknown command ${JSON.stringify(unknown)}`);
    throw new PlainError(commandHelp(command, commandPath).trimEnd());
  },
};
