import { endOfJson, JsonEndError, JsonSyntaxError, skipJsonBlanks } from './json-text.ts';
import { type LoadedDocument, loadYaml } from './load.ts';
import { YamlError } from './yaml-error.ts';

/**
 * Reads a stream of documents as kubectl reads its files: text that starts with `{` is JSON values one after another,
 * else it is YAML cut at lines of `---`. Where JSON is wrong, the rest is tried as YAML. Documents that are empty or
 * null are left out. Throws YamlError at the first document that cannot be read, with the words that kubectl puts
 * behind `error parsing FILE: `; documents before it were yielded.
 */
export function* readDocuments(text: string): Generator<LoadedDocument> {
  for (const document of /^\s*\{/.test(text) ? jsonDocuments(text) : yamlDocuments(text)) {
    if (document.value !== null) yield document;
  }
}

function* jsonDocuments(text: string): Generator<LoadedDocument> {
  let at = skipJsonBlanks(text, 0);
  while (at < text.length) {
    let end: number;
    try {
      end = endOfJson(text, at);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError || error instanceof JsonEndError)) throw error;
      yield* yamlAfterJson(text.slice(at), error);
      return;
    }
    // Proved to be JSON. A key that comes twice is not reported: kubectl does not see it either.
    yield { value: JSON.parse(text.slice(at, end)), duplicateKeys: [] };
    at = skipJsonBlanks(text, end);
  }
}

/** Reads the rest of a JSON stream as YAML; if already its first document fails, the JSON error is the one to show. */
function* yamlAfterJson(rest: string, jsonError: YamlError): Generator<LoadedDocument> {
  const documents = yamlDocuments(rest);
  let first: IteratorResult<LoadedDocument>;
  try {
    first = documents.next();
  } catch {
    throw jsonError;
  }
  if (first.done === true) return;
  if (typeof first.value.value === 'string') throw jsonError; // stray text, and not meant as YAML
  yield first.value;
  yield* documents;
}

function* yamlDocuments(text: string): Generator<LoadedDocument> {
  for (const chunk of chunks(text)) {
    try {
      yield loadYaml(chunk);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      throw new YamlError(`error converting YAML to JSON: ${error.message}`);
    }
  }
}

/** Cuts text at lines that start with `---`, whatever they stand in; only a comment may follow on such a line. */
function* chunks(text: string): Generator<string> {
  let start = 0;
  for (let line = 0; line < text.length; ) {
    const lineEnd = text.indexOf('\n', line) + 1 || text.length;
    if (text.startsWith('---', line)) {
      const after = text.slice(line + 3, lineEnd);
      if (!/^\s*$|^\s+#/.test(after)) {
        if (!after.startsWith('#')) throw new YamlError(`invalid Yaml document separator: ${after.trim()}`);
      } else {
        yield text.slice(start, line);
        start = lineEnd;
      }
    }
    line = lineEnd;
  }
  yield text.slice(start);
}
