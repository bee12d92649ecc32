import { beforeEach, expect, test } from 'vitest';
import { LEASE, STORE_LEASE, takeLease } from '../../../../src/cli/reconcile-lease.ts';
import { otherControllers } from '../../../../src/cli/remote/other-controllers.ts';
import { systemClock } from '../../../../src/runtime/clock.ts';
import { type MemoryClient, memoryClient } from '../../../support/memory-client.ts';

let memory: MemoryClient;
let warned: string;
beforeEach(() => {
  memory = memoryClient();
  warned = '';
});

const world = {
  clock: systemClock(),
  streams: {
    out: () => {},
    err: (text: string) => {
      warned += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    readInput: async () => '',
    readLine: async () => '',
  },
};
const ask = (...names: string[]): Promise<void> => otherControllers(memory.client, names, world);

/** Renews the store's lease a little later, as a holder does. */
async function serves(controllers: readonly string[]): Promise<void> {
  await takeLease(memory.client, 0, { controllers });
  setTimeout(() => void takeLease(memory.client, 5000, { controllers }), 100);
}

test('a server that runs one of them itself is refused, with the way out', async () => {
  await serves(['node', 'daemonset']);
  await expect(ask('daemonset')).rejects.toThrow(
    "the server runs daemonset itself: start it with --controllers='*,-daemonset'",
  );
});

test('a server that runs others is no hindrance', async () => {
  await serves(['node']);
  await ask('daemonset');
  expect(warned).toBe('');
});

test('a kube-controller-manager that is alive is worth a warning, one of last year is not', async () => {
  const key = { ...STORE_LEASE, name: 'kube-controller-manager' };
  const object = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: key,
    spec: { holderIdentity: 'cp-1', renewTime: '2001-01-01T00:00:00.000000Z' },
  };
  await memory.client.commit([{ verb: 'create', kind: LEASE, namespace: key.namespace, object }]);
  await ask('daemonset');
  expect(warned).toBe('');
  const renewTime = new Date(world.clock.now()).toISOString().replace('Z', '000Z');
  await memory.client.commit([
    { verb: 'patch', kind: LEASE, key, patchType: 'merge', patch: { spec: { renewTime } } },
  ]);
  await ask('daemonset');
  expect(warned).toMatch(/^Warning: a kube-controller-manager is at work there: .*-daemonset/);
});
