import type { Json } from '../../api/meta.ts';
import { ExecutionError } from '../../domain/go-template/execution-error.ts';
import { goTemplate } from '../../domain/go-template/go-template.ts';
import { TemplateError } from '../../domain/go-template/template-error.ts';
import { goJson } from '../../domain/go-values/json.ts';
import { goPrinted, goSyntax } from '../../domain/go-values/print.ts';
import { goQuote } from '../../domain/go-values/quote.ts';
import { jsonPath } from '../../domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../domain/jsonpath/jsonpath-error.ts';
import { CommandError } from '../errors.ts';

/** Writes one value: an object, or a list of several. Throws CommandError. */
export type WriteValue = (value: Json) => void;

/** How templates are read and where they write to. */
export interface TemplateOptions {
  readonly allowMissing: boolean;
  out(text: string): void;
}

/** `-o jsonpath` and `-o jsonpath-as-json`. Throws CommandError for a template that cannot be read. */
export function jsonPathWriter(
  template: string,
  asJson: boolean,
  { allowMissing, out }: TemplateOptions,
): WriteValue {
  const path = orRefuse(
    () => jsonPath(template, { allowMissing }),
    (why) => `error parsing jsonpath ${template}, ${why}`,
  );
  const textOf = (value: Json): string =>
    asJson
      ? path
          .results(value)
          .map((found) => `${goJson(found, 4)}\n`)
          .join('')
      : path.text(value);
  return (value) => {
    const text = orRefuse(
      () => textOf(value),
      (why) =>
        `error executing jsonpath ${goQuote(template)}: Error executing template: ${why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(value)}\n\n`,
    );
    out(text);
  };
}

/** `-o go-template`. Throws CommandError for a template that cannot be read. */
export function goTemplateWriter(template: string, { allowMissing, out }: TemplateOptions): WriteValue {
  const parsed = orRefuse(
    () => goTemplate(template, { allowMissing }),
    (why) => `error parsing template ${template}, ${why}`,
  );
  return (value) => {
    try {
      out(parsed.text(value));
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error;
      const { message, printed } = error;
      out(
        `${printed}Error executing template: ${message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${goJson(value)}\n\tobject given to template engine was:\n\t\t${goPrinted(value)}\n\n`,
      );
      throw new CommandError(`error executing template ${goQuote(template)}: ${message}`);
    }
  };
}

function orRefuse<T>(attempt: () => T, worded: (why: string) => string): T {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof JsonPathError) && !(error instanceof TemplateError)) throw error;
    throw new CommandError(worded(error.message));
  }
}
