import type { Json } from '../../api/meta.ts';
import { goJson } from '../go-values/json.ts';
import { goPrinted, isList } from '../go-values/print.ts';
import { type EvaluationOptions, evaluateJsonPath } from './evaluate.ts';
import { JsonPathError } from './jsonpath-error.ts';
import { parseJsonPath } from './parse.ts';

/** A template that was read once and answers for many values. */
export interface JsonPath {
  /** The text that the template makes of a value. Throws JsonPathError. */
  text(value: Json): string;
  /** What each action finds. Throws JsonPathError. */
  results(value: Json): readonly (readonly Json[])[];
  /** Everything that it finds, in one list. Throws JsonPathError. */
  find(value: Json): readonly Json[];
}

/** Reads a template. Throws JsonPathError. */
export function jsonPath(template: string, options: EvaluationOptions): JsonPath {
  const actions = parseJsonPath(template);
  const results = (value: Json): readonly (readonly Json[])[] => evaluateJsonPath(actions, value, options);
  return {
    results,
    find: (value) => results(value).flat(),
    text: (value) =>
      results(value)
        .map((found) => found.map(textOf).join(' '))
        .join(''),
  };
}

/** A value as a template prints it: lists and maps as JSON, everything else bare. */
function textOf(value: Json): string {
  if (value === null) return 'null';
  return isList(value) || typeof value === 'object' ? goJson(value) : goPrinted(value);
}

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * A path as columns and sorting take it, as a template: `x.y`, `.x.y`, `{x.y}` and `{.x.y}` are the same; '' stays.
 * Throws JsonPathError.
 */
export function relaxedPath(path: string): string {
  if (path === '') return '';
  const parts = RELAXED.exec(path);
  if (parts === null) {
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  }
  return `{.${parts[1] ?? parts[2] ?? ''}}`;
}
