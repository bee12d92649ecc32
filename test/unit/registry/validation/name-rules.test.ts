import { describe, expect, test } from 'vitest';
import {
  asNamePrefix,
  configMapKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  environmentVariableName,
  labelValue,
  pathSegment,
  percentText,
  portName,
  qualifiedName,
  type TextRule,
} from '../../../../src/registry/validation/name-rules.ts';

const RULES: Readonly<Record<string, TextRule>> = {
  configMapKey,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  environmentVariableName,
  labelValue,
  pathSegment,
  percentText,
  portName,
  qualifiedName,
};

describe('what passes', () => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['dnsLabel', ['a', '0', 'a-b', 'a'.repeat(63)]],
    ['dnsSubdomain', ['a', 'a.b-c.0', 'a'.repeat(253)]],
    ['dns1035Label', ['a', 'a-0']],
    ['qualifiedName', ['A', 'a_b.c-d', 'example.com/Name', `${'a'.repeat(253)}/${'b'.repeat(63)}`]],
    ['labelValue', ['', 'a', 'A_b.c-0', 'a'.repeat(63)]],
    ['portName', ['a', 'http-2', 'a'.repeat(15)]],
    ['environmentVariableName', ['A', 'my var', '1-a.b', '!']],
    ['configMapKey', ['a', '.dockercfg', 'A_b-c.0']],
    ['percentText', ['0%', '100%', '007%']],
    ['pathSegment', ['system:node', 'a b', 'ü']],
  ];
  test.for(rows)('%s: %o', ([rule, texts]) => {
    for (const text of texts) expect(RULES[rule]?.(text)).toEqual([]);
  });
});

describe('what is refused, and how', () => {
  const rows: readonly (readonly [string, string, readonly RegExp[]])[] = [
    ['dnsLabel', 'a'.repeat(64), [/^must be no more than 63 characters$/]],
    ['dnsLabel', 'a.b', [/^must not contain dots$/]],
    ['dnsLabel', 'A', [/^a lowercase RFC 1123 label must consist of/]],
    ['dnsSubdomain', 'a..b', [/^a lowercase RFC 1123 subdomain must consist of/]],
    ['dns1035Label', '0a', [/^a DNS-1035 label must consist of/]],
    ['qualifiedName', '', [/^name part must be non-empty$/, /^name part must consist of/]],
    ['qualifiedName', '/a', [/^prefix part must be non-empty$/]],
    ['qualifiedName', 'a/', [/^name part must be non-empty$/, /^name part must consist of/]],
    [
      'qualifiedName',
      'a/b/c',
      [/^a qualified name must consist of .* with an optional DNS subdomain prefix/],
    ],
    ['qualifiedName', 'A/b', [/^prefix part a lowercase RFC 1123 subdomain/]],
    ['labelValue', 'ü'.repeat(32), [/^must be no more than 63 bytes$/, /^a valid label must be/]],
    ['portName', '', [/^must contain only alpha-numeric/, /^must contain at least one letter/]],
    ['portName', '80', [/^must contain at least one letter \(a-z\)$/]],
    ['portName', 'a--b', [/^must not contain consecutive hyphens$/]],
    ['portName', `a${'b'.repeat(15)}`, [/^must be no more than 15 characters$/]],
    ['environmentVariableName', 'a=b', [/^a valid environment variable name must consist only of printable/]],
    ['configMapKey', '..', [/^must not be '\.\.'$/]],
    ['configMapKey', '..a', [/^must not start with '\.\.'$/]],
    ['configMapKey', 'a/b', [/^a valid config key must consist of/]],
    ['percentText', '10', [/^a valid percent string must be .* \(e\.g\. '1%', {2}or '93%', regex used/]],
    ['pathSegment', '.', [/^may not be '\.'$/]],
    ['pathSegment', 'a/b%', [/^may not contain '\/'$/, /^may not contain '%'$/]],
  ];
  test.for(rows)('%s: %s', ([rule, text, problems]) => {
    const said = RULES[rule]?.(text) ?? [];
    expect(said).toHaveLength(problems.length);
    problems.forEach((problem, index) => {
      expect(said[index]).toMatch(problem);
    });
  });
});

test('a generateName is judged with something in place of its trailing dash', () => {
  expect(dnsSubdomain('fluentd-')).not.toEqual([]);
  expect(dnsSubdomain(asNamePrefix('fluentd-'))).toEqual([]);
  expect(asNamePrefix('-')).toBe('-');
  expect(asNamePrefix('x')).toBe('x');
});
