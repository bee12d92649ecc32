import type { Flag } from './flags.ts';

/** Flags that every command takes. */
export const globalFlags: readonly Flag[] = [
  {
    name: 'namespace',
    short: 'n',
    type: 'string',
    default: "''",
    usage: 'If present, the namespace scope for this CLI request',
  },
  {
    name: 'store',
    type: 'string',
    default: "''",
    usage: 'The file that holds the cluster; $KDAEMON_STORE, or a file in your data folder, when absent',
  },
  { name: 'help', short: 'h', type: 'bool', default: 'false', usage: 'Help for the command', hidden: true },
];
