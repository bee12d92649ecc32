import { DELIBERATE_DIFFERENCES } from './deliberate-differences.ts';
import { type Comparison, compare } from './differences.ts';
import { type Identities, NO_IDENTITIES } from './identities.ts';
import { openSession, type Session } from './session.ts';
import type { CommandStep, Transcript } from './transcript.ts';

/** How a step was answered that was not answered as recorded. */
interface StepFailure {
  /** The command line. */
  readonly run: string;
  /** `-` for what was recorded, `+` for what came. */
  readonly lines: readonly string[];
}

/** What a replay found. */
export interface Replayed {
  readonly passed: number;
  readonly failures: readonly StepFailure[];
}

/** Commands that change nothing, so that they may be asked again. */
const READING = /^kubectl (get|describe|rollout (status|history)|explain|api-resources|events|diff)\b/;

/** Replays a transcript with the script `binary`. `name` is the transcript's, without `.json`. */
export async function replay(binary: string, name: string, { files, steps }: Transcript): Promise<Replayed> {
  const session = await openSession(binary, files);
  const failures: StepFailure[] = [];
  let passed = 0;
  let identities = NO_IDENTITIES;
  try {
    for (const [number, step] of steps.entries()) {
      if (step.settle) {
        await session.settle();
        continue;
      }
      const { lines, identities: after } = await answered(session, step, number, identities);
      identities = after;
      if (lines.length === 0 || isDeliberate(name, step.run)) passed += 1;
      else failures.push({ run: step.run, lines });
    }
  } finally {
    await session.close();
  }
  return { passed, failures };
}

/**
 * Runs a step. How far the controllers had come by then is timing: a reading that differs is read once more when
 * they have come to rest.
 */
async function answered(
  session: Session,
  step: CommandStep,
  number: number,
  identities: Identities,
): Promise<Comparison> {
  const first = compare(step, number, await session.run(step.run, step.stdin), identities);
  if (first.lines.length === 0 || !READING.test(step.run)) return first;
  await session.settle();
  return compare(step, number, await session.run(step.run, step.stdin), identities);
}

function isDeliberate(transcript: string, run: string): boolean {
  return DELIBERATE_DIFFERENCES.some((one) => one.transcript === transcript && one.run === run);
}
