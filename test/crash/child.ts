import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { operator } from './operations.ts';

/**
 * Does what the parent's words say: `write FILE SEED FROM UNTIL` does those operations and says the index of each once
 * it is acknowledged; `command FILE ARGS…` runs a kdaemon command and says what it printed. Resolves to the exit code.
 */
export async function runChild([task, file = '', ...rest]: readonly string[]): Promise<number> {
  if (task === 'write') return write(file, Number(rest[0]), Number(rest[1]), Number(rest[2]));
  const { runHere } = await import('./in-this-process.ts');
  const { code, out, err } = await runHere(file, rest);
  say(out);
  writeSync(2, err);
  return code;
}

async function write(file: string, seed: number, from: number, until: number): Promise<number> {
  const store = openSqliteStore(file);
  say('ready\n');
  const { perform } = operator(seed, store);
  for (let index = from; index < until; index += 1) {
    await perform(index);
    say(`${index}\n`);
  }
  await store.close();
  return 0;
}

/** Writes at once: what was said is in the parent's hands even if this process is killed the next moment. */
function say(text: string): void {
  writeSync(1, text);
}
