import type { Flag } from '../flags.ts';

/** `-c`: which containers of a pod template are meant. */
export const containersFlag = {
  name: 'containers',
  short: 'c',
  type: 'string',
  default: '*',
  usage: 'The names of the containers to change; * stands for any text.',
} as const satisfies Flag;
