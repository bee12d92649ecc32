import { describe, expect, test } from 'vitest';
import { goTemplate } from '../../src/domain/go-template/go-template.ts';
import { TemplateError } from '../../src/domain/go-template/template-error.ts';
import { servedApp } from '../unit/server/served-app.ts';

/** Inputs that once ended in a fault of the program, each found by fuzzing. */
describe('inputs that were found by fuzzing', () => {
  const pods = '/api/v1/namespaces/default/pods';

  test('a pod without containers is refused as invalid', async () => {
    const { call } = servedApp();
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName: 'n' } };
    const { status, json } = await call('POST', pods, pod);
    expect([status, json.message]).toEqual([422, 'Pod "p" is invalid: spec.containers: Required value']);
  });

  test.each(['null', '[]', '1', '"x"'])('an eviction that is %s is refused', async (body) => {
    const { call } = servedApp();
    const { status } = await call('POST', `${pods}/p/eviction`, body, { 'content-type': 'application/json' });
    expect(status).toBe(400);
  });

  test.each([
    ['{{printf "%c" -1}}', '\ufffd'],
    ['{{printf "%c" 1114112}}', '\ufffd'],
    ['{{printf "%.300f" 0.5 | len}}', '302'],
    ['{{printf "%.120e" 1.5 | len}}', '106'],
    ['{{printf "%99999999999d" 1}}', '%!(NOVERB)%!(EXTRA int64=1)'],
    ['{{printf "%*d" "x" 1}}', '%!(BADWIDTH)%!(EXTRA int64=1)'],
  ])('%s prints what it can', (template, text) => {
    expect(goTemplate(template, { allowMissing: true }).text({})).toBe(text);
  });

  test.each([
    ['bodies', `${'{{if true}}'.repeat(20_000)}${'{{end}}'.repeat(20_000)}`],
    ['parentheses', `{{${'('.repeat(20_000)}1${')'.repeat(20_000)}}}`],
    [
      'templates that call themselves',
      '{{define "x"}}{{range 1}}{{range 1}}{{template "x"}}{{end}}{{end}}{{end}}{{template "x"}}',
    ],
    ['text that doubles', `{{$a := "x"}}${'{{$a = print $a $a}}'.repeat(60)}`],
  ])('%s without end are refused', (_what, template) => {
    expect(() => goTemplate(template, { allowMissing: true }).text({})).toThrow(TemplateError);
  });
});
