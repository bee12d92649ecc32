import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { toStoreError } from '../../../src/store/sqlite-errors.ts';
import { StoreError } from '../../../src/store/store.ts';

const file = 'some/where.db';

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: something, ${syscall}`), { code, syscall });
}

describe('a failure of SQLite', () => {
  test.each([
    ['SQLITE_BUSY', 'locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_BUSY_RECOVERY', 'locked'],
    ['SQLITE_LOCKED', 'locked'],
    ['SQLITE_PROTOCOL', 'locked'],
    ['SQLITE_READONLY', 'readonly'],
    ['SQLITE_READONLY_DIRECTORY', 'readonly'],
    ['SQLITE_READONLY_DBMOVED', 'io'],
    ['SQLITE_NOTADB', 'foreign'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_ERROR', 'corrupt'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'corrupt'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_SHMSIZE', 'full'],
    ['SQLITE_CANTOPEN', 'readonly'],
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_NOMEM', 'io'],
  ])('%s is %s, in one line that names the file', (code, expected) => {
    const cause = new Database.SqliteError('what SQLite says', code);
    const error = toStoreError(file, cause);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: expected, cause });
    expect(String(error)).toMatch(/^StoreError: .*some\/where\.db.*$/);
  });
});

describe('a failure of the operating system', () => {
  test.each([
    ['ENOSPC', 'mkdir', 'full'],
    ['EDQUOT', 'mkdir', 'full'],
    ['EROFS', 'mkdir', 'readonly'],
    ['EACCES', 'mkdir', 'readonly'],
    ['ENOENT', 'mkdir', 'readonly'],
    ['EACCES', 'stat', 'unreadable'],
    ['EPERM', 'open', 'unreadable'],
    ['ENOTDIR', 'stat', 'unreadable'],
    ['EEXIST', 'mkdir', 'unreadable'],
    ['ENAMETOOLONG', 'stat', 'io'],
  ])('%s of %s is %s, in one line that names the file', (code, syscall, expected) => {
    const error = toStoreError(file, systemError(code, syscall));
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: expected });
    expect(String(error)).toMatch(/^StoreError: .*some\/where\.db.*$/);
  });
});

test.each([
  ['a StoreError', new StoreError('future', 'not yet')],
  ['a mistake of ours', new TypeError('undefined is not a function')],
  ["an error of Node's", Object.assign(new Error('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' })],
  ['what is no error', 'text'],
])('%s comes back as it is', (_name, error) => {
  expect(toStoreError(file, error)).toBe(error);
});
