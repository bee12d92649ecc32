import type { CommandSpec } from '../command.ts';
import { changeMetadata, metadataFlags } from '../metadata-change.ts';

/** `kdaemon annotate`. */
export const command: CommandSpec = {
  name: 'annotate',
  summary: 'Update the annotations on a resource',
  description:
    'Update the annotations on one or more resources.\n\n KEY=VALUE sets an annotation, KEY- takes it away. Other values than those that are there need --overwrite.',
  examples: [
    '# Say why a DaemonSet was changed; "kdaemon rollout history" shows it',
    "kdaemon annotate daemonset agent kubernetes.io/change-cause='newer image'",
    '',
    '# Take an annotation away',
    'kdaemon annotate daemonset agent owner-',
  ],
  usage:
    'kdaemon annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]',
  flags: metadataFlags('annotation', 'kubectl-annotate'),
  run: (invocation) =>
    changeMetadata(invocation, { noun: 'annotation', field: 'annotations', did: () => 'annotated' }),
};
