import { describe, expect, test } from 'vitest';
import { formatRequirements, matchesRequirements } from '../../../../src/domain/selectors/labels.ts';
import { parseLabelSelector } from '../../../../src/domain/selectors/parse-labels.ts';
import { SelectorError } from '../../../../src/domain/selectors/selector-error.ts';

const LONG = 'x'.repeat(70);
const NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('parseLabelSelector', () => {
  test.each([
    ['', ''],
    ['a', 'a'],
    ['a,', undefined],
    ['a=b', 'a=b'],
    ['a==b', 'a==b'],
    ['a!=b', 'a!=b'],
    ['!a', '!a'],
    ['a=', 'a='],
    ['a=,b', 'a=,b'],
    ['  a  ,  b = c ', 'a,b=c'],
    ['b=c,a', 'a,b=c'],
    ['x in (q,p,q)', 'x in (p,q)'],
    ['x notin (q)', 'x notin (q)'],
    ['in in (in,notin)', 'in in (in,notin)'],
    ['notin=in', 'notin=in'],
    ['a in ()', 'a in ()'],
    ['a in (,)', 'a in ()'],
    ['a in (,b,,c)', 'a in (,b,c)'],
    ['a>1', 'a>1'],
    ['a<1', 'a<1'],
    ['a<-1', undefined],
    ['example.com/a=b', 'example.com/a=b'],
  ])('reads %j as %j', (text, expected) => {
    if (expected === undefined) expect(() => parseLabelSelector(text)).toThrow(SelectorError);
    else expect(formatRequirements(parseLabelSelector(text))).toBe(expected);
  });

  // Each of these texts is what kubectl v1.37 answers, after its own prefix.
  test.each([
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a!', "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a in (b))', "found ')', expected: ',' or 'end of string'"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['a in', "unable to parse requirement: found '' expected: '('"],
    ['a in (x,=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['a,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['()', "found '(', expected: !, identifier, or 'end of string'"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['a=>b', "unable to parse requirement: found '>', expected: identifier"],
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['a!==b', "unable to parse requirement: found '=', expected: identifier"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    [
      'a>',
      "unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['a@=b', `unable to parse requirement: <nil>: Invalid value: "a@": ${NAME_PART}`],
    ['/b=c', 'unable to parse requirement: <nil>: Invalid value: "/b": prefix part must be non-empty'],
    [
      'a/=c',
      `unable to parse requirement: <nil>: Invalid value: "a/": name part must be non-empty; ${NAME_PART}`,
    ],
    [
      'A.b/c=d',
      "unable to parse requirement: <nil>: Invalid value: \"A.b/c\": prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
    [
      'A/b/c=d',
      "unable to parse requirement: <nil>: Invalid value: \"A/b/c\": a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
    [
      LONG,
      `unable to parse requirement: <nil>: Invalid value: "${LONG}": name part must be no more than 63 characters`,
    ],
    [
      `a=${LONG}`,
      `unable to parse requirement: values[0][a]: Invalid value: "${LONG}": must be no more than 63 characters`,
    ],
    ['a=b:c', `unable to parse requirement: values[0][a]: Invalid value: "b:c": ${VALUE}`],
    [
      'a in (b:,c:)',
      `unable to parse requirement: [values[0][a]: Invalid value: "b:": ${VALUE}, values[1][a]: Invalid value: "c:": ${VALUE}]`,
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(new SelectorError(message));
  });
});

describe('matchesRequirements', () => {
  const labels = { app: 'web', cores: '8', empty: '' };
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app=db', false],
    ['app!=db', true],
    ['app!=web', false],
    ['missing!=x', true],
    ['app in (db,web)', true],
    ['app notin (db,web)', false],
    ['missing notin (a)', true],
    ['missing in (a)', false],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['empty=', true],
    ['missing=', false],
    ['cores>7', true],
    ['cores>8', false],
    ['cores<16', true],
    ['app>1', false],
    ['missing>1', false],
    ['app=web,cores=9', false],
    ['toString', false],
  ])('%j gives %s', (text, expected) => {
    expect(matchesRequirements(parseLabelSelector(text), labels)).toBe(expected);
  });
});
