import type { Json } from '../../api/meta.ts';
import { executeTemplate } from './execute.ts';
import { TEMPLATE_FUNCTIONS } from './functions.ts';
import { parseTemplate } from './parse.ts';

/** A template that was read once and writes many values. */
export interface GoTemplate {
  /** Throws ExecutionError, which carries what was written before the failure. */
  text(value: Json): string;
}

/** What the template is called in its errors. */
const NAME = 'output';

/** Reads a template in the language of Go's text/template. Throws TemplateError. */
export function goTemplate(source: string, { allowMissing }: { readonly allowMissing: boolean }): GoTemplate {
  const parsed = parseTemplate(source, NAME, TEMPLATE_FUNCTIONS);
  return { text: (value) => executeTemplate(parsed, value, { allowMissing, functions: TEMPLATE_FUNCTIONS }) };
}
