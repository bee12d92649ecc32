#!/usr/bin/env node
// CommonJS on purpose: it starts a few milliseconds faster than an ES module.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const bundle = join(__dirname, '..', 'dist', 'kdaemon.cjs');
if (existsSync(bundle)) {
  require(bundle);
} else {
  process.stderr.write('error: kdaemon is not built yet: run "npm ci" or "npm run build" in its folder\n');
  process.exitCode = 1;
}
