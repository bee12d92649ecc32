import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../../support/in-process.ts';
import { repository } from '../../../support/kdaemon.ts';

let shell: InProcess;
beforeEach(() => {
  shell = openInProcess();
});
afterEach(() => shell.remove());

const fixture = (name: string): string => join(repository, 'fixtures', name);
const DAEMON_SET = 'fluentd-elasticsearch';
const NAMESPACE = ['-n', 'kube-system'];

interface Report {
  readonly nodes: readonly {
    readonly name: string;
    readonly shouldRun: boolean;
    readonly edits?: {
      readonly runsNow: boolean;
      readonly alternatives: readonly {
        readonly edits: readonly { readonly text: string; readonly command?: string }[];
      }[];
    };
  }[];
}

const ask = async (args: readonly string[]): Promise<Report> =>
  JSON.parse(await shell.ok(['why', `ds/${DAEMON_SET}`, ...args, ...NAMESPACE, '-o', 'json'])) as Report;

/** The words of a printed command, as a shell reads them. */
function wordsOf(command: string): readonly string[] {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

test('kdaemon why prints commands that turn the answer around', async () => {
  await shell.ok(['create', '-f', fixture('nodes.yaml'), '-f', fixture('daemonset.yaml')]);
  await shell.ok(['reconcile']);
  await shell.ok(['taint', 'node', 'worker-1', 'gpu=true:NoSchedule', 'drain:NoExecute']);
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }],
      },
    },
  };
  await shell.ok([
    'patch',
    'ds',
    DAEMON_SET,
    ...NAMESPACE,
    '-p',
    JSON.stringify({ spec: { template: { spec: { affinity } } } }),
  ]);
  const { nodes } = await ask(['node/worker-1', 'node/worker-2', 'node/worker-3']);
  expect(nodes.map(({ name, shouldRun }) => [name, shouldRun])).toEqual([
    ['worker-1', false],
    ['worker-2', true],
    ['worker-3', false],
  ]);
  const saved = await shell.ok(['get', 'nodes', '-o', 'json']);
  const savedSet = await shell.ok(['get', 'ds', DAEMON_SET, ...NAMESPACE, '-o', 'json']);
  let tried = 0;
  for (const { name, shouldRun, edits } of nodes) {
    for (const { edits: steps } of edits?.alternatives.slice(0, 3) ?? []) {
      for (const { command } of steps) await shell.ok(wordsOf(command ?? 'a command is missing'));
      const [after] = (await ask([`node/${name}`])).nodes;
      expect(after?.shouldRun, steps.map(({ text }) => text).join(' and ')).toBe(!shouldRun);
      tried += 1;
      // Back to where it began; versions are of no interest.
      const back = (text: string): string =>
        text.replaceAll(/"resourceVersion": "\d+",?/g, '').replaceAll(/,(\s*})/g, '$1');
      await shell.ok(['replace', '-f', '-'], back(saved));
      await shell.ok(['replace', '-f', '-'], back(savedSet));
    }
  }
  expect(tried).toBe(9);
});
