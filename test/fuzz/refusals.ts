import { isDeepStrictEqual } from 'node:util';
import { BrokenPromise } from './fuzz.ts';

/** Classes of errors that a reader documents. */
type ErrorClass = abstract new (...args: never[]) => Error;

/** What a reader made of an input; undefined when it refused it with one of its own errors. Others pass through. */
export function readOrRefused<T>(
  read: () => T,
  ...refusals: readonly ErrorClass[]
): { readonly value: T } | undefined {
  try {
    return { value: read() };
  } catch (error) {
    if (refusals.some((refusal) => error instanceof refusal)) return undefined;
    throw error;
  }
}

/** Throws BrokenPromise where two values differ. */
export function mustEqual(promise: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new BrokenPromise(promise, { actual, expected });
}
