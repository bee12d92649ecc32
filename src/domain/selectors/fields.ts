import { SelectorError } from './selector-error.ts';

/** One condition on a field: its text equals, or does not equal, a value. */
interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Conditions that must all hold. The empty list holds always. */
export type FieldTerms = readonly FieldTerm[];

/**
 * Reads a field selector (`status.phase!=Running,metadata.name=x`; `==` means `=`; `\\`, `\,` and `\=` stand for
 * themselves in values). Which fields a kind has is not checked here. Throws SelectorError with apimachinery's text.
 */
export function parseFieldSelector(text: string): FieldTerms {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text));
}

/** Whether an object with these field texts is selected. A field that is not there reads as ''. */
export function matchesFieldTerms(
  terms: FieldTerms,
  fields: Readonly<Record<string, string | undefined>>,
): boolean {
  return terms.every(({ field, operator, value }) => {
    const actual = Object.hasOwn(fields, field) ? (fields[field] ?? '') : '';
    return (actual === value) === (operator === '=');
  });
}

/** String form of a field selector, with values escaped. */
export function formatFieldTerms(terms: FieldTerms): string {
  return terms.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
}

function splitTerms(text: string): readonly string[] {
  const terms: string[] = [];
  let current = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === ',') {
      terms.push(current);
      current = '';
    } else if (char === '\\') {
      current += char + text.charAt(index + 1);
      index += 1;
    } else {
      current += char;
    }
  }
  return [...terms, current];
}

function parseTerm(term: string, whole: string): FieldTerm {
  const match = /!=|==|=/.exec(term);
  if (match === null) throw new SelectorError(`invalid selector: '${whole}'; can't understand '${term}'`);
  return {
    field: term.slice(0, match.index),
    operator: match[0] === '!=' ? '!=' : '=',
    value: unescapeValue(term.slice(match.index + match[0].length)),
  };
}

function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

function unescapeValue(text: string): string {
  let value = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '\\') {
      index += 1;
      const escaped = text.charAt(index);
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        throw new SelectorError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (char === ',' || char === '=') {
      throw new SelectorError(`invalid field selector: unescaped character in value: ${char.charCodeAt(0)}`);
    } else {
      value += char;
    }
  }
  return value;
}
