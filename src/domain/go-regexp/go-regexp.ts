import { matches } from './match.ts';
import { parseRegexp } from './parse.ts';
import { programOf } from './program.ts';

/** A regular expression as Go's package `regexp` reads it, which takes no more than linear time in the text. */
export interface GoRegexp {
  /** Whether it matches anywhere in the text. Throws MatchTooLong for huge expressions on huge texts. */
  test(text: string): boolean;
}

/** Compiles an expression. Throws GoRegexpError, with Go's words, for what Go refuses. */
export function goRegexp(source: string): GoRegexp {
  const program = programOf(parseRegexp(source), source);
  return { test: (text) => matches(program, text) };
}
