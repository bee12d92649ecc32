import { join } from 'node:path';
import { kdaemon, medianMs, running } from './child.ts';
import { nodeName, seed } from './fleet.ts';
import type { Scenario } from './report.ts';
import { copyStore, inFolder } from './store-files.ts';

const TIMES = 5;

/** Small questions and small changes: what they cost in a store of 100,000 pods, and in one that is all but empty. */
export const bigStore: Scenario = (tell, { quick }) =>
  inFolder(async (folder) => {
    const nodes = quick ? 500 : 5000;
    const daemonSets = 20;
    const empty = join(folder, 'empty.db');
    const full = join(folder, 'full.db');
    await seed(empty, { nodes: 1, daemonSets });
    await seed(full, { nodes, daemonSets });
    for (const file of [empty, full]) kdaemon(file, ['reconcile']);

    const compare = (group: string, name: string, ms: (file: string) => number, atMost?: number): void => {
      const small = ms(empty);
      const large = ms(full);
      tell({ group, name: `${name}: empty store`, value: small, unit: 'ms' });
      tell({ group, name: `${name}: ${nodes * daemonSets} pods`, value: large, unit: 'ms' });
      const goal = atMost === undefined ? {} : { goal: { atMost } };
      tell({ group, name: `${name}: ratio`, value: large / small, unit: '×', ...goal });
    };
    const asked = (args: readonly string[]) => (file: string) => medianMs(TIMES, file, args);
    compare('reads', 'get ds -n kube-system', asked(['get', 'ds', '-n', 'kube-system']), 1.2);
    compare('reads', 'get ds -n agents', asked(['get', 'ds', '-n', 'agents']), 1.2);
    compare(
      'reads',
      'get pods -A --limit of one node',
      asked(['get', 'pods', '-A', '--field-selector', `spec.nodeName=${nodeName(1)}`]),
    );
    compare(
      'reads',
      'get pods -l (one DaemonSet)',
      asked(['get', 'pods', '-n', 'agents', '-l', 'app=agent-7']),
    );
    compare('reads', 'get pods -A', asked(['get', 'pods', '-A']));

    const changed = (args: readonly (readonly string[])[]) => (file: string) => {
      const copy = join(folder, 'copy.db');
      const samples = Array.from({ length: 3 }, () => {
        copyStore(file, copy);
        for (const line of args) kdaemon(copy, line);
        return kdaemon(copy, ['reconcile']).ms;
      });
      return samples.sort((a, b) => a - b)[1] ?? Number.NaN;
    };
    const reconcileAfter = 'reconcile after';
    compare('incremental', `${reconcileAfter} nothing`, changed([]));
    compare('incremental', `${reconcileAfter} one node added`, changed([['create', 'node', 'another']]), 3);
    compare(
      'incremental',
      `${reconcileAfter} one node labelled`,
      changed([['label', 'node', nodeName(1), 'disk=ssd']]),
      3,
    );
    compare(
      'incremental',
      `${reconcileAfter} one pod deleted`,
      (file) => {
        const names = kdaemon(file, [
          'get',
          'pods',
          '-n',
          'agents',
          '--field-selector',
          `spec.nodeName=${nodeName(1)}`,
          '-o',
          'name',
        ]);
        return changed([['delete', '-n', 'agents', names.out.split('\n')[0] ?? '', '--wait=false']])(file);
      },
      3,
    );
    tell({
      group: 'watch',
      name: 'reconcile --watch sees a write of another process',
      value: await watchMs(empty),
      unit: 'ms',
    });
  });

/** Milliseconds from another process's write until `reconcile --watch` tells that it has acted on it; median of 5. */
async function watchMs(file: string): Promise<number> {
  const watching = running(file, ['reconcile', '--watch']);
  let heard = '';
  let wake: () => void = () => {};
  watching.onOutput((text) => {
    heard += text;
    wake();
  });
  const hears = async (words: string): Promise<void> => {
    while (!heard.includes(words)) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const samples: number[] = [];
  try {
    for (let round = 0; round < TIMES + 1; round += 1) {
      const name = `late-${round}`;
      const { ms: writing } = kdaemon(file, ['create', 'node', name]);
      const begun = performance.now();
      await hears(`on ${name} `);
      // The first round waits for the start of the watch. Writing is over when the process ends, so that it is counted out.
      if (round > 0) samples.push(performance.now() - begun + Math.min(0, writing));
    }
  } finally {
    await watching.stop();
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}
