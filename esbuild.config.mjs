// Builds the command-line bundle, and the runners that tests and demos use, into dist/.
// CommonJS, because one CommonJS file starts faster than an ES module graph; better-sqlite3 stays outside: it is native.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const entries = {
  kdaemon: 'src/cli/main.ts',
  demo: 'src/cli/demo.ts',
  vectors: 'test/vectors/run.ts',
  transcripts: 'test/transcripts/run.ts',
  bench: 'test/bench/run.ts',
  crash: 'test/crash/run.ts',
  fuzz: 'test/fuzz/run.ts',
  soak: 'test/soak/run.ts',
};

await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['better-sqlite3'],
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
});

// A first run leaves V8's code for a bundle beside it, so that later ones start faster: see bin/kdaemon.js.
for (const name of readdirSync('dist')) {
  if (/^kdaemon-.*\.code(\.new)?$/.test(name)) rmSync(join('dist', name), { force: true });
}
if (existsSync(entries.kdaemon)) {
  const folder = mkdtempSync(join(tmpdir(), 'kdaemon-build-'));
  try {
    execFileSync(
      process.execPath,
      ['bin/kdaemon.js', 'get', 'nodes', '--store', join(folder, 'cluster.db')],
      {
        env: { ...process.env, KDAEMON_KEEP_CODE: '1' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
