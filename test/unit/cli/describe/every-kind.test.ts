import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../../support/in-process.ts';
import { repository } from '../../../support/kdaemon.ts';

/**
 * What kubectl 1.37.2 printed of the objects in every-kind.yaml, recorded over `kdaemon serve` without controllers on a
 * store that was filled as below: a line `$ describe …`, and the output of that command.
 */
const recording = readFileSync(join(import.meta.dirname, 'every-kind.txt'), 'utf8');

const cases = recording
  .split(/^\$ /m)
  .slice(1)
  .map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end + 1)] as const;
  });

let cli: InProcess;
beforeAll(async () => {
  cli = openInProcess();
  await cli.ok(['apply', '-f', join(repository, 'test/e2e/every-kind.yaml')]);
});
afterAll(() => cli.remove());

test('the recording is there', () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)('%s', async (command, expected) => {
  expect(await cli.ok(command.split(' '))).toBe(expected);
});
