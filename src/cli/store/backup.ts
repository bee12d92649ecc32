import { statSync } from 'node:fs';
import type { CommandSpec, Invocation } from '../command.ts';
import { CommandError, misuse } from '../errors.ts';
import { byteSize } from './byte-size.ts';
import { requireStoreFile } from './store-file.ts';

/** `kdaemon store backup`. */
export const backup: CommandSpec = {
  name: 'backup',
  summary: 'Copy the store to another file',
  description: `Copy the store, as it is at one moment, to another file. Other commands, "kdaemon serve" among them, may read and write meanwhile.

 The copy is checked, and gets its name only when it is whole. It is a store itself: use it with --store, or put it back with a backup in the other direction.`,
  examples: [
    '# Copy the store',
    'kdaemon store backup monday.db',
    '',
    '# Put the copy back, when nothing uses the store',
    'kdaemon store backup --store monday.db --force cluster.db',
  ],
  usage: 'kdaemon store backup FILE [--force] [options]',
  flags: [{ name: 'force', type: 'bool', default: 'false', usage: 'Replace the file if it exists.' }],
  run: backupCommand,
};

async function backupCommand({ flags, args, context, commandPath }: Invocation): Promise<void> {
  const [target, ...more] = args;
  if (target === undefined || target === '') throw misuse(commandPath, 'the file to write is missing');
  if (more.length > 0) throw misuse(commandPath, `Unexpected args: [${more.join(' ')}]`);
  const file = requireStoreFile(context);
  const replace = flags.bool('force');
  if (!replace && statSync(target, { throwIfNoEntry: false })?.isFile() === true)
    throw new CommandError(`${target} exists already; --force replaces it`);
  const { backupStore } = await import('../../store/backup-store.ts');
  const { streams } = context;
  let shown = false;
  const onProgress = (copied: number, whole: number): void => {
    if (!streams.errIsTerminal) return;
    shown = true;
    streams.err(`\r\u001b[Kcopying: ${byteSize(copied)} of ${byteSize(whole)}`);
  };
  const copied = await backupStore(file, target, { replace, onProgress }).finally(() => {
    if (shown) streams.err('\r\u001b[K');
  });
  streams.out(
    `${file} was copied to ${target}: revision ${copied.revision}, ${copied.keys} keys, ${byteSize(statSync(target).size)}\n`,
  );
}
