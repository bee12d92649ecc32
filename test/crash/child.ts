import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { operator } from './operations.ts';
import { GROUP } from './options.ts';

/**
 * Does what the parent's words say: `write FILE SEED FROM UNTIL` does those operations and says the index of each once
 * it is acknowledged; with `grouped` behind, it does so in groups that leave out what they may; `command FILE ARGS…` runs a kdaemon command and says what it printed. Resolves to the exit code.
 */
export async function runChild([task, file = '', ...rest]: readonly string[]): Promise<number> {
  if (task === 'write')
    return write(file, Number(rest[0]), Number(rest[1]), Number(rest[2]), rest[3] === 'grouped');
  const { runHere } = await import('./in-this-process.ts');
  const { code, out, err } = await runHere(file, rest);
  say(out);
  writeSync(2, err);
  return code;
}

async function write(
  file: string,
  seed: number,
  from: number,
  until: number,
  grouped: boolean,
): Promise<number> {
  const store = openSqliteStore(file);
  if (grouped) store.groupCommits?.(1_000_000, 0);
  say('ready\n');
  const { perform } = operator(seed, store);
  for (let index = from; index < until; index += 1) {
    await perform(index);
    if (grouped && (index + 1) % GROUP !== 0) continue;
    await store.flush?.();
    say(`${index}\n`);
  }
  await store.close();
  return 0;
}

/** Writes at once: what was said is in the parent's hands even if this process is killed the next moment. */
function say(text: string): void {
  writeSync(1, text);
}
