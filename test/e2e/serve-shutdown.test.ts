import { Agent, get, request } from 'node:http';
import { expect, test } from 'vitest';
import { startServe } from './serve-process.ts';

/** Opens a watch; resolves when its first event has come. The result tells when it has ended. */
async function openWatch(url: string): Promise<{ readonly ended: Promise<void> }> {
  return new Promise((opened, failed) => {
    const sent = get(`${url}/api/v1/namespaces?watch=1`, (response) => {
      const ended = new Promise<void>((done) => response.once('close', done));
      response.on('error', () => undefined);
      response.once('data', () => opened({ ended }));
    });
    sent.on('error', failed);
  });
}

/** Creates a ConfigMap; resolves to whether the server said that it was created. */
function create(url: string, agent: Agent, name: string): Promise<boolean> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  return new Promise((answered) => {
    const path = `${url}/api/v1/namespaces/default/configmaps`;
    const headers = { 'content-type': 'application/json' };
    const sent = request(path, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      answered(response.statusCode === 201);
    });
    sent.on('error', () => answered(false));
    sent.end(body);
  });
}

test('SIGTERM ends open watches and the server, and what was acknowledged is there', async () => {
  const server = await startServe(['--controllers=-*']);
  try {
    const watches = await Promise.all(Array.from({ length: 50 }, () => openWatch(server.url)));
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const acknowledged: string[] = [];
    let stopping = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let count = 0; !stopping; count++) {
        const name = `w${writer}-${count}`;
        if (!(await create(server.url, agent, name))) return;
        acknowledged.push(name);
      }
    });
    while (acknowledged.length < 50) await new Promise((resolve) => setTimeout(resolve, 10));
    const { code, stderr } = await server.stop();
    stopping = true;
    await Promise.all([...writers, ...watches.map(({ ended }) => ended)]);
    agent.destroy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const there = new Set(
      server.shell
        .ok(['get', 'cm', '-o', 'name'])
        .trim()
        .split('\n')
        .map((line) => line.split('/')[1]),
    );
    expect(acknowledged.filter((name) => !there.has(name))).toEqual([]);
  } finally {
    await server.stop();
    server.shell.remove();
  }
});

test('a second SIGTERM changes nothing, and the store can be used at once', async () => {
  const server = await startServe();
  try {
    server.process.kill('SIGTERM');
    server.process.kill('SIGTERM');
    expect((await server.stop()).stderr).toBe('');
    expect(server.shell.ok(['reconcile'])).toBe('Nothing to do.\n');
  } finally {
    await server.stop();
    server.shell.remove();
  }
});
