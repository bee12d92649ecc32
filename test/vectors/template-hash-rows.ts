import type { PodTemplateSpec } from '../../src/api/core.ts';
import { templateHash } from '../../src/domain/hashing/template-hash.ts';
import type { RowResults } from './row-results.ts';

interface Row {
  readonly template: PodTemplateSpec;
  readonly hash: string;
  readonly hashWithCollisionCount3: string;
}

/** Runs the rows of a `template-hash.jsonl`: each template's hash, without and with a collision count. */
export function runRows(fileText: string): RowResults {
  const rows = fileText
    .split('\n')
    .filter((line) => line !== '')
    // The recorder wrote these lines in this shape: FORMAT.md of the recordings.
    .map((line) => JSON.parse(line) as Row);
  const failures = rows.flatMap(({ template, hash, hashWithCollisionCount3 }, index) => {
    const expected = `${hash} ${hashWithCollisionCount3}`;
    const got = `${templateHash(template)} ${templateHash(template, 3)}`;
    return got === expected ? [] : [{ name: `row ${index + 1}`, detail: `expected ${expected}, got ${got}` }];
  });
  return { passed: rows.length - failures.length, failures };
}
