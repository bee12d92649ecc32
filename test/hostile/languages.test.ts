import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBoundedShell } from './bounded-shell.ts';

const shell = openBoundedShell();
beforeAll(() => {
  shell.run(['init', '--nodes', '3']);
});
afterAll(() => shell.remove());

const many = (piece: string, count: number): string => piece.repeat(count);

describe('templates that were made to be slow', () => {
  test.each([
    ['loops in loops', `${many('{{range $.items}}', 25)}${many('{{end}}', 25)}`, 'steps'],
    [
      'templates that call themselves',
      '{{define "x"}}{{template "x"}}{{end}}{{template "x"}}',
      'exceeded maximum template depth',
    ],
    [
      'bodies in bodies',
      `${many('{{if true}}', 10_000)}${many('{{end}}', 10_000)}`,
      'max nesting depth exceeded',
    ],
    ['parentheses', `{{${many('(', 10_000)}1${many(')', 10_000)}}}`, 'max expression depth exceeded'],
    ['text that doubles', `{{$a := "xx"}}${many('{{$a = print $a $a}}', 40)}`, 'characters'],
  ])('%s end in one clear error', (_what, template, error) => {
    const path = shell.file('t.tpl', template);
    const { status, err } = shell.run(['get', 'nodes', '-o', `go-template-file=${path}`]);
    expect(status).toBe(1);
    expect(err).toContain(error);
  });

  test.each([
    ['100,000 functions in a row', `{{1${many('|print', 100_000)}}}`],
    ['a million blanks before what trims them', `${many(' ', 1_000_000)}x{{- 1}}`],
  ])('%s are done', (_what, template) => {
    const path = shell.file('t.tpl', template);
    expect(shell.run(['get', 'nodes', '-o', `go-template-file=${path}`]).status).toBe(0);
  });
});

describe('paths that were made to be slow', () => {
  test.each([
    ['all below all below all', `{${many('..', 3000)}}`, 'values on the way'],
    ['each item ten thousand times', `{.items[${many('0:1,', 30)}0:1]${many('..*', 8)}}`, ''],
    ['ranges in ranges', `${many('{range .items[*]}', 3000)}${many('{end}', 3000)}`, ''],
    ['filters in filters', `{.items[${many('?(@[', 3000)}${many(')]', 3000)}]}`, ''],
    ['an operator of 60,000 characters', `{.items[?(@.a${many('=', 60_000)}\u2028)]}`, ''],
  ])('%s: an error, soon', (_what, path, error) => {
    const file = shell.file('t.jp', path);
    const { status, err } = shell.run(['get', 'nodes', '-o', `jsonpath-file=${file}`]);
    expect(status).toBe(1);
    expect(err).toContain(error);
  });

  test.each([
    [['-l', `a in (${many('x,', 50_000)}x)`]],
    [['-l', Array.from({ length: 15_000 }, (_, at) => `a${at}`).join(',')]],
    [['-l', many('(', 50_000)]],
    [['-l', many('!', 50_000)]],
    [['--field-selector', many('metadata.name=a,', 6000)]],
    [['-o', `custom-columns=A:${many('..a', 20_000)}`]],
    [['--sort-by', `{${many('.a', 40_000)}}`]],
  ])('a selector or column of 100 kB is answered: %#', (flags) => {
    const { err } = shell.run(['get', 'nodes', ...flags]);
    expect(err).not.toMatch(/ {4}at |RangeError|TypeError|call stack/);
  });
});

describe('schemas of the user', () => {
  const definition = (pattern: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                text: { type: 'string', pattern },
                list: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'integer' } },
              },
            },
          },
        },
      ],
    },
  });

  test('a pattern on which other engines go back and forth for ever takes its time once', () => {
    expect(
      shell.run(['create', '-f', '-'], JSON.stringify(definition('^(([a-z])+.)+[A-Z]([a-z])+$'))),
    ).toMatchObject({ status: 0 });
    const thing = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 'a' },
      text: many('a', 50_000),
    };
    const { status, err } = shell.run(['create', '-f', '-'], JSON.stringify(thing));
    expect(status).toBe(1);
    expect(err).toContain("text in body should match '^(([a-z])+.)+[A-Z]([a-z])+$'");
  });

  test('a set of 100,000 numbers is looked through once', () => {
    const list = Array.from({ length: 100_000 }, (_, at) => at);
    const thing = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      metadata: { name: 'b' },
      list: [...list, 7],
    };
    const { err } = shell.run(['create', '-f', '-'], JSON.stringify(thing));
    expect(err).toContain('list[100000]: Duplicate value: 7');
  });

  test('a pattern that is none is refused with the definition', () => {
    const { err } = shell.run(['apply', '-f', '-'], JSON.stringify(definition('(a')));
    expect(err).toContain(
      "must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(a`",
    );
  });
});
