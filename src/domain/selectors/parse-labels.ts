import { labelKeyProblems, labelValueProblems } from './label-syntax.ts';
import {
  type LabelOperator,
  type LabelRequirement,
  type LabelRequirements,
  parseInt64,
  sortedByKey,
  sortedSet,
} from './labels.ts';
import { SelectorError } from './selector-error.ts';

/**
 * Reads the string form of a label selector, as the API's `labelSelector` parameter and kubectl's `-l` have it:
 * `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`, joined by commas. The result is
 * sorted by key. Throws SelectorError with apimachinery's text.
 */
export function parseLabelSelector(text: string): LabelRequirements {
  const tokens = new Tokens(text);
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const first = tokens.peek();
    if (first.kind === 'end') break;
    if (!startsRequirement(first)) {
      throw new SelectorError(`found '${first.text}', expected: !, identifier, or 'end of string'`);
    }
    requirements.push(parseRequirement(tokens));
    const separator = tokens.take();
    if (separator.kind === 'end') break;
    if (separator.text !== ',') {
      throw new SelectorError(`found '${separator.text}', expected: ',' or 'end of string'`);
    }
    const next = tokens.peek();
    if (!startsRequirement(next)) {
      throw new SelectorError(`found '${next.text}', expected: identifier after ','`);
    }
  }
  return sortedByKey(requirements);
}

interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

const END: Token = { kind: 'end', text: '' };

/** Words, and symbols as long as they come (`==`, `!=`), with blanks left out. */
class Tokens {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    const found = text.match(/==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g) ?? [];
    this.#tokens = found.map((part) => ({ kind: /^[=!(),<>]/.test(part) ? 'symbol' : 'word', text: part }));
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? END;
  }

  take(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }
}

function startsRequirement(token: Token): boolean {
  return token.kind === 'word' || token.text === '!';
}

function parseRequirement(tokens: Tokens): LabelRequirement {
  let key = tokens.take();
  const negated = key.text === '!';
  if (negated) key = tokens.take();
  if (key.kind !== 'word') throw unparsable(`found '${key.text}', expected: identifier`);
  const keyProblems = labelKeyProblems(key.text);
  if (keyProblems.length > 0) throw unparsable(invalid('<nil>', key.text, keyProblems));
  if (negated) return { key: key.text, operator: '!', values: [] };
  const next = tokens.peek();
  if (next.kind === 'end' || next.text === ',') return { key: key.text, operator: 'exists', values: [] };

  const operator = parseOperator(tokens.take());
  const given = operator === 'in' || operator === 'notin' ? parseValues(tokens) : [parseExactValue(tokens)];
  const values = sortedSet(given);
  checkValues(key.text, operator, values);
  return { key: key.text, operator, values };
}

const OPERATORS: ReadonlyMap<string, LabelOperator> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

function parseOperator(token: Token): LabelOperator {
  const operator = OPERATORS.get(token.text);
  if (operator === undefined)
    throw unparsable(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
  return operator;
}

function parseExactValue(tokens: Tokens): string {
  const next = tokens.peek();
  if (next.kind === 'end' || next.text === ',') return '';
  const value = tokens.take();
  if (value.kind !== 'word') throw unparsable(`found '${value.text}', expected: identifier`);
  return value.text;
}

/** The values between parentheses. Missing ones (`(,a)`, `()`) are the empty string. */
function parseValues(tokens: Tokens): readonly string[] {
  const open = tokens.take();
  if (open.text !== '(') throw unparsable(`found '${open.text}' expected: '('`);
  const first = tokens.peek();
  if (first.kind !== 'word' && first.text !== ',' && first.text !== ')') {
    throw unparsable(`found '${first.text}', expected: ',', ')' or identifier`);
  }
  const values: string[] = [];
  let current = '';
  for (;;) {
    const token = tokens.take();
    if (token.text === ')') return [...values, current];
    if (token.kind === 'word') {
      current = token.text;
      const after = tokens.peek();
      if (after.text !== ',' && after.text !== ')')
        throw unparsable(`found '${after.text}', expected: ',' or ')'`);
    } else if (token.text === ',') {
      values.push(current);
      current = '';
    } else {
      throw unparsable(`found '${token.text}', expected: ',', or identifier`);
    }
  }
}

function checkValues(key: string, operator: LabelOperator, values: readonly string[]): void {
  const problems: string[] = [];
  values.forEach((value, index) => {
    if ((operator === 'gt' || operator === 'lt') && parseInt64(value) === undefined) {
      problems.push(
        invalid(`values[${index}]`, value, ["for 'Gt', 'Lt' operators, the value must be an integer"]),
      );
    }
    const valueProblems = labelValueProblems(value);
    if (valueProblems.length > 0) problems.push(invalid(`values[${index}][${key}]`, value, valueProblems));
  });
  if (problems.length > 0)
    throw unparsable(problems.length === 1 ? problems.join() : `[${problems.join(', ')}]`);
}

function invalid(path: string, value: string, problems: readonly string[]): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`;
}

function unparsable(detail: string): SelectorError {
  return new SelectorError(`unable to parse requirement: ${detail}`);
}
