import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { errorCode, goReason } from './go-reason.ts';
import { expandPattern, isPattern } from './path-pattern.ts';

/** The files behind one `-f`, or why there are none. */
export type FoundFiles =
  | { readonly ok: true; readonly paths: readonly string[] }
  | { readonly ok: false; readonly message: string };

const EXTENSIONS = ['.json', '.yaml', '.yml'];

/**
 * Finds the files that a `-f` names: `-` itself, a file of any name, the manifests of a directory in order of their
 * names (with `recursive` those of its directories too), or all that a pattern such as `dir/*.yaml` matches.
 */
export function findFiles(given: string, recursive: boolean): FoundFiles {
  if (given === '-') return { ok: true, paths: ['-'] };
  if (/^https?:\/\//.test(given)) {
    return refusal(`manifests cannot be read from a URL; download ${given} and name the file`);
  }
  try {
    return statSync(given).isDirectory() ? directory(given, recursive) : { ok: true, paths: [given] };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      return refusal(`the path "${given}" cannot be accessed: stat ${given}: ${goReason(error)}`);
    }
  }
  return isPattern(given) ? matches(given, recursive) : missing(given);
}

function matches(pattern: string, recursive: boolean): FoundFiles {
  const found = expandPattern(pattern);
  if (found === undefined) return refusal(`pattern "${pattern}" is not valid: syntax error in pattern`);
  if (found.length === 0) return missing(pattern);
  const paths: string[] = [];
  for (const path of found) {
    const files = findFiles(path, recursive);
    if (!files.ok) return files;
    paths.push(...files.paths);
  }
  return { ok: true, paths };
}

function directory(path: string, recursive: boolean): FoundFiles {
  let paths: readonly string[];
  try {
    paths = manifestsIn(path, recursive);
  } catch (error) {
    return refusal(`error reading "${path}": open ${path}: ${goReason(error)}`);
  }
  if (paths.length > 0) return { ok: true, paths };
  return refusal(`error reading [${path}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`);
}

function manifestsIn(folder: string, recursive: boolean): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return recursive ? manifestsIn(path, recursive) : [];
      return EXTENSIONS.includes(extname(entry.name)) ? [path] : [];
    });
}

function missing(given: string): FoundFiles {
  return refusal(`the path "${given}" does not exist`);
}

function refusal(message: string): FoundFiles {
  return { ok: false, message };
}
