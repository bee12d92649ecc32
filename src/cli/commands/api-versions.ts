import type { CommandSpec } from '../command.ts';
import { misuse } from '../errors.ts';

/** `kdaemon api-versions`. */
export const command: CommandSpec = {
  name: 'api-versions',
  summary: 'Print the supported API versions, in the form of "group/version"',
  examples: ['# All versions of all groups', 'kdaemon api-versions'],
  usage: 'kdaemon api-versions [options]',
  flags: [],
  async run({ args, context, commandPath }) {
    if (args.length > 0) throw misuse(commandPath, `unexpected arguments: [${args.join(' ')}]`);
    const resources = await (await context.client()).resources();
    const versions = resources.map(({ group, version }) => (group === '' ? version : `${group}/${version}`));
    context.streams.out(
      [...new Set(versions)]
        .sort()
        .map((one) => `${one}\n`)
        .join(''),
    );
  },
};
