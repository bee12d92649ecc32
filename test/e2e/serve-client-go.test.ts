import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../support/kdaemon.ts';
import { type ServeProcess, startServe } from './serve-process.ts';

const hasGo = spawnSync('go', ['version']).status === 0;

/** The test client, built once; undefined where its modules cannot be had. */
function builtClient(folder: string): string | undefined {
  const program = join(folder, 'client');
  const source = join(repository, 'test/clients/go');
  const done = spawnSync('go', ['build', '-o', program, '.'], { cwd: source, encoding: 'utf8' });
  if (done.status === 0) return program;
  if (/lookup|disabled by GOPROXY|dial tcp|no such host/.test(done.stderr)) return undefined;
  throw new Error(done.stderr);
}

describe.skipIf(!hasGo)('client-go (skipped where Go or its modules are not there)', () => {
  let server: ServeProcess;
  let program: string | undefined;

  beforeAll(async () => {
    server = await startServe();
    server.shell.ok(['apply', '-f', join(repository, 'fixtures/nodes.yaml')]);
    program = builtClient(server.shell.folder);
  });
  afterAll(async () => {
    await server?.stop();
    server?.shell.remove();
  });

  test.for(['application/json', 'application/vnd.kubernetes.protobuf'])(
    'informers, typed writes, patches and a leader election work with %s',
    async (contentType, { skip }) => {
      if (program === undefined) return skip('the Go modules of the client are not there');
      const child = spawn(program, ['-kubeconfig', server.kubeconfig, '-content-type', contentType]);
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect([code, stderr.match(/^error: .*$/m)?.[0]]).toEqual([0, undefined]);
      expect(stdout.match(/^ok /gm)).toHaveLength(13);
      expect(stderr).not.toContain('Failed to release lease');
      server.shell.ok(['delete', 'namespace', 'go-client']);
      await expect
        .poll(() => server.shell.run(['get', 'namespace', 'go-client']).status, { timeout: 10_000 })
        .toBe(1);
    },
  );
});
