import { Worker } from 'node:worker_threads';

/** Watches from a thread of its own that no input takes for ever. */
export interface HangGuard {
  /** Says that an input begins. */
  begin(target: string, input: string): void;
  stop(): Promise<void>;
}

const ROOM = 16 * 1024;

const WATCHER = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const turn = new Int32Array(workerData.turn);
const text = Buffer.from(workerData.text);
let last = -1;
for (;;) {
  const now = Atomics.load(turn, 0);
  if (now === last && now !== 0) {
    const length = Atomics.load(turn, 1);
    writeSync(2, 'This input takes more than ' + workerData.ms + ' ms: ' + JSON.stringify(text.toString('utf8', 0, length)) + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
  last = now;
  Atomics.wait(turn, 2, 0, workerData.ms);
  if (Atomics.load(turn, 2) !== 0) break;
}`;

/** Ends the process, with the input on standard error, when one takes more than `ms` milliseconds. */
export function guardHangs(ms: number): HangGuard {
  const turn = new SharedArrayBuffer(12);
  const text = new SharedArrayBuffer(ROOM);
  const turns = new Int32Array(turn);
  const bytes = Buffer.from(text);
  const worker = new Worker(WATCHER, { eval: true, workerData: { turn, text, ms } });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return {
    begin(target, input) {
      Atomics.store(turns, 1, bytes.write(`${target}: ${input}`, 'utf8'));
      Atomics.add(turns, 0, 1);
    },
    async stop() {
      Atomics.store(turns, 2, 1);
      Atomics.notify(turns, 2);
      await ended;
    },
  };
}
