import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planNodes, settledCluster } from '../../../sim/support/plan-cluster.ts';
import { type InProcess, openInProcess } from '../../../support/in-process.ts';

describe('kdaemon plan', () => {
  let shell: InProcess;
  const plan = (...more: readonly string[]): readonly string[] => [
    'plan',
    'ds/agent',
    '--from',
    join(shell.folder, 'cluster.json'),
    '--set-image',
    'agent=registry.example/agent:v2',
    ...more,
  ];

  beforeAll(() => {
    shell = openInProcess();
    const list = { apiVersion: 'v1', kind: 'List', items: settledCluster(planNodes(3)) };
    writeFileSync(join(shell.folder, 'cluster.json'), JSON.stringify(list));
  });
  afterAll(() => shell.remove());

  test('-o svg prints one SVG document', async () => {
    const out = await shell.ok(plan('-o', 'svg'));
    expect(out).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    expect(out).toContain('complete in 36s, 3 of 3 nodes up to date');
  });

  test('-o html prints one page', async () => {
    expect(await shell.ok(plan('-o', 'html'))).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
  });

  test('--play shows nothing where standard error is not a terminal', async () => {
    const { err, out, code } = await shell.run(plan('--play'));
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toBe(await shell.ok(plan()));
  });

  test('--play refuses a speed that is none before it plans', async () => {
    const { err, code } = await shell.run(plan('--play=fast'));
    expect(code).toBe(1);
    expect(err).toBe('error: --play "fast": it is neither a time, such as 10s, nor a speed, such as 60x\n');
  });
});
