import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ControllerRevision, DaemonSet } from '../../src/api/apps.ts';
import type { Node, Pod } from '../../src/api/core.ts';
import { placementReport } from '../../src/domain/daemonset/explain/placement-report.ts';

interface RecordedState {
  readonly name: string;
  readonly now: string;
  readonly input: {
    readonly daemonSet: DaemonSet;
    readonly nodes: readonly Node[] | null;
    readonly pods: readonly Pod[] | null;
    readonly controllerRevisions: readonly ControllerRevision[] | null;
  };
  readonly expect: {
    readonly placement: Readonly<
      Record<string, readonly [shouldRun: boolean, shouldContinueRunning: boolean]>
    >;
    readonly delete: { readonly always: readonly string[]; readonly ever: readonly string[] };
    readonly status: Readonly<Record<string, number>> | null;
  };
}

const states = gunzipSync(readFileSync(new URL('data/daemonset-sync.jsonl.gz', import.meta.url)))
  .toString('utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as RecordedState); // in the recorder's shape

describe('a report of where a DaemonSet runs', () => {
  const reports = states.map(({ now, input, ...recorded }) => {
    const pods = input.pods ?? [];
    const report = placementReport({
      daemonSet: input.daemonSet,
      nodes: input.nodes ?? [],
      pods,
      revisions: input.controllerRevisions ?? [],
      now: Date.parse(now),
      podsOnNode: (name) => pods.filter(({ spec }) => spec.nodeName === name),
      newPod: () => undefined,
    });
    return { ...recorded, report };
  });

  test('gives the answers of the real controller in all 700 recorded states', () => {
    expect(reports).toHaveLength(700);
    for (const { name, report, expect: expected } of reports) {
      const answers = report.nodes.map((node) => [node.name, [node.shouldRun, node.shouldContinueRunning]]);
      expect(Object.fromEntries(answers), name).toEqual(expected.placement);
    }
  });

  test('names as many nodes as the real controller counted', () => {
    let compared = 0;
    for (const { name, report, expect: expected } of reports) {
      if (expected.status === null) continue;
      compared += 1;
      const { desired, current, misscheduled, ready, updated, available, unavailable } = report.counts;
      const { status } = expected;
      expect(
        [desired, current, misscheduled, ready, updated, available, unavailable].map(({ length }) => length),
        name,
      ).toEqual([
        status.desiredNumberScheduled,
        status.currentNumberScheduled,
        status.numberMisscheduled,
        status.numberReady,
        status.updatedNumberScheduled ?? 0,
        status.numberAvailable ?? 0,
        status.numberUnavailable ?? 0,
      ]);
    }
    expect(compared).toBeGreaterThan(600);
  });

  test('says of every pod that the real controller always deletes that it goes, and of no other that it must', () => {
    let seen = 0;
    for (const { name, report, expect: expected } of reports) {
      const pods = report.nodes.flatMap((node) => node.pods);
      for (const pod of pods) {
        if (expected.delete.always.includes(pod.name)) {
          seen += 1;
          expect(['replaced', 'deleted'], `${name}: ${pod.name}`).toContain(pod.fate);
        }
        if (pod.fate === 'deleted') expect(expected.delete.ever, `${name}: ${pod.name}`).toContain(pod.name);
      }
    }
    expect(seen).toBeGreaterThan(300);
  });
});
