import type { CommandSpec } from './command.ts';
import type { Flag } from './flags.ts';

/** One line of the overview. */
export interface OverviewEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
}

const flagHelp = (flag: Flag): string => {
  const letter = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const isText = flag.type === 'string' && flag.default !== "''";
  return `    ${letter}--${flag.name}=${isText ? `'${flag.default}'` : flag.default}:\n\t${flag.usage}\n`;
};

const section = (title: string, body: string): string => `${title}:\n${body}\n`;

/** Help of one command, laid out as kubectl lays out its own. `path` is `kdaemon create node`. */
export function commandHelp(spec: CommandSpec, path: string): string {
  const flags = spec.flags
    .filter((flag) => flag.hidden !== true)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const examples = (spec.examples ?? []).map((line) => (line === '' ? '  \n' : `  ${line}\n`)).join('');
  const visible = (spec.subcommands ?? []).filter((one) => one.hidden !== true);
  const width = Math.max(0, ...visible.map((one) => one.name.length));
  const subcommands = visible.map((one) => `  ${one.name.padEnd(width)}   ${one.summary}\n`).join('');
  const { aliases = [] } = spec;
  return [
    `${spec.description ?? spec.summary}\n\n`,
    aliases.length === 0 ? '' : section('Aliases', `${[spec.name, ...aliases].join(', ')}\n`),
    examples === '' ? '' : section('Examples', examples),
    subcommands === '' ? '' : section('Available Commands', subcommands),
    flags.length === 0 ? '' : section('Options', flags.map(flagHelp).join('\n')),
    `Usage:\n  ${spec.usage}\n\n`,
    subcommands === '' ? '' : `Use "${path} <command> --help" for more information about a given command.\n`,
    'Use "kdaemon options" for a list of global command-line options (applies to all commands).\n',
  ].join('');
}

/** What `kdaemon` and `kdaemon --help` print. */
export function overview(entries: readonly OverviewEntry[]): string {
  const groups = [...new Set(entries.map((entry) => entry.group))];
  const width = Math.max(...entries.map((entry) => entry.name.length));
  const listed = groups.map((group) =>
    section(
      group,
      entries
        .filter((entry) => entry.group === group)
        .map((entry) => `  ${entry.name.padEnd(width)}   ${entry.summary}\n`)
        .join(''),
    ),
  );
  return `kdaemon runs DaemonSets as Kubernetes does, on a cluster that lives in one file.

 Start with "kdaemon init", "kdaemon apply -f daemonset.yaml" and "kdaemon reconcile".

${listed.join('')}Usage:
  kdaemon [flags] [options]

Use "kdaemon <command> --help" for more information about a given command.
Use "kdaemon options" for a list of global command-line options (applies to all commands).
`;
}

/** What `kdaemon options` prints. */
export function globalOptions(flags: readonly Flag[]): string {
  const listed = flags.filter((flag) => flag.hidden !== true).map(flagHelp);
  return `The following options can be passed to any command:\n\n${listed.join('\n')}`;
}
