import type { CommandSpec, Invocation } from '../command.ts';
import { misuse, QuietExit } from '../errors.ts';
import { commandHelp } from '../help.ts';
import { history } from './rollout/history.ts';
import { pause, resume } from './rollout/pause.ts';
import { restart } from './rollout/restart.ts';
import { status } from './rollout/status.ts';
import { undo } from './rollout/undo.ts';

/** `kdaemon rollout`. */
export const command: CommandSpec = {
  name: 'rollout',
  summary: 'Manage the rollout of a resource',
  description:
    'Manage the rollout of one or many resources.\n        \n Valid resource types include:\n\n  *  daemonsets\n  *  deployments\n  *  statefulsets',
  examples: [
    '# Roll back to the revision before',
    'kdaemon rollout undo daemonset/fluentd-elasticsearch',
    '',
    '# Watch the rollout of a DaemonSet',
    'kdaemon rollout status daemonset/fluentd-elasticsearch',
    '',
    '# Restart a DaemonSet',
    'kdaemon rollout restart daemonset/fluentd-elasticsearch',
  ],
  usage: 'kdaemon rollout SUBCOMMAND [options]',
  flags: [],
  subcommands: [history, pause, restart, resume, status, undo],
  run: withoutSubcommand,
};

/** Runs where no subcommand was typed: the help, and a failure. Throws always. */
async function withoutSubcommand({ args, context, commandPath }: Invocation): Promise<void> {
  const [typed] = args;
  if (typed !== undefined) throw misuse(commandPath, `unknown command ${JSON.stringify(typed)}`);
  context.streams.out(commandHelp(command, commandPath));
  throw new QuietExit(1);
}
