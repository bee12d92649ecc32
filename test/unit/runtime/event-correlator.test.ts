import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/meta.ts';
import { createEventCorrelator, type Happening } from '../../../src/runtime/event-correlator.ts';

const start = Date.parse('2026-01-01T00:00:00.700Z');
const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'agent-x', namespace: 'apps', uid: 'u1', resourceVersion: '7' },
};

function recorder() {
  let count = 0;
  const correlate = createEventCorrelator(() => `s${++count}`);
  return (message: string, more: Partial<Happening> = {}) =>
    correlate({ about: pod, type: 'Normal', reason: 'Made', message, source: 'tester', now: start, ...more });
}

describe('event correlation', () => {
  test('writes all that an event carries', () => {
    expect(recorder()('hello')).toEqual({
      isNew: true,
      event: {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'agent-x.s1', namespace: 'apps' },
        involvedObject: {
          apiVersion: 'v1',
          kind: 'Pod',
          namespace: 'apps',
          name: 'agent-x',
          uid: 'u1',
          resourceVersion: '7',
        },
        reason: 'Made',
        message: 'hello',
        source: { component: 'tester' },
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:00Z',
        count: 1,
        type: 'Normal',
        eventTime: null,
        reportingComponent: 'tester',
        reportingInstance: '',
      },
    });
  });

  test('puts events of cluster-scoped objects into the default namespace', () => {
    const about = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'u2' } };
    const made = recorder()('hello', { about });
    expect(made?.event.metadata).toEqual({ name: 'n.s1', namespace: 'default' });
    expect(made?.event.involvedObject).not.toHaveProperty('namespace');
  });

  test('counts equal events under one name', () => {
    const record = recorder();
    record('hello');
    const again = record('hello', { now: start + 5000 });
    expect(again?.isNew).toBe(false);
    expect(again?.event).toMatchObject({
      metadata: { name: 'agent-x.s1' },
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
    });
  });

  test('keeps events of other reasons, types and sources apart', () => {
    const record = recorder();
    record('hello');
    expect(record('hello', { reason: 'Other' })?.event.count).toBe(1);
    expect(record('hello', { type: 'Warning' })?.event.count).toBe(1);
    expect(record('hello', { source: 'other' })?.event.count).toBe(1);
  });

  test('folds the tenth different message in a row, and counts from there', () => {
    const record = recorder();
    const messages = Array.from({ length: 12 }, (_, index) => record(`pod ${index + 1}`)?.event);
    expect(messages[8]?.message).toBe('pod 9');
    expect(messages[9]).toMatchObject({ message: '(combined from similar events): pod 10', count: 1 });
    expect(messages[10]).toMatchObject({ message: '(combined from similar events): pod 11', count: 2 });
    expect(messages[11]?.metadata.name).toBe(messages[9]?.metadata.name);
  });

  test('folds no more after ten quiet minutes', () => {
    const record = recorder();
    for (let index = 0; index < 12; index += 1) record(`pod ${index}`);
    expect(record('pod 12', { now: start + 600_001 })?.event.message).toBe('pod 12');
  });

  test('remembers 4096 events, and forgets the one that was not told for longest', () => {
    const tell = recorder();
    const about = (index: number): Partial<Happening> => ({
      about: { ...pod, metadata: { ...pod.metadata, uid: `u${index}` } },
    });
    for (let index = 0; index < 4096; index++) tell('hello', about(index));
    expect(tell('hello', about(0))).toMatchObject({ isNew: false, event: { count: 2 } });
    tell('hello', about(4096));
    tell('hello', about(4097));
    expect(tell('hello', about(0))).toMatchObject({ isNew: false, event: { count: 3 } });
    expect(tell('hello', about(3))).toMatchObject({ isNew: false, event: { count: 2 } });
    expect(tell('hello', about(1))).toMatchObject({ isNew: true, event: { count: 1 } });
  });

  test('lets 25 events of a source about an object pass, then one each 300 s', () => {
    const record = recorder();
    const passed = Array.from({ length: 40 }, () => record('hello')).filter((made) => made !== undefined);
    expect(passed).toHaveLength(25);
    expect(record('hello', { now: start + 299_000 })).toBeUndefined();
    expect(record('hello', { now: start + 301_000 })?.event.count).toBe(42);
    expect(record('hello', { now: start + 302_000 })).toBeUndefined();
    expect(record('hello', { source: 'other' })).toBeDefined();
  });

  test('is not made to forget by what other sources say', () => {
    const record = recorder();
    for (let index = 0; index < 30; index += 1) record('hello');
    for (let index = 0; index < 5000; index += 1) {
      record('hello', {
        source: 'other',
        about: { ...pod, metadata: { name: `n${index}`, uid: `o${index}` } },
      });
    }
    expect(record('hello')).toBeUndefined();
    expect(record('hello', { now: start + 301_000 })?.event.count).toBe(32);
  });
});
