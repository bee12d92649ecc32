import { describe, expect, test } from 'vitest';
import { behaviourOf } from '../../../src/agents/kubelet/behaviour.ts';
import type { Node, Pod } from '../../../src/api/core.ts';
import { faultEvents, faultRules, imagePattern, parseFault } from '../../../src/sim/faults.ts';

const node = (name: string): Node => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
const pod = (image: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels: { 'controller-revision-hash': 'abc' } },
  spec: { containers: [{ name: 'c', image }] },
});

describe('parseFault', () => {
  test.each([
    ['image-crashes', { kind: 'pods', outcome: 'crash-loop' }],
    ['image-crashes@v2', { kind: 'pods', outcome: 'crash-loop', image: 'v2' }],
    ['pull-fails:gpu-*@v2', { kind: 'pods', outcome: 'image-pull-fails', nodes: 'gpu-*', image: 'v2' }],
    ['never-ready', { kind: 'pods', outcome: 'never-ready' }],
    ['slow-start:30s±10s', { kind: 'slow', startMs: 30_000, spreadMs: 10_000 }],
    ['slow-start:30s+-10s', { kind: 'slow', startMs: 30_000, spreadMs: 10_000 }],
    ['slow-start:1m@v2', { kind: 'slow', startMs: 60_000, spreadMs: 0, image: 'v2' }],
    ['not-ready:node-1', { kind: 'node', event: { atMs: 0, nodes: 'node-1', turn: 'not-ready' } }],
    ['node-lost:node-1@40s', { kind: 'node', event: { atMs: 40_000, nodes: 'node-1', turn: 'lost' } }],
    ['node-removed:n*@1m', { kind: 'node', event: { atMs: 60_000, nodes: 'n*', turn: 'removed' } }],
    ['cordoned:n', { kind: 'node', event: { atMs: 0, nodes: 'n', turn: 'cordoned' } }],
  ])('%s', (text, expected) => {
    expect(parseFault(text)).toEqual({ text, ...expected });
  });

  test.each([
    ['nonsense', 'there is no such fault; the faults are image-crashes'],
    ['toString:x', 'there is no such fault'],
    ['constructor', 'there is no such fault'],
    ['node-lost', 'it needs a node'],
    ['node-lost:n@soon', '"soon" is no time such as 40s'],
    ['image-crashes@', 'something is missing behind : or @'],
    ['slow-start', 'it needs a duration such as 30s±10s'],
    ['slow-start:fast', 'it needs a duration such as 30s±10s'],
    ['', 'there is no such fault'],
  ])('refuses %j', (text, why) => {
    expect(() => parseFault(text)).toThrow(why);
  });
});

describe('faultRules', () => {
  const rules = (faults: readonly string[], seed = 1) => faultRules(faults.map(parseFault), seed, () => true);

  test('concern the image that they name, on the nodes that they name', () => {
    const crashing = rules(['image-crashes:gpu-*@v2']);
    expect(behaviourOf(pod('agent:v2'), node('gpu-1'), crashing).outcome).toBe('crash-loop');
    expect(behaviourOf(pod('agent:v2'), node('cpu-1'), crashing).outcome).toBe('ready');
    expect(behaviourOf(pod('agent:v1'), node('gpu-1'), crashing).outcome).toBe('ready');
  });

  test('leave pods alone that were there before', () => {
    const old = faultRules([parseFault('image-crashes')], 1, () => false);
    expect(behaviourOf(pod('agent:v1'), node('n'), old).outcome).toBe('ready');
  });

  test('spread starts over the range, by node and seed, always the same', () => {
    const nodes = Array.from({ length: 200 }, (_, index) => node(`node-${index}`));
    const seconds = (seed: number) =>
      nodes.map((one) => behaviourOf(pod('a:v2'), one, rules(['slow-start:30s±10s'], seed)).startSeconds);
    const first = seconds(1);
    expect(Math.min(...first)).toBe(20);
    expect(Math.max(...first)).toBe(40);
    expect(first.every(Number.isInteger)).toBe(true);
    expect(seconds(1)).toEqual(first);
    expect(seconds(2)).not.toEqual(first);
  });

  test('go together: a slow image may crash as well', () => {
    const both = behaviourOf(pod('a:v2'), node('n'), rules(['slow-start:30s', 'image-crashes']));
    expect(both).toMatchObject({ startSeconds: 30, outcome: 'crash-loop' });
  });

  test('leave the events of nodes to the run', () => {
    expect(faultEvents(['image-crashes', 'node-lost:n@1s'].map(parseFault))).toEqual([
      { atMs: 1000, nodes: 'n', turn: 'lost' },
    ]);
    expect(rules(['node-lost:n@1s'])).toEqual([]);
  });
});

describe('imagePattern', () => {
  test.each([
    ['v2', 'registry.example/agent:v2', true],
    ['v2', 'registry.example/agent:v20', false],
    ['v2', 'registry.example/v2/agent:v1', false],
    ['agent', 'registry.example/agent:v1', true],
    ['agent', 'agent', true],
    ['agent', 'registry.example/agent-old:v1', false],
    ['agent:v2', 'registry.example/agent:v2', true],
    ['registry.example/', 'registry.example/agent:v1', true],
    ['v2*', 'a:v2.1', true],
    ['1.0', 'a:1x0', false],
  ])('%s and %s: %s', (text, image, matches) => {
    expect(imagePattern(text).test(image)).toBe(matches);
  });
});
