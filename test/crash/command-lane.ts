import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterState, DAEMON_SETS, stateDifferences } from './cluster-state.ts';
import { doHere, runHere } from './in-this-process.ts';
import { inspect, type LaneParts, requireNone, storeOf } from './lane.ts';
import { type Ended, runVictim } from './victim.ts';

/** A command line, and what its lines mean: a command that must print a text once the line was printed. */
interface Step {
  readonly args: string;
  /** Further proof for the whole of what was printed; `… created` and `… deleted` are proved without it. */
  readonly proof?: { readonly said: string; readonly args: string; readonly prints: string };
  /** What a second try may answer when the first one was killed after its work was done. */
  readonly again?: RegExp;
}

const STEPS: readonly Step[] = [
  { args: 'init --nodes 5' },
  { args: 'apply -f daemonsets.yaml' },
  { args: 'create configmap settings --from-literal=a=1', again: /already exists$/m },
  {
    args: 'label node worker-1 disk=ssd',
    proof: {
      said: 'node/worker-1 labeled',
      args: 'get node/worker-1 -o jsonpath={.metadata.labels.disk}',
      prints: 'ssd',
    },
  },
  { args: 'reconcile' },
  {
    args: 'set image daemonset/agent main=registry.example/agent:2',
    proof: {
      said: 'daemonset.apps/agent image updated',
      args: 'get daemonset/agent -o jsonpath={.spec.template.spec.containers[0].image}',
      prints: 'registry.example/agent:2',
    },
  },
  { args: 'delete node worker-2', again: /\(NotFound\)/ },
  { args: 'reconcile' },
];

/**
 * kdaemon's own commands, some of them killed and typed again, as a user would. What a killed one has printed must be
 * true, and the end must be that of commands that were never killed.
 */
export async function commandLane(parts: LaneParts): Promise<void> {
  const { random, folder, lives, tally, binary } = parts;
  const file = storeOf(parts);
  const calm = join(folder, 'calm', 'cluster.db');
  mkdirSync(join(folder, 'calm'));
  const manifest = join(folder, 'daemonsets.yaml');
  writeFileSync(manifest, DAEMON_SETS);
  const env = { HOME: folder, KDAEMON_STORE: file };
  const words = ({ args }: Step): readonly string[] =>
    args.split(' ').map((word) => (word === 'daemonsets.yaml' ? manifest : word));
  for (const step of STEPS) await doHere(calm, words(step));
  const { ms: usual } = await runVictim([binary, 'get', 'nodes'], env, { after: 'never' });
  const chosen = new Set(STEPS.keys());
  while (chosen.size > lives) chosen.delete(random.int(STEPS.length));
  for (const [at, step] of STEPS.entries()) {
    if (chosen.has(at)) {
      const ms = usual * (0.3 + random.int(800) / 1000);
      const ended = await runVictim([binary, ...words(step)], env, { after: 'start', ms });
      tally.runs += 1;
      if (ended.killed) tally.kills += 1;
      else if (ended.code !== 0) throw new Error(`kdaemon ${step.args}: exit ${ended.code}: ${ended.stderr}`);
      tally.acknowledged += await provenLines(file, step, ended);
      await inspect(file, async () => {});
    }
    const again = await runHere(file, words(step));
    if (again.code !== 0 && step.again?.test(again.err) !== true)
      throw new Error(`kdaemon ${step.args}: exit ${again.code}: ${again.err}`);
  }
  const expected = await inspect(calm, clusterState);
  const actual = await inspect(file, clusterState);
  requireNone('the end is not that of commands without kills:', stateDifferences(expected, actual));
}

/** Throws unless everything that a command has printed is true; resolves to how many lines that were. */
async function provenLines(file: string, { args, proof }: Step, { stdout }: Ended): Promise<number> {
  const lines = stdout.split('\n').slice(0, -1);
  for (const line of lines) {
    const [, name, kind, object, did] = /^((\S+)\/(\S+)|\S+ "(?:\S+)") (created|deleted)/.exec(line) ?? [];
    if (did === 'created' && kind !== undefined && object !== undefined) {
      const found = await runHere(file, ['get', name ?? '', '-o', 'name']);
      if (found.out !== `${name}\n`) throw new Error(`kdaemon ${args} said "${line}", and it is not there`);
    }
    if (did === 'deleted') {
      const [, what = '', which = ''] = /^(\S+) "(\S+)" deleted/.exec(line) ?? [];
      const found = await runHere(file, ['get', what, which]);
      if (found.code === 0) throw new Error(`kdaemon ${args} said "${line}", and it is there`);
    }
    if (line === proof?.said) {
      const found = await runHere(file, proof.args.split(' '));
      if (found.out !== proof.prints)
        throw new Error(`kdaemon ${args} said "${line}", and the store says "${found.out}"`);
    }
  }
  return lines.length;
}
