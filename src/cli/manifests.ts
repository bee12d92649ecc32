import { readDocuments } from '../domain/yaml/documents.ts';
import { YamlError } from '../domain/yaml/yaml-error.ts';
import { CommandError, ManyErrors, PlainError } from './errors.ts';
import { decodingProblem, flattenLists, type ManifestObject } from './manifests/decode-document.ts';
import { findFiles } from './manifests/find-files.ts';
import { readText } from './manifests/read-text.ts';
import { validationProblem } from './manifests/validate-document.ts';

/** Where manifests come from. */
export interface ManifestSources {
  /** Values of `-f`: paths, directories, patterns, or `-` for standard input. */
  readonly files: readonly string[];
  /** Whether directories are read with all that is below them (`-R`). */
  readonly recursive: boolean;
  /** Whether a document without apiVersion or kind stops its file: all but `--validate=false`. */
  readonly validate: boolean;
  readonly readInput: () => Promise<string>;
}

export type { ManifestObject };

/** An object of a file, or what is wrong with a document. Work goes on behind a problem; the command then fails. */
export type ManifestEntry =
  | {
      readonly kind: 'object';
      /** How kubectl names the file: its path as given or found, `STDIN` for standard input. */
      readonly source: string;
      /** Which of the file's documents it is in, from 1. */
      readonly document: number;
      readonly value: ManifestObject;
      /** Keys of the document that were set twice: `line 2: key "a" already set in map`. kubectl is silent on them. */
      readonly duplicateKeys: readonly string[];
    }
  | { readonly kind: 'problem'; readonly source: string; readonly message: string };

/**
 * Reads manifests in kubectl's order: files as given, documents as they stand, lists taken apart into their items.
 * Throws CommandError (or ManyErrors) before anything is read where a path leads nowhere. Problems inside of a file
 * come as entries, worded as kubectl words them: after one in a document's content the file's next document follows,
 * after one in syntax or validation the next file.
 */
export async function* readManifests(sources: ManifestSources): AsyncGenerator<ManifestEntry> {
  const found = sources.files.map((given) => findFiles(given, sources.recursive));
  const failure = failureOf(found.flatMap((result) => (result.ok ? [] : [result.message])));
  if (failure !== undefined) throw failure;
  for (const path of found.flatMap((result) => (result.ok ? result.paths : []))) {
    yield* readManifest(path, sources);
  }
}

/** The error of a command that goes on after failures; undefined without one. Texts are problems of manifests. */
export function failureOf(failures: readonly (string | Error)[]): Error | undefined {
  const [first] = failures;
  if (first === undefined) return undefined;
  if (failures.length === 1) return typeof first === 'string' ? new CommandError(first) : first;
  // kubectl writes `error: ` only before a message that stands alone.
  return new ManyErrors(
    failures.map((one) =>
      typeof one === 'string'
        ? new PlainError(one)
        : one instanceof CommandError
          ? new PlainError(one.message)
          : one,
    ),
  );
}

/** The error of a command that was given files, and no object in them. `verb` as in `no objects passed to create`. */
export function noObjects(verb: string): CommandError {
  return new CommandError(`no objects passed to ${verb}`);
}

const STDIN = 'STDIN';

async function* readManifest(path: string, sources: ManifestSources): AsyncGenerator<ManifestEntry> {
  const source = path === '-' ? STDIN : path;
  const problem = (message: string): ManifestEntry => ({ kind: 'problem', source, message });
  let document = 0;
  try {
    const text = path === '-' ? await sources.readInput() : await readText(path);
    for (const { value, duplicateKeys } of readDocuments(text)) {
      document++;
      const invalid = sources.validate ? validationProblem(value) : undefined;
      if (invalid !== undefined) {
        const advice = 'if you choose to ignore these errors, turn validation off with --validate=false';
        yield problem(`error validating "${source}": error validating data: ${invalid}; ${advice}`);
        return;
      }
      const undecodable = decodingProblem(value);
      if (undecodable !== undefined) yield problem(`unable to decode "${source}": ${undecodable}`);
      else {
        for (const item of flattenLists(value)) {
          yield typeof item === 'string'
            ? problem(item)
            : { kind: 'object', source, document, value: item, duplicateKeys };
        }
      }
    }
  } catch (error) {
    if (error instanceof YamlError) yield problem(`error parsing ${source}: ${error.message}`);
    else if (error instanceof CommandError) yield problem(error.message);
    else throw error;
  }
}
