import type { CommandSpec } from '../command.ts';
import { CommandError } from '../errors.ts';
import { changeTemplates, setFlags } from './pod-template-change.ts';

/** `kdaemon set serviceaccount`. */
export const setServiceAccount: CommandSpec = {
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Update the service account of a resource',
  examples: [
    '# Let the pods of a DaemonSet use another account',
    'kdaemon set serviceaccount daemonset agent reader',
  ],
  usage: 'kdaemon set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]',
  flags: setFlags,
  async run(invocation) {
    const account = invocation.args.at(-1);
    if (account === undefined) throw new CommandError('serviceaccount is required');
    await changeTemplates(invocation, {
      args: invocation.args.slice(0, -1),
      did: 'serviceaccount updated',
      failed: 'failed to patch ServiceAccountName ',
      printsUnchanged: true,
      change: (spec) => ({ ...spec, serviceAccountName: account }),
    });
  },
};
