import { describe, expect, test } from 'vitest';
import type { SyncStep } from '../../../src/controllers/daemonset/sync-record.ts';
import { createReportCollector } from '../../../src/controllers/report.ts';
import { createObjectIndex } from '../../../src/runtime/object-index.ts';
import { daemonSet } from '../../sim/support/world.ts';

const step = (what: SyncStep['do'], node: string, hash: string, more: Partial<SyncStep> = {}): SyncStep => ({
  do: what,
  node,
  hash,
  pod: `agent-${node}-${hash}`,
  because: 'it is so',
  ...more,
});

function count(...steps: readonly SyncStep[]): object {
  const reports = createReportCollector();
  reports.onSync({ daemonSet: daemonSet(), now: 0, steps, decisions: [] });
  const [report] = reports.report(createObjectIndex(), 0);
  const { podsCreated, podsDeleted, podsUpdated } = report ?? {};
  return { podsCreated, podsDeleted, podsUpdated };
}

describe('the report of a run', () => {
  test('counts pods created and deleted', () => {
    expect(
      count(step('createPod', 'a', '1'), step('createPod', 'b', '1'), step('deletePod', 'c', '1')),
    ).toEqual({
      podsCreated: 2,
      podsDeleted: 1,
      podsUpdated: 0,
    });
  });

  test('takes a pod that replaces one of another template for an update, whichever came first', () => {
    expect(
      count(
        step('deletePod', 'a', '1'),
        step('createPod', 'a', '2'),
        step('createPod', 'b', '2'),
        step('deletePod', 'b', '1'),
      ),
    ).toEqual({ podsCreated: 0, podsDeleted: 0, podsUpdated: 2 });
  });

  test('does not take a pod that replaces one of the same template for an update', () => {
    expect(count(step('deletePod', 'a', '1'), step('createPod', 'a', '1'))).toEqual({
      podsCreated: 1,
      podsDeleted: 1,
      podsUpdated: 0,
    });
  });

  test('leaves out what was refused', () => {
    expect(count(step('createPod', 'a', '1', { refused: 'no' }))).toEqual({
      podsCreated: 0,
      podsDeleted: 0,
      podsUpdated: 0,
    });
  });

  test('lists a DaemonSet that is no longer there as gone', () => {
    const reports = createReportCollector();
    reports.onSync({ daemonSet: daemonSet(), now: 0, steps: [], decisions: [] });
    expect(reports.report(createObjectIndex(), 0)).toMatchObject([
      { daemonSet: { namespace: 'default', name: 'agent' }, gone: true, revision: null },
    ]);
  });
});
