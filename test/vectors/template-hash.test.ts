import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PodTemplateSpec } from '../../src/api/core.ts';
import { dumpPodTemplate } from '../../src/domain/hashing/go-dump.ts';
import { templateHash } from '../../src/domain/hashing/template-hash.ts';
import { runRows } from './template-hash-rows.ts';

const read = (name: string): Buffer => readFileSync(new URL(`data/${name}`, import.meta.url));

test('pod templates hash as upstream hashes them, in all 250 recorded cases', () => {
  const { passed, failures } = runRows(gunzipSync(read('template-hash.jsonl.gz')).toString('utf8'));
  expect(failures).toEqual([]);
  expect(passed).toBe(250);
});

interface DumpRow {
  readonly template: PodTemplateSpec;
  readonly dump: string;
  readonly hash: string;
}
const dumps = JSON.parse(read('template-dump.json').toString('utf8')) as readonly DumpRow[]; // recorded shape

test.each(dumps)('the dump that becomes $hash is upstream’s, byte for byte', ({ template, dump }) => {
  expect(dumpPodTemplate(template)).toBe(dump);
});

test.each(dumps)('the dump that becomes $hash hashes to it', ({ template, hash }) => {
  expect(templateHash(template)).toBe(hash);
});
