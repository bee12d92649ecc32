import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { readToEnd } from './bounded-input.ts';
import { QuietExit } from './errors.ts';
import { terminalText } from './printers/terminal-text.ts';
import type { Streams } from './streams.ts';

/**
 * Standard input and output of this process. Writes are synchronous, so that nothing is lost however the process
 * ends. When the reader went away (`| head`), the command ends quietly with exit code 0: QuietExit is thrown.
 */
export function processStreams(): Streams {
  const outIsTerminal = process.stdout.isTTY === true;
  const errIsTerminal = process.stderr.isTTY === true;
  return {
    readInput: async () => (await readToEnd(process.stdin, 'standard input')).toString('utf8'),
    readLine: async () => {
      const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
      try {
        for await (const line of lines) return line;
        return '';
      } finally {
        lines.close();
        // A pipe that nobody reads on would keep the process alive.
        process.stdin.destroy();
      }
    },
    out: (text) => writeAll(1, outIsTerminal ? terminalText(text) : text),
    err: (text) => writeAll(2, errIsTerminal ? terminalText(text) : text),
    outIsTerminal,
    errIsTerminal,
  };
}

function writeAll(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      else if (code === 'EPIPE') throw new QuietExit(0);
      else throw error;
    }
  }
}
