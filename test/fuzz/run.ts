/**
 * `npm run fuzz -- [--inputs N] [--seed S] [--target NAME] [--no-coverage]`: gives N inputs (a million when absent) to
 * the readers of the program, evenly, and keeps those that reach new code. The same seed and counts replay a run.
 * Exits 1 when a promise was broken.
 */
import { parseArgs } from 'node:util';
import { seededRandom, systemRandom } from '../../src/runtime/random.ts';
import { BrokenPromise, type Findings, fuzz } from './fuzz.ts';
import { guardHangs } from './hang-guard.ts';
import { watchCode } from './new-code.ts';
import { TARGETS } from './targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    target: { type: 'string' },
    'no-coverage': { type: 'boolean', default: false },
  },
});
/** One input may take so long before the run is ended; the slowest of each target are told. */
const MOST_MS = 20_000;

const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0)
  throw new Error(`no such target: there are ${TARGETS.map(({ name }) => name).join(', ')}`);
const seed = values.seed === undefined ? systemRandom.int(2 ** 31) : Number(values.seed);
const each = Math.ceil(Number(values.inputs) / targets.length);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function run(): Promise<void> {
  say(`seed ${seed}, ${each} inputs for each of ${targets.length} targets`);
  const guard = guardHangs(MOST_MS);
  const code = values['no-coverage'] ? undefined : watchCode((url) => url === '' || url.endsWith('fuzz.cjs'));
  const all: Findings[] = [];
  for (const [index, target] of targets.entries()) {
    const findings = await fuzz(target, {
      inputs: each,
      random: seededRandom(seed + index),
      onInput: guard.begin,
      ...(code === undefined ? {} : { newCode: code.newBlocks }),
    });
    all.push(findings);
    tell(findings);
  }
  code?.stop();
  await guard.stop();
  const crashes = all.reduce((sum, one) => sum + one.crashes.length, 0);
  const inputs = all.reduce((sum, one) => sum + one.inputs, 0);
  say(`${inputs} inputs, ${crashes} crashes`);
  process.exitCode = crashes === 0 ? 0 : 1;
}

function tell({ target, inputs: given, accepted, kept, crashes: found, slowest }: Findings): void {
  const part = Math.round((100 * accepted) / given);
  say(
    `${target}: ${given} inputs, ${part}% accepted, ${kept} kept, slowest ${slowest.ms.toFixed(1)} ms, ${found.length} crashes`,
  );
  if (slowest.ms > 200) say(`  slowest: ${JSON.stringify(slowest.input).slice(0, 300)}`);
  for (const { input, error } of found) {
    say(`  input: ${JSON.stringify(input)}`);
    const detail = error instanceof BrokenPromise ? `\n${JSON.stringify(error.detail)?.slice(0, 600)}` : '';
    const stack = error instanceof Error ? error.stack?.split('\n').slice(0, 4).join('\n') : String(error);
    say(`    ${stack}${detail}`);
  }
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
});
