import { execFileSync } from 'node:child_process';

/** Builds dist/ before any test, so that tests which start the command line never meet an old bundle. */
export default function setup(): void {
  execFileSync(process.execPath, ['esbuild.config.mjs'], { stdio: 'inherit' });
}
