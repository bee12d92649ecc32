import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/api/meta.ts';
import { ExecutionError } from '../../../../src/domain/go-template/execution-error.ts';
import { goTemplate } from '../../../../src/domain/go-template/go-template.ts';
import { TemplateError } from '../../../../src/domain/go-template/template-error.ts';

interface Answers {
  readonly data: Json;
  readonly cases: readonly {
    readonly template: string;
    readonly allowMissing?: boolean;
    readonly output?: string;
    readonly error?: string;
  }[];
}

// What Go's text/template answered to these templates.
const recorded = JSON.parse(
  readFileSync(new URL('data/go-answers.json', import.meta.url), 'utf8'),
) as readonly Answers[];

/** What a template wrote, and how it failed. */
function run(template: string, data: Json, allowMissing = true): { output: string; error?: string } {
  try {
    return { output: goTemplate(template, { allowMissing }).text(data) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { output: error instanceof ExecutionError ? error.printed : '', error: error.message };
  }
}

test("every recorded template writes, or fails with, what Go's library gave", () => {
  for (const { data, cases } of recorded) {
    for (const { template, allowMissing, output = '', error } of cases) {
      const expected = error === undefined ? { output } : { output, error };
      expect({ template, ...run(template, data, allowMissing) }).toEqual({ template, ...expected });
    }
  }
  expect(recorded.flatMap(({ cases }) => cases).length).toBeGreaterThan(190);
});

describe("kubectl's own functions", () => {
  test('exists looks down a path of keys and indexes', () => {
    const data = { a: [{ b: 1, z: null }] };
    expect(
      run('{{exists . "a" 0 "b"}} {{exists . "a" 1}} {{exists . "a" 0 "z"}} {{exists . "x" "y"}}', data),
    ).toEqual({
      output: 'true false false false',
    });
  });

  test('base64decode decodes, and says what is no base64', () => {
    expect(run('{{.x | base64decode}}', { x: 'aGk=' })).toEqual({ output: 'hi' });
    expect(run('a{{"!!" | base64decode}}', {})).toEqual({
      output: 'a',
      error:
        'template: output:1:10: executing "output" at <base64decode>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0',
    });
  });
});

test('templates that call each other without end are stopped', () => {
  const { error } = run('{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}', {});
  expect(error).toMatch(/exceeded maximum template depth/);
});
