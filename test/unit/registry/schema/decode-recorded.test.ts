import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KindRef } from '../../../../src/api/meta.ts';
import { builtinType, structOf } from '../../../../src/registry/schema/builtin-types.ts';
import { DecodeAbort, DecodeContext } from '../../../../src/registry/schema/decode-context.ts';
import { decodeFields } from '../../../../src/registry/schema/decode-value.ts';

/** What test/support/generate-schema/go/decode-oracle answered: Go's decoder, without the server's storage. */
interface Recorded {
  readonly kind: KindRef;
  readonly given: Readonly<Record<string, unknown>>;
  readonly err?: string;
  readonly strict?: string;
  readonly object?: unknown;
}

const file = new URL('../../../vectors/data/decode.jsonl.gz', import.meta.url);
const rows = gunzipSync(readFileSync(file))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

function decoded({ kind, given }: Recorded): Omit<Recorded, 'kind' | 'given'> {
  const context = new DecodeContext(true);
  try {
    const object = decodeFields(structOf(builtinType(kind)?.structName ?? ''), given, context);
    if (context.mismatch !== undefined) return { err: context.mismatch };
    const strict = context.strictErrors.join(', ');
    return strict === '' ? { object } : { strict: `strict decoding error: ${strict}`, object };
  } catch (error) {
    if (error instanceof DecodeAbort) return { err: error.message };
    throw error;
  }
}

describe('decoding', () => {
  const kinds = [...new Set(rows.map(({ kind }) => `${kind.group}/${kind.version} ${kind.kind}`))];
  it('has recordings of every built-in kind', () => expect(kinds.length).toBeGreaterThan(70));
  it.each(kinds)('gives what Go gives for %s', (name) => {
    for (const row of rows) {
      if (`${row.kind.group}/${row.kind.version} ${row.kind.kind}` !== name) continue;
      const { kind: _kind, given: _given, ...recorded } = row;
      expect(decoded(row)).toEqual(recorded);
    }
  });
});
