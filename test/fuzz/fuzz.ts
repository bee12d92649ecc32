import { performance } from 'node:perf_hooks';
import type { Random } from '../../src/runtime/random.ts';
import { type Language, mutated } from './mutate.ts';

/** One reader of the program, with what has to hold for whatever it reads. */
export interface Target extends Language {
  readonly name: string;
  /**
   * Reads an input. Returns whether it was accepted. Throws for everything but the refusals that the reader documents,
   * and where what it read breaks a promise, such as being the same after it was printed and read again.
   */
  read(input: string): boolean | Promise<boolean>;
}

/** An input that broke a promise. */
interface Crash {
  readonly target: string;
  readonly input: string;
  readonly error: unknown;
}

/** What a run over one target found. */
export interface Findings {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  /** Inputs that were kept because they reached code that none had reached before. */
  readonly kept: number;
  readonly crashes: readonly Crash[];
  readonly slowest: { readonly ms: number; readonly input: string };
}

/** How a run goes. */
export interface FuzzOptions {
  readonly inputs: number;
  readonly random: Random;
  /** Tells how much code the inputs since the last question reached for the first time; absent looks at none. */
  readonly newCode?: () => number;
  /** Called before each input: whoever watches over hangs knows what hangs. */
  readonly onInput?: (target: string, input: string) => void;
}

/** Inputs between two looks at the code that they reached, which takes as long as many inputs. */
const ROUND = 200;
/** Crashes that are kept of one target: more only say the same. */
const MOST_CRASHES = 20;

/** Gives a target its seeds, then inputs made from them. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<Findings> {
  const { inputs, random, newCode, onInput } = options;
  const corpus = [...target.seeds];
  const crashes: Crash[] = [];
  const told = new Set<string>();
  let accepted = 0;
  let slowest = { ms: 0, input: '' };

  async function give(input: string): Promise<void> {
    onInput?.(target.name, input);
    const start = performance.now();
    try {
      const answer = target.read(input);
      // Waiting for what is there already would cost more than most readers take.
      const wasAccepted = typeof answer === 'boolean' ? answer : await answer;
      if (wasAccepted === true) accepted += 1;
    } catch (error) {
      const summary = summaryOf(error);
      if (!told.has(summary) && crashes.length < MOST_CRASHES) {
        told.add(summary);
        crashes.push({ target: target.name, input, error });
      }
    }
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = { ms, input };
  }

  for (const seed of target.seeds) await give(seed);
  newCode?.();
  for (let given = target.seeds.length; given < inputs; ) {
    const round: string[] = [];
    for (; round.length < ROUND && given < inputs; given++) {
      const input = mutated(target, corpus, random);
      round.push(input);
      await give(input);
    }
    if (newCode === undefined || newCode() === 0) continue;
    // Something in the round was new: a few of its inputs are kept, among them most likely the one that was.
    for (let kept = 0; kept < 5; kept++) corpus.push(round[random.int(round.length)] ?? '');
  }
  return {
    target: target.name,
    inputs,
    accepted,
    kept: corpus.length - target.seeds.length,
    crashes,
    slowest,
  };
}

/** Where and how something failed, without what differs from input to input. */
function summaryOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, ...places] = (error.stack ?? '').split('\n');
  const place = places.find((line) => line.includes(' at ')) ?? '';
  return `${error.name} ${error instanceof BrokenPromise ? error.message : place}`;
}

/** A promise that a reader does not keep, named so that each one is told once. */
export class BrokenPromise extends Error {
  readonly detail: unknown;
  constructor(message: string, detail: unknown) {
    super(message);
    this.name = 'BrokenPromise';
    this.detail = detail;
  }
}
