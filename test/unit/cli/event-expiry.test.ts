import { afterEach, beforeEach, expect, test } from 'vitest';
import { type InProcess, openInProcess } from '../../support/in-process.ts';

let cli: InProcess;
beforeEach(() => {
  cli = openInProcess();
});
afterEach(() => cli.remove());

const DAEMON_SET = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'c', image: 'example.test/agent:1' }] },
    },
  },
});

test('reconcile removes events that are an hour old', async () => {
  await cli.ok(['create', 'node', 'n', '--count', '2']);
  await cli.ok(['apply', '-f', '-'], DAEMON_SET);
  await cli.ok(['reconcile']);
  const events = () => cli.ok(['get', 'events', '-A', '-o', 'name']);
  await cli.ok(['reconcile', '--advance', '50m']);
  expect(await events()).toContain('event/agent');
  await cli.ok(['reconcile', '--advance', '11m']);
  expect(await events()).toBe('');
});
