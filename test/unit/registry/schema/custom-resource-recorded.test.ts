import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KindRef } from '../../../../src/api/meta.ts';
import { StatusError } from '../../../../src/api/status.ts';
import {
  decodeCustomResource,
  structuralSchema,
  validateCustomResource,
} from '../../../../src/registry/schema/custom-resource.ts';
import { causeText } from '../../../../src/registry/validation/field-error.ts';

/** What test/support/generate-schema/go/custom-resource-oracle answered. */
interface Answer {
  readonly object?: unknown;
  readonly err?: string;
  readonly unknown?: readonly string[];
  readonly errors?: readonly { readonly type: string; readonly field: string; readonly text: string }[];
}

const KIND: KindRef = { group: 'g', version: 'v1', kind: 'K' };
const file = new URL('../../../vectors/data/custom-resources.jsonl.gz', import.meta.url);
const rows = gunzipSync(readFileSync(file))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { given: unknown; schema: unknown; answer: Answer });

describe('custom resources', () => {
  it('has recordings of all outcomes', () => {
    expect(rows.filter(({ answer }) => answer.err !== undefined).length).toBeGreaterThan(5);
    expect(rows.filter(({ answer }) => answer.errors !== undefined).length).toBeGreaterThan(50);
    expect(rows.filter(({ answer }) => answer.unknown !== undefined).length).toBeGreaterThan(100);
  });

  it.each(rows.map((row, index) => ({ ...row, index })))(
    'are pruned, defaulted and validated as upstream does: recording $index',
    ({ schema, given, answer }) => {
      expect(outcome(schema, given)).toEqual({
        ...answer,
        ...(answer.errors && { errors: sorted(answer.errors) }),
      });
    },
  );
});

/** Upstream's order of errors varies from run to run. */
function sorted(errors: NonNullable<Answer['errors']>): NonNullable<Answer['errors']> {
  return [...errors].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function outcome(openApiSchema: unknown, given: unknown): Answer {
  const schema = structuralSchema(openApiSchema);
  try {
    const { object, strictErrors } = decodeCustomResource(KIND, schema, given, 'Warn');
    const unknown = strictErrors.map((text) => text.replace(/^unknown field "(.*)"$/, '$1'));
    const errors = validateCustomResource(schema, object).map((error) => ({
      type: `FieldValue${error.type}`,
      field: error.field,
      text: causeText(error),
    }));
    return {
      object,
      ...(unknown.length > 0 && { unknown }),
      ...(errors.length > 0 && { errors: sorted(errors) }),
    };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { err: error.message.replace('K in version "v1" cannot be handled as a K: ', '') };
  }
}
