import { readFileSync } from 'node:fs';
import { CommandError } from '../errors.ts';
import type { Flag } from '../flags.ts';
import { goReason } from '../manifests/go-reason.ts';

/** What `-o` asks for. */
export type OutputFormat =
  | { readonly name: 'table'; readonly wide: boolean }
  | { readonly name: 'name' }
  | { readonly name: 'json' | 'yaml' | 'kyaml' }
  | {
      readonly name: 'jsonpath' | 'jsonpath-as-json' | 'go-template';
      readonly template: string;
    }
  | { readonly name: 'custom-columns'; readonly spec: string; readonly isFile: boolean };

/** Every word that `-o` takes where single objects are printed. */
export const OBJECT_FORMATS: readonly string[] = [
  'go-template',
  'go-template-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'kyaml',
  'name',
  'template',
  'templatefile',
  'yaml',
];

/** Every word that `kubectl get -o` takes. */
export const GET_FORMATS: readonly string[] = [
  'custom-columns',
  'custom-columns-file',
  ...OBJECT_FORMATS,
  'wide',
].sort();

/** `--show-managed-fields`. */
export const managedFieldsFlag: Flag = {
  name: 'show-managed-fields',
  type: 'bool',
  default: 'false',
  usage: 'If true, keep the managedFields when printing objects in JSON or YAML format.',
};

/** Whether a format leaves managedFields out unless they are asked for; templates and columns see all of an object. */
export function hidesManagedFields({ name }: OutputFormat): boolean {
  return name === 'json' || name === 'yaml' || name === 'kyaml';
}

/** `-o`, `--template` and `--allow-missing-template-keys` of commands that print objects in every format. */
export const outputFormatFlags: readonly Flag[] = [
  {
    name: 'output',
    short: 'o',
    type: 'string',
    default: "''",
    usage: `Output format. One of: (${GET_FORMATS.join(', ')}). Formats with a template or columns take them behind a '='.`,
  },
  {
    name: 'template',
    type: 'string',
    default: "''",
    usage:
      'Template text, or the path of a template file, for -o=go-template, -o=jsonpath and their file forms.',
  },
  {
    name: 'allow-missing-template-keys',
    type: 'bool',
    default: 'true',
    usage:
      'If true, a template prints nothing for a field that an object does not have; else it fails there.',
  },
];

/**
 * Reads the values of `-o` and `--template`; `formats` are the words that the command takes. Throws CommandError in
 * kubectl's words; template files are read here.
 */
export function outputFormatOf(output: string, fallback: string, formats: readonly string[]): OutputFormat {
  if (output === '') {
    return fallback === '' ? { name: 'table', wide: false } : { name: 'go-template', template: fallback };
  }
  const equals = output.indexOf('=');
  const word = equals < 0 ? output : output.slice(0, equals);
  const given = equals < 0 ? '' : output.slice(equals + 1);
  const format = formats.includes(word) ? formatOf(word, equals < 0, given || fallback) : undefined;
  if (format !== undefined) return format;
  throw new CommandError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${formats.join(',')}`,
  );
}

function formatOf(word: string, isBare: boolean, given: string): OutputFormat | undefined {
  switch (word) {
    case 'jsonpath':
    case 'jsonpath-as-json':
      return { name: word, template: required(given) };
    case 'jsonpath-file':
      return { name: 'jsonpath', template: readTemplate(given) };
    case 'go-template':
    case 'template':
      return { name: 'go-template', template: required(given) };
    case 'go-template-file':
    case 'templatefile':
      return { name: 'go-template', template: readTemplate(given) };
    case 'custom-columns':
    case 'custom-columns-file':
      if (given === '') {
        throw new CommandError('custom-columns format specified but no custom columns given');
      }
      return { name: 'custom-columns', spec: given, isFile: word === 'custom-columns-file' };
  }
  if (!isBare) return undefined;
  switch (word) {
    case 'wide':
      return { name: 'table', wide: true };
    case 'json':
    case 'yaml':
    case 'kyaml':
    case 'name':
      return { name: word };
  }
  return undefined;
}

function required(template: string): string {
  if (template === '') throw new CommandError('template format specified but no template given');
  return template;
}

function readTemplate(file: string): string {
  const path = required(file);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError(`error reading --template ${path}, open ${path}: ${goReason(error)}`);
  }
}
