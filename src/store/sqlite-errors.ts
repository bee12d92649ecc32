import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { StoreError, type StoreErrorCode } from './store.ts';

/** Whether SQLite gave up because another process has what it needs. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

type Failure = readonly [code: StoreErrorCode, message: string];

/**
 * A failure of SQLite or of the operating system in the store's words: one line that names the user's path. Anything
 * else (a mistake of ours, or a StoreError already) comes back as it is.
 *
 * @param file the path as the user gave it
 */
export function toStoreError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const failure = error.code.startsWith('SQLITE_')
    ? sqliteFailure(file, error.code, error.message)
    : systemFailure(file, error.code, error);
  return failure === null ? error : new StoreError(...failure, { cause: error });
}

/** @param code an extended result code: `SQLITE_BUSY_SNAPSHOT` */
function sqliteFailure(file: string, code: string, message: string): Failure {
  switch (code.split('_', 2)[1]) {
    case 'BUSY':
    case 'LOCKED':
    case 'PROTOCOL':
      return ['locked', `${file} is locked: another process is writing to it and does not finish`];
    case 'READONLY':
      if (code === 'SQLITE_READONLY_DBMOVED') return ['io', `${file} was moved or deleted while in use`];
      return ['readonly', `${file} is read-only`];
    case 'NOTADB':
      return ['foreign', `${file} is not a kdaemon store: it is no database`];
    case 'FULL':
      return ['full', `no space left to write ${file}`];
    case 'CANTOPEN':
      return whyNotOpened(file);
    case 'IOERR':
      // The memory that processes share is a file beside the store, which must fit on the disk.
      if (code === 'SQLITE_IOERR_SHMSIZE') return ['full', `no space left to write ${file}`];
      return ['io', `${file}: ${message}`];
    // The last two say that the tables or their rows are not what the file's header promises.
    case 'CORRUPT':
    case 'ERROR':
    case 'CONSTRAINT':
      return ['corrupt', `${file} is damaged: ${message}`];
    default:
      return ['io', `${file}: ${message}`];
  }
}

/** @param code `EACCES` and the like; null for what is no failure of the operating system */
function systemFailure(file: string, code: string, error: Error): Failure | null {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return ['full', `no space left to write ${file}`];
    case 'EROFS':
      return ['readonly', `${file} cannot be created: its file system is read-only`];
    case 'EACCES':
    case 'EPERM':
      return 'syscall' in error && error.syscall === 'mkdir'
        ? ['readonly', `${file} cannot be created: its folder cannot be written`]
        : ['unreadable', `${file} cannot be opened: permission denied`];
    // What Node says when it fails to make several folders at once.
    case 'ENOENT':
      return ['readonly', `${file} cannot be created: its folder cannot be made`];
    case 'ENOTDIR':
    case 'EEXIST':
      return ['unreadable', `${file} cannot be opened: a part of its path is a file, not a folder`];
    default:
      return /^E[A-Z0-9]+$/.test(code) ? ['io', `${file}: ${error.message}`] : null;
  }
}

/** SQLite says no more than "unable to open database file"; the file system knows the reason. */
function whyNotOpened(file: string): Failure {
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      return ['unreadable', `${file} cannot be opened: it is a folder`];
    }
    if (!existsSync(file)) return ['readonly', `${file} cannot be created: its folder cannot be written`];
    accessSync(file, constants.R_OK);
    return ['unreadable', `${file} cannot be opened`];
  } catch {
    return ['unreadable', `${file} cannot be opened: permission denied`];
  }
}
