import type { CommandSpec } from '../command.ts';
import { changeMetadata, labelWord, metadataFlags } from '../metadata-change.ts';

/** `kdaemon label`. */
export const command: CommandSpec = {
  name: 'label',
  summary: 'Update the labels on a resource',
  description:
    'Update the labels on a resource.\n\n KEY=VALUE sets a label, KEY- takes it away. Other values than those that are there need --overwrite.',
  examples: [
    '# Say that a node has an SSD',
    'kdaemon label node worker-2 disk=ssd',
    '',
    '# Give it another value',
    'kdaemon label node worker-2 disk=hdd --overwrite',
    '',
    '# Take the label from all nodes',
    'kdaemon label nodes --all disk-',
  ],
  usage:
    'kdaemon label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]',
  flags: metadataFlags('label', 'kubectl-label'),
  run: (invocation) => changeMetadata(invocation, { noun: 'label', field: 'labels', did: labelWord }),
};
