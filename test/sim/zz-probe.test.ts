import { test } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { prepare, runScenario } from './support/fault-run.ts';
import { SCENARIOS } from './support/fault-scenarios.ts';
import { COMMIT_FAULTS, STORE_FAULTS, WATCH_FAULTS } from './support/faults.ts';
test('probe', async () => {
  let found = 0;
  for (const s of SCENARIOS.slice(0,5)) {
    const store = memoryStore();
    await prepare(store, s);
    const snap = await store.snapshot();
    const ok = (await runScenario(memoryStore(snap), s, {})).state;
    for (let seed = 0; seed < 150 && found < 4; seed++) {
      const dice = seededRandom(seed);
      const pick = (f: any, n: number) => dice.int(n) === 0 ? f[dice.int(f.length)] : undefined;
      const fired: any[] = [];
      const rec = (kind: string, n: number, f: any) => { if (f) fired.push([kind, n, f]); return f; };
      const run = async (plan: any) => { try { return (await runScenario(memoryStore(snap), s, plan)).state; } catch (e: any) { return 'THROWN ' + e.message; } };
      const end = await run({
        commit: (n: number) => n < 100 ? rec('commit', n, pick(COMMIT_FAULTS, 4)) : undefined,
        look: (n: number) => n < 100 ? rec('look', n, pick(WATCH_FAULTS, 8)) : undefined,
        storeCommit: (n: number) => n < 100 ? rec('store', n, pick(STORE_FAULTS, 8)) : undefined,
      });
      if (end === ok) continue;
      found++;
      let list = fired;
      const replay = (l: any[]) => run({
        commit: (n: number) => l.find((x) => x[0] === 'commit' && x[1] === n)?.[2],
        look: (n: number) => l.find((x) => x[0] === 'look' && x[1] === n)?.[2],
        storeCommit: (n: number) => l.find((x) => x[0] === 'store' && x[1] === n)?.[2],
      });
      for (let i = 0; i < list.length;) {
        const less = list.filter((_, j) => j !== i);
        if ((await replay(less)) !== ok) { list = less; i = 0; } else i++;
      }
      console.log(s.name, 'seed', seed, JSON.stringify(list), '\n', (await replay(list)));
    }
  }
}, 600000);
