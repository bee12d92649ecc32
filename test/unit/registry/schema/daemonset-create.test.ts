import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DaemonSet } from '../../../../src/api/apps.ts';
import { StatusError } from '../../../../src/api/status.ts';
import { DAEMON_SET, TEMPLATE_GENERATION } from '../../../../src/api/well-known.ts';
import { applyDefaults } from '../../../../src/registry/defaults/apply-defaults.ts';
import { decodeObject } from '../../../../src/registry/schema/decode.ts';

interface Row {
  readonly path: readonly (string | number)[] | null;
  readonly edit: unknown;
  readonly manifest: unknown;
  readonly code: number;
  readonly body: DaemonSet & { readonly message?: string; readonly reason?: string };
}

const file = new URL('../../../vectors/data/daemonset-create.jsonl.gz', import.meta.url);
const rows = gunzipSync(readFileSync(file))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

function readIn(manifest: unknown): DaemonSet {
  return applyDefaults(DAEMON_SET, decodeObject(DAEMON_SET, manifest).object as DaemonSet);
}

/** What the strategy makes of a decoded and defaulted DaemonSet, in the namespace of the recordings. */
function asCreated(daemonSet: DaemonSet): unknown {
  const { creationTimestamp: _given, generation: _own, ...metadata } = daemonSet.metadata;
  const annotations = { [TEMPLATE_GENERATION]: '1', ...metadata.annotations };
  const status = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  };
  const own = { namespace: 'kube-system', ...metadata, generation: 1, annotations };
  return { ...daemonSet, metadata: own, status };
}

describe('recorded creations of DaemonSets', () => {
  it.each(rows.filter(({ code }) => code === 201))(
    'decodes and defaults $path $edit',
    ({ manifest, body }) => {
      expect(asCreated(readIn(manifest))).toEqual(body);
    },
  );

  it.each(rows.filter(({ code }) => code === 422))('leaves $path $edit to validation', ({ manifest }) => {
    expect(() => readIn(manifest)).not.toThrow();
  });

  const malformed = rows.filter(
    ({ code, body }) => code === 400 && !body.message?.startsWith('the namespace of'),
  );
  it.each(malformed)('refuses $path $edit', ({ manifest, body }) => {
    const refusal = refusalOf(manifest);
    expect(refusal).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(withoutInputText(refusal.message)).toBe(withoutInputText(body.message));
  });
});

function refusalOf(manifest: unknown) {
  try {
    readIn(manifest);
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('was not refused');
}

/** Parsed JSON has lost blanks between tokens and digits beyond 17; Go's messages quote both. */
function withoutInputText(message: string | undefined): string | undefined {
  return message?.replace(/\(\{.*\.\.\.\)$/, '(…)').replace(/number \d{21}|number \d{20}/, 'number …');
}
