import { readdirSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { planText } from '../../src/cli/plan/text.ts';
import { sorrowPlayer } from './support/sorrow.ts';
const only = (process.env.ONLY ?? '').split(',').filter(Boolean);
const names = readdirSync('fixtures/sorrows', { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => d.name).filter((n) => only.length === 0 || only.includes(n));
const player = sorrowPlayer();
test('look', async () => {
  for (const name of names) {
    const t0 = performance.now();
    try {
      const told = await player.answer(name);
      const ms = Math.round(performance.now() - t0);
      writeFileSync(`/tmp/sorrow/${name}.txt`, `===== ${name} (${ms} ms) exit ${told.code}\n${told.out}${told.err}\n`);
    } catch (e) { writeFileSync(`/tmp/sorrow/${name}.txt`, `===== ${name} FAILED ${String(e)}\n`); }
  }
}, 600000);
