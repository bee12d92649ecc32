import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENDS = ['', '-wal', '-shm'];

/** Does `work` with a new folder, which goes away with everything in it. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Size of a store on the disk, its write-ahead log included. */
export function fileBytes(file: string): number {
  return ENDS.reduce((sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Copies a store that nobody has open. */
export function copyStore(from: string, to: string): void {
  copyFileSync(from, to);
}
