import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openShell, repository } from '../support/kdaemon.ts';

/**
 * DaemonSets as real projects ship them, applied on a mixed fleet, against what a Kubernetes 1.37 control plane
 * recorded. They are other projects' files: they are read in place, and the test is skipped where they are absent.
 */
const folder = join(repository, '../shared/manifests');
const present = existsSync(join(folder, 'recorded.json'));

interface Recorded {
  readonly namespaces: readonly string[];
  readonly apply: { readonly exit: number; readonly stdout: string; readonly stderr: string };
  readonly daemonSets: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly status: Readonly<Record<string, unknown>>;
    readonly pods: readonly string[];
  }[];
}

/**
 * What only the recording's own order of work explains: the definitions of calico-bpf.yaml were still being deleted
 * when calico.yaml was applied.
 */
const recordersOwn = /^Warning: Detected changes to resource .* which is currently being deleted\.$/;

const lines = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !recordersOwn.test(line));

/** Definitions stayed registered from one recorded file to the next, so that their word depends on the order. */
const anyWord = (line: string): string =>
  line.startsWith('customresourcedefinition.')
    ? line.replace(/ (created|configured|unchanged)$/, ' applied')
    : line;

describe.skipIf(!present)(
  `manifests of real projects${present ? '' : ' (skipped: they are not beside this checkout)'}`,
  () => {
    const recorded: Readonly<Record<string, Recorded>> = present
      ? JSON.parse(readFileSync(join(folder, 'recorded.json'), 'utf8'))
      : {};

    test.each(Object.keys(recorded))('%s is answered and placed as recorded', (file) => {
      const expected = recorded[file];
      if (expected === undefined) throw new Error(`nothing recorded for ${file}`);
      const shell = openShell();
      onTestFinished(() => shell.remove());
      shell.ok(['create', '-f', join(folder, 'fleet.yaml')]);
      for (const namespace of expected.namespaces) shell.ok(['create', 'namespace', namespace]);

      const text = readFileSync(join(folder, file), 'utf8');
      const applied = shell.run(['apply', '-f', '-'], { input: text });
      const named = (output: string): string =>
        output.replaceAll(file, 'STDIN').replaceAll('"STDIN"', 'STDIN');
      expect(lines(named(applied.stdout)).map(anyWord)).toEqual(
        lines(named(expected.apply.stdout)).map(anyWord),
      );
      expect(lines(named(applied.stderr))).toEqual(lines(named(expected.apply.stderr)));
      expect(applied.status).toBe(expected.apply.exit);

      shell.ok(['reconcile']);
      const listed = JSON.parse(shell.ok(['get', 'daemonsets', '-A', '-o', 'json'])) as {
        items: {
          metadata: { namespace: string; name: string; uid: string };
          spec: { minReadySeconds?: number };
          status: Record<string, unknown>;
        }[];
      };
      const pods = JSON.parse(shell.ok(['get', 'pods', '-A', '-o', 'json'])) as {
        items: { metadata: { ownerReferences?: { uid: string }[] }; spec: { nodeName?: string } }[];
      };
      /** The recorder did not wait for minReadySeconds, which `reconcile` jumps over: its pods were ready, not yet available. */
      const early = new Set(
        expected.daemonSets
          .filter(({ status }) => status.numberUnavailable !== undefined)
          .map(({ name }) => name),
      );
      const comparable = (name: string, status: Record<string, unknown>): Record<string, unknown> => {
        const { numberAvailable: _available, numberUnavailable: _unavailable, ...rest } = status;
        return early.has(name) ? rest : status;
      };
      const found = listed.items.map(({ metadata, status }) => ({
        namespace: metadata.namespace,
        name: metadata.name,
        status: comparable(metadata.name, status),
        pods: pods.items
          .filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === metadata.uid)
          .map((pod) => pod.spec.nodeName ?? '')
          .sort(),
      }));
      expect(
        listed.items
          .filter(({ metadata }) => early.has(metadata.name))
          .map(({ spec }) => spec.minReadySeconds),
      ).toEqual([...early].map(() => 5));
      expect(found).toEqual(
        expected.daemonSets.map((one) => ({ ...one, status: comparable(one.name, { ...one.status }) })),
      );
    });
  },
);
