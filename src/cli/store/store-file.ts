import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';

/** The path of the command's store. Throws CommandError where flags put an API server in its place. */
export function requireStoreFile({ isRemote, storeFile }: Context): string {
  if (isRemote) throw new CommandError('this works on a store, not on an API server');
  return storeFile;
}
