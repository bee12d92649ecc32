import type { ResourceInfo } from '../../api/client.ts';
import type { CommandSpec } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import { alignRows } from '../printers/table-text.ts';

const versionOf = ({ group, version }: ResourceInfo): string =>
  group === '' ? version : `${group}/${version}`;

/** Each resource once: in its preferred version, which discovery lists first. */
function preferred(resources: readonly ResourceInfo[]): ResourceInfo[] {
  const first = new Map<string, ResourceInfo>();
  for (const one of resources) {
    const id = `${one.group}/${one.plural}`;
    if (!first.has(id)) first.set(id, one);
  }
  return [...first.values()];
}

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
    {
      name: 'verbs',
      type: 'strings',
      default: '[]',
      usage: 'Limit to resources that support the specified verbs.',
    },
    {
      name: 'categories',
      type: 'strings',
      default: '[]',
      usage: 'Limit to resources that belong to the specified categories.',
    },
    {
      name: 'sort-by',
      type: 'string',
      default: "''",
      usage:
        "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
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
  async run({ flags, args, context, commandPath }) {
    if (args.length > 0) throw misuse(commandPath, `unexpected arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    if (!['', 'name', 'wide'].includes(output)) throw new CommandError(`--output ${output} is not available`);
    const sortBy = flags.string('sort-by');
    if (!['', 'name', 'kind'].includes(sortBy)) {
      throw new CommandError('--sort-by accepts only name or kind');
    }
    const resources = preferred(await (await context.client()).resources()).filter(
      (one) =>
        (!flags.given('api-group') || one.group === flags.string('api-group')) &&
        (!flags.given('namespaced') || one.namespaced === flags.bool('namespaced')) &&
        flags.strings('verbs').every((verb) => one.verbs.includes(verb)) &&
        flags.strings('categories').every((category) => one.categories.includes(category)),
    );
    if (sortBy !== '') {
      const key = sortBy === 'name' ? 'plural' : 'kind';
      resources.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0));
    }
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
