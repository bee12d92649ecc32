import { Command } from 'commander';
import type { CommandSpec } from './command.ts';
import { type Context, openContext, type World } from './context.ts';
import { didYouMean, suggestions } from './did-you-mean.ts';
import { CommandError, PlainError, UsageError } from './errors.ts';
import { describeFailure } from './exit.ts';
import { type Flag, parseArguments } from './flags.ts';
import { globalFlags } from './global-flags.ts';
import { commandHelp, globalOptions, overview } from './help.ts';
import { whyNoCommand } from './without-containers.ts';

interface TopCommand {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  /** Loaded only when the command runs: cold start is a feature. */
  load(): Promise<{ readonly command: CommandSpec }>;
}

const basic = 'Basic Commands';
const cluster = 'Cluster Commands';
const advanced = 'Advanced Commands';
const settings = 'Other Commands';

const topCommands: readonly TopCommand[] = [
  {
    name: 'create',
    group: basic,
    summary: 'Create a resource from a file or from stdin',
    load: () => import('./commands/create.ts'),
  },
  {
    name: 'get',
    group: basic,
    summary: 'Display one or many resources',
    load: () => import('./commands/get.ts'),
  },
  {
    name: 'apply',
    group: basic,
    summary: 'Apply a configuration to a resource by file name or stdin',
    load: () => import('./commands/apply.ts'),
  },
  {
    name: 'delete',
    group: basic,
    summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
    load: () => import('./commands/delete.ts'),
  },
  {
    name: 'describe',
    group: basic,
    summary: 'Show details of a specific resource or group of resources',
    load: () => import('./commands/describe.ts'),
  },
  {
    name: 'diff',
    group: basic,
    summary: 'Diff the live version against a would-be applied version',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'rollout',
    group: basic,
    summary: 'Manage the rollout of a resource',
    load: () => import('./commands/rollout.ts'),
  },
  {
    name: 'wait',
    group: basic,
    summary: 'Wait for a specific condition on one or many resources',
    load: () => import('./commands/wait.ts'),
  },
  {
    name: 'events',
    group: basic,
    summary: 'List events',
    load: () => import('./commands/events.ts'),
  },
  {
    name: 'init',
    group: cluster,
    summary: 'Create the nodes of a sample cluster',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'reconcile',
    group: cluster,
    summary: 'Run the controllers until nothing changes any more',
    load: () => import('./commands/reconcile.ts'),
  },
  {
    name: 'plan',
    group: cluster,
    summary: 'Tell how the rollout of a DaemonSet would go, without touching anything',
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'serve',
    group: cluster,
    summary: 'Serve the Kubernetes API from the store, with the controllers running',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'store',
    group: cluster,
    summary: 'Check, copy and compact the file that holds the cluster',
    load: () => import('./commands/store.ts'),
  },
  {
    name: 'why',
    group: cluster,
    summary: 'Explain on which nodes a DaemonSet runs, and why not on others',
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'explain',
    group: basic,
    summary: 'Get documentation for a resource',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'completion',
    group: settings,
    summary: 'Output shell completion code for the specified shell (bash, zsh or fish)',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'api-versions',
    group: settings,
    summary: 'Print the supported API versions, in the form of "group/version"',
    load: () => import('./commands/api-versions.ts'),
  },
  {
    name: 'api-resources',
    group: settings,
    summary: 'Print the supported API resources',
    load: () => import('./commands/api-resources.ts'),
  },
  {
    name: 'set',
    group: basic,
    summary: 'Set specific features on objects',
    load: () => import('./commands/set.ts'),
  },
  {
    name: 'edit',
    group: basic,
    summary: 'Edit a resource on the server',
    load: () => import('./commands/edit.ts'),
  },
  {
    name: 'patch',
    group: advanced,
    summary: 'Update fields of a resource',
    load: () => import('./commands/patch.ts'),
  },
  {
    name: 'replace',
    group: advanced,
    summary: 'Replace a resource by file name or stdin',
    load: () => import('./commands/replace.ts'),
  },
  {
    name: 'label',
    group: settings,
    summary: 'Update the labels on a resource',
    load: () => import('./commands/label.ts'),
  },
  {
    name: 'annotate',
    group: settings,
    summary: 'Update the annotations on a resource',
    load: () => import('./commands/annotate.ts'),
  },
  {
    name: 'scale',
    group: advanced,
    summary: 'Set a new size for a deployment, replica set, or replication controller',
    load: () => import('./commands/scale.ts'),
  },
  {
    name: 'cordon',
    group: cluster,
    summary: 'Mark node as unschedulable',
    load: () => import('./commands/cordon.ts'),
  },
  {
    name: 'uncordon',
    group: cluster,
    summary: 'Mark node as schedulable',
    load: () => import('./commands/uncordon.ts'),
  },
  {
    name: 'drain',
    group: cluster,
    summary: 'Drain node in preparation for maintenance',
    load: () => import('./commands/drain.ts'),
  },
  {
    name: 'taint',
    group: cluster,
    summary: 'Update the taints on one or more nodes',
    load: () => import('./commands/taint.ts'),
  },
  {
    name: 'version',
    group: settings,
    summary: 'Print the version of kdaemon and of the Kubernetes that it follows',
    load: () => import('./commands/version.ts'),
  },
];

/** Runs one command line (without `node` and the script) and resolves to the exit code. Never rejects. */
export async function runProgram(argv: readonly string[], world: World): Promise<number> {
  const { streams } = world;
  let path = 'kdaemon';
  let context: Context | undefined;
  try {
    const { lead, rest } = hoistLeadingFlags(argv, globalFlags);
    const first = rest[0];
    if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
      const asked = first === 'help' ? rest[1] : undefined;
      if (asked === undefined) {
        streams.out(overview(topCommands));
        return 0;
      }
      return await runProgram([...rest.slice(1), '--help'], world);
    }
    if (first === 'options') {
      streams.out(globalOptions(globalFlags));
      return 0;
    }
    if (first === '__complete') {
      const { completionText } = await import('./completion/complete.ts');
      streams.out(await completionText(topCommands, rest.slice(1), world));
      return 0;
    }
    const chosen = dispatch(rest);
    if (chosen === undefined) throw unknownCommand(first);
    let { command: spec } = await chosen.command.load();
    path = `kdaemon ${spec.name}`;
    let args = chosen.args;
    for (;;) {
      const at = firstPositional(args, [...spec.flags, ...globalFlags]);
      const word = at < 0 ? undefined : args[at];
      const next = spec.subcommands?.find(
        (one) => one.name === word || one.aliases?.includes(word ?? '') === true,
      );
      if (next === undefined) break;
      args = args.filter((_, index) => index !== at);
      spec = next;
      path = `${path} ${spec.name}`;
    }
    const parsed = parseArguments([...lead, ...args], [...spec.flags, ...globalFlags]);
    if (parsed.flags.bool('help') || spec.run === undefined) {
      streams.out(commandHelp(spec, path));
      return 0;
    }
    context = openContext(world, parsed.flags);
    await spec.run({ flags: parsed.flags, args: parsed.positional, context, commandPath: path });
    return 0;
  } catch (error) {
    const ending = describeFailure(error, path, world.env.KDAEMON_DEBUG !== undefined);
    streams.err(ending.text);
    if (streams.errIsTerminal && (error instanceof UsageError || error instanceof CommandError)) {
      streams.err(didYouMean(error.close));
    }
    return ending.code;
  } finally {
    await context?.close();
  }
}

/** Lets commander find the command; flags stay unparsed, because kubectl's flag rules are not commander's. */
function dispatch(args: readonly string[]): { command: TopCommand; args: readonly string[] } | undefined {
  let found: { command: TopCommand; args: readonly string[] } | undefined;
  const program = new Command('kdaemon').helpOption(false).helpCommand(false).exitOverride();
  program.configureOutput({ writeErr: () => undefined }).enablePositionalOptions();
  for (const command of topCommands) {
    program
      .command(command.name)
      .helpOption(false)
      .allowUnknownOption()
      .passThroughOptions()
      .argument('[args...]')
      .action((rest: string[]) => {
        found = { command, args: rest };
      });
  }
  if (!topCommands.some((command) => command.name === args[0])) return undefined;
  program.parse([...args], { from: 'user' });
  return found;
}

function unknownCommand(typed: string): Error {
  const why = whyNoCommand(typed);
  if (why !== undefined) return new CommandError(why);
  if (typed.startsWith('-'))
    return new CommandError(`unknown flag: ${typed}\nSee 'kdaemon --help' for usage.`);
  const close = suggestions(
    typed,
    topCommands.map((command) => command.name),
  );
  const hint = close.length === 0 ? '' : `\n\n${didYouMean(close)}`;
  return new PlainError(`error: unknown command "${typed}" for "kdaemon"${hint}`);
}

/** Index of the first argument that is neither a flag nor a flag's value; -1 when there is none. */
function firstPositional(args: readonly string[], flags: readonly Flag[]): number {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return -1;
    if (!arg.startsWith('-') || arg === '-') return at;
    if (takesNext(arg, flags)) at += 1;
  }
  return -1;
}

function takesNext(arg: string, flags: readonly Flag[]): boolean {
  if (arg.includes('=')) return false;
  const flag = arg.startsWith('--')
    ? flags.find((one) => one.name === arg.slice(2))
    : flags.find((one) => one.short === arg.at(-1));
  return (
    flag !== undefined &&
    flag.type !== 'bool' &&
    flag.bare === undefined &&
    (arg.startsWith('--') || arg.length === 2)
  );
}

/** Splits off global flags that stand before the command: `kdaemon -n kube-system get pods`. */
function hoistLeadingFlags(
  argv: readonly string[],
  flags: readonly Flag[],
): { readonly lead: readonly string[]; readonly rest: readonly string[] } {
  const at = firstPositional(argv, flags);
  const lead = at < 0 ? [] : argv.slice(0, at);
  return { lead, rest: at < 0 ? argv : argv.slice(at) };
}
