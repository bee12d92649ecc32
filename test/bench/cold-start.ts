import { join } from 'node:path';
import { medianMs, nodeStartMs } from './child.ts';
import { agent, seed } from './fleet.ts';
import type { Scenario } from './report.ts';
import { inFolder } from './store-files.ts';

/** What a command costs before it does anything, against a Node that does nothing. */
export const coldStart: Scenario = (tell, { quick }) =>
  inFolder(async (folder) => {
    const times = quick ? 3 : 15;
    const file = join(folder, 'cluster.db');
    await seed(file, { nodes: 3, daemonSets: 1 });
    const bare = nodeStartMs(times);
    tell({ group: 'start', name: 'node -e 0', value: bare, unit: 'ms' });
    const manifest = JSON.stringify(agent(1));
    let created = 0;
    const lines: readonly (readonly [string, () => number])[] = [
      ['get ds', () => medianMs(times, file, ['get', 'ds', '-n', 'agents'])],
      [
        'create -f',
        () => {
          const samples = Array.from({ length: times }, () => {
            created += 1;
            return medianMs(1, file, ['create', '-f', '-'], JSON.stringify(agent(1000 + created)));
          });
          return samples.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
        },
      ],
      ['apply -f', () => medianMs(times, file, ['apply', '-f', '-'], manifest)],
    ];
    for (const [name, measure] of lines) {
      const ms = measure();
      tell({ group: 'start', name, value: ms, unit: 'ms' });
      tell({ group: 'start', name: `${name} / node -e 0`, value: ms / bare, unit: '×' });
    }
  });
