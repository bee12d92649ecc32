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
  {
    name: 'server',
    short: 's',
    type: 'string',
    default: "''",
    usage: 'The address of an API server to use in place of the store',
  },
  { name: 'token', type: 'string', default: "''", usage: 'Bearer token for the API server' },
  {
    name: 'kubeconfig',
    type: 'string',
    default: "''",
    usage: 'A kubeconfig that says which API server to use in place of the store',
  },
  {
    name: 'context',
    type: 'string',
    default: "''",
    usage: "The kubeconfig's context to use; its current one when absent",
  },
  { name: 'help', short: 'h', type: 'bool', default: 'false', usage: 'Help for the command', hidden: true },
];
