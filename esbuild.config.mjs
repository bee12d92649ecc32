// Builds the command-line bundle, and the runners that tests and demos use, into dist/.
// CommonJS, because one CommonJS file starts faster than an ES module graph; better-sqlite3 stays outside: it is native.
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const entries = {
  kdaemon: 'src/cli/main.ts',
  demo: 'src/cli/demo.ts',
  vectors: 'test/vectors/run.ts',
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
