import type { CommandSpec } from '../command.ts';
import { misuse } from '../errors.ts';
import { byteSize } from './byte-size.ts';
import { requireStoreFile } from './store-file.ts';

/** `kdaemon store compact`. */
export const compact: CommandSpec = {
  name: 'compact',
  summary: "Forget the store's history and give its space back",
  description: `Forget what objects were like before, and give the space back to the disk. The objects stay as they are.

 "kdaemon reconcile" and "kdaemon serve" drop old history by themselves. Watches that lag behind are told to begin anew.`,
  examples: ['# Make the store as small as it can be', 'kdaemon store compact'],
  usage: 'kdaemon store compact [options]',
  flags: [],
  async run({ args, context, commandPath }) {
    if (args.length > 0) throw misuse(commandPath, `Unexpected args: [${args.join(' ')}]`);
    const file = requireStoreFile(context);
    const { shrinkStore } = await import('../../store/shrink-store.ts');
    const { revision, bytesBefore, bytesAfter } = await shrinkStore(file);
    context.streams.out(
      `${file} was compacted through revision ${revision}: ${byteSize(bytesBefore)} before, ${byteSize(bytesAfter)} now\n`,
    );
  },
};
