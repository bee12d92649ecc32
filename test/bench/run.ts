import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bigStore } from './big-store.ts';
import { coldStart } from './cold-start.ts';
import { rollingUpdate } from './planned-rollout.ts';
import { reconciling, rollingOut } from './reconciling.ts';
import { type BenchRow, reachesGoal, reportJson, rowText, type Scenario } from './report.ts';
import { serveLoad } from './serve-load.ts';

/** Every scenario, under the name that `--only` knows it by. A new one is a line here. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  start: coldStart,
  reconcile: reconciling,
  rollout: rollingOut,
  store: bigStore,
  plan: rollingUpdate,
  serve: serveLoad,
};

/** `npm run bench -- [--only NAME]… [--json FILE] [--quick]`: a table on standard output. Fails on nothing but errors. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const names = values.only ?? Object.keys(SCENARIOS);
  const rows: BenchRow[] = [];
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined)
      throw new Error(`no scenario ${name}; there are: ${Object.keys(SCENARIOS).join(', ')}`);
    await scenario(
      (row) => {
        rows.push(row);
        process.stdout.write(`${rowText(row)}\n`);
      },
      { quick: values.quick },
    );
  }
  const missed = rows.filter((row) => reachesGoal(row) === false);
  const goals = rows.filter(({ goal }) => goal !== undefined);
  process.stdout.write(`${goals.length - missed.length} of ${goals.length} goals reached\n`);
  if (values.json !== undefined) {
    const machine = { node: process.version, cpus: cpus().length, quick: values.quick };
    writeFileSync(values.json, reportJson(rows, machine));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
