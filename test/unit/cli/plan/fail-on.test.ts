import { describe, expect, test } from 'vitest';
import { parseFailOn } from '../../../../src/cli/plan/fail-on.ts';
import { parseFault } from '../../../../src/sim/faults.ts';
import {
  agentSet,
  creating,
  newImage,
  patching,
  planFor,
  planNode,
  planNodes,
  settledCluster,
} from '../../../sim/support/plan-cluster.ts';

const v2 = newImage('registry.example/agent:v2');
const good = await planFor({ objects: settledCluster(planNodes(10)), changes: [v2] });
const stuck = await planFor({
  objects: settledCluster(planNodes(3)),
  changes: [v2],
  faults: [parseFault('image-crashes')],
});
const fewer = await planFor({
  objects: settledCluster([planNode('a'), planNode('b', { labels: { disk: 'ssd' } })]),
  changes: [patching({ spec: { template: { spec: { nodeSelector: { disk: 'ssd' } } } } })],
});
const created = await planFor({ objects: planNodes(4), changes: [creating(agentSet())] });
const tight = await planFor({ objects: [planNode('a', { cpu: '10m' })], changes: [creating(agentSet())] });
const onDelete = await planFor({
  objects: settledCluster(planNodes(2), agentSet({ strategy: { type: 'OnDelete' } })),
  changes: [v2],
});

describe('--fail-on', () => {
  test.each([
    ['stuck', stuck, 'the rollout is stuck after'],
    ['blocked', stuck, '3 nodes do not get what they should: node-01'],
    ['pending', tight, 'the new pod stays Pending on 1 node: a: Insufficient cpu'],
    ['fewer-nodes', fewer, '1 node would lose the pod: a: nodeSelector wants disk=ssd'],
    ['unavailable>0', good, '1 node of 10 without an available pod'],
    ['unavailable>9%', good, '1 node of 10 without'],
    ['unavailable>0', tight, '1 node of 1 without'],
    ['duration>1m', good, 'duration>1m: the rollout takes 2m'],
    ['on-delete', onDelete, 'the strategy is OnDelete'],
    ['findings', onDelete, 'on-delete: the strategy is OnDelete: nothing moves'],
    ['errors', tight, 'does-not-fit: the new pod does not fit on 1 node'],
    ['does-not-fit', tight, 'does-not-fit: the new pod'],
  ])('%s fails', (condition, report, line) => {
    expect(parseFailOn(condition)(report)).toContain(line);
  });

  test.each([
    ['stuck', good],
    ['blocked', good],
    ['pending', good],
    ['fewer-nodes', good],
    ['unavailable>1', good],
    ['unavailable>10%', good],
    ['unavailable>0', created],
    ['duration>2m', good],
    ['on-delete', good],
    ['findings', good],
    ['errors', onDelete],
    ['stall', good],
  ])('%s holds', (condition, report) => {
    expect(parseFailOn(condition)(report)).toBeUndefined();
  });

  test.each([
    'nonsense',
    'unavailable',
    'unavailable>x',
    'unavailable>10s',
    'duration>10',
    'stuck>1',
    'toString',
    '',
  ])('refuses %j with the list of words', (condition) => {
    expect(() => parseFailOn(condition)).toThrow(
      'it is none of stuck, pending, blocked, fewer-nodes, on-delete, unavailable>N, unavailable>N%, duration>TIME',
    );
  });
});
