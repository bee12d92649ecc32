import type { ResourceInfo } from '../../api/client.ts';
import type { CommandSpec } from '../command.ts';
import { CommandError } from '../errors.ts';
import { alignRows } from '../printers/table-text.ts';

const versionOf = ({ group, version }: ResourceInfo): string =>
  group === '' ? version : `${group}/${version}`;

/** `kdaemon api-resources`. */
export const command: CommandSpec = {
  name: 'api-resources',
  summary: 'Print the supported API resources',
  description: 'Print the supported API resources, custom ones included.',
  examples: [
    '# All resources',
    'kdaemon api-resources',
    '',
    '# Those of one group',
    'kdaemon api-resources --api-group=apps',
  ],
  usage: 'kdaemon api-resources [flags] [options]',
  flags: [
    { name: 'api-group', type: 'string', default: "''", usage: 'Only resources of this group.' },
    {
      name: 'namespaced',
      type: 'bool',
      default: 'true',
      usage: 'When given, only namespaced resources, or only the others.',
    },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Print the table without its headings.' },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: "''",
      usage: 'Output format. One of: (name, wide).',
    },
  ],
  async run({ flags, args, context }) {
    if (args.length > 0)
      throw new CommandError(
        `unexpected arguments: [${args.join(' ')}]\nSee 'kdaemon api-resources -h' for help and examples`,
      );
    const output = flags.string('output');
    if (!['', 'name', 'wide'].includes(output))
      throw new CommandError(`--output ${output} is not available in kdaemon api-resources`);
    const resources = (await (await context.client()).resources()).filter(
      (one) =>
        (!flags.given('api-group') || one.group === flags.string('api-group')) &&
        (!flags.given('namespaced') || one.namespaced === flags.bool('namespaced')),
    );
    if (output === 'name') {
      for (const { plural, group } of resources)
        context.streams.out(`${plural}${group === '' ? '' : `.${group}`}\n`);
      return;
    }
    const wide = output === 'wide';
    const head = [
      'NAME',
      'SHORTNAMES',
      'APIVERSION',
      'NAMESPACED',
      'KIND',
      ...(wide ? ['VERBS', 'CATEGORIES'] : []),
    ];
    const rows = resources.map((one) => [
      one.plural,
      one.shortNames.join(','),
      versionOf(one),
      String(one.namespaced),
      one.kind,
      ...(wide ? [one.verbs.join(','), one.categories.join(',')] : []),
    ]);
    context.streams.out(alignRows(flags.bool('no-headers') ? rows : [head, ...rows]));
  },
};
