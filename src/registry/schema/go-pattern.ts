import { type GoRegexp, goRegexp } from '../../domain/go-regexp/go-regexp.ts';
import { GoRegexpError } from '../../domain/go-regexp/regexp-error.ts';

/** Patterns that are kept compiled: more than the schemas of any cluster that is in use have. */
const MOST_COMPILED = 2000;

const compiled = new Map<string, GoRegexp | undefined>();

/** A regular expression in Go's syntax; undefined for one that Go refuses, which no stored schema holds. */
export function goPattern(source: string): GoRegexp | undefined {
  if (!compiled.has(source)) {
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(source, compile(source));
  }
  return compiled.get(source);
}

function compile(source: string): GoRegexp | undefined {
  try {
    return goRegexp(source);
  } catch (error) {
    if (error instanceof GoRegexpError) return undefined;
    throw error;
  }
}
