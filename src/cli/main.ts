import { processWorld } from './context.ts';
import { processStreams } from './process-streams.ts';
import { runProgram } from './program.ts';

runProgram(process.argv.slice(2), processWorld(processStreams())).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`error: ${String(error)}\n`);
    process.exitCode = 1;
  },
);
