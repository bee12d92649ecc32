import { JSON_SCHEMA, load } from 'js-yaml';
import type { Json } from '../../src/api/meta.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { type Flag, parseArguments } from '../../src/cli/flags.ts';
import { goRegexp } from '../../src/domain/go-regexp/go-regexp.ts';
import { MatchTooLong } from '../../src/domain/go-regexp/match.ts';
import { GoRegexpError } from '../../src/domain/go-regexp/regexp-error.ts';
import { goTemplate } from '../../src/domain/go-template/go-template.ts';
import { TemplateError } from '../../src/domain/go-template/template-error.ts';
import { type JsonPath, jsonPath, relaxedPath } from '../../src/domain/jsonpath/jsonpath.ts';
import { JsonPathError } from '../../src/domain/jsonpath/jsonpath-error.ts';
import { formatQuantity, parseQuantity, QuantityError } from '../../src/domain/quantity.ts';
import { formatFieldTerms, parseFieldSelector } from '../../src/domain/selectors/fields.ts';
import { matchesRequirements } from '../../src/domain/selectors/labels.ts';
import { parseLabelSelector } from '../../src/domain/selectors/parse-labels.ts';
import { SelectorError } from '../../src/domain/selectors/selector-error.ts';
import { readDocuments } from '../../src/domain/yaml/documents.ts';
import { type Dumpable, dumpYaml } from '../../src/domain/yaml/dump.ts';
import { endOfJson } from '../../src/domain/yaml/json-text.ts';
import { loadYaml } from '../../src/domain/yaml/load.ts';
import { YamlError } from '../../src/domain/yaml/yaml-error.ts';
import { BrokenPromise, type Target } from './fuzz.ts';
import { mustEqual, readOrRefused } from './refusals.ts';
import { DAEMON_SET, LIST } from './samples.ts';

const YAML_SEEDS = [
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {x: y, "q": \'z\'}\ndata:\n  k: |\n    one\n    two\n  f: >-\n    folded\n    text\n',
  '- 1\n- 0x1f\n- 0o17\n- 1_000\n- .inf\n- ~\n- yes\n- 1:30\n- 2001-01-01\n',
  'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n',
  '? [a, b]\n: c\n? |\n  k\n: v\n',
  '"\\u263A\\x41\\n\\\n  on": !!str 1\nb: !!binary aGk=\n',
  '%YAML 1.1\n---\na: b\n...\n---\n# c\nd: e\n',
  JSON.stringify(DAEMON_SET),
];
const YAML_WORDS = [
  '\n',
  '  ',
  '- ',
  '? ',
  ': ',
  ', ',
  '{',
  '}',
  '[',
  ']',
  '|',
  '>',
  '|2-',
  '&a ',
  '*a',
  '<<: ',
  '!!int ',
  '!x ',
  '#',
  '---\n',
  '...\n',
  "'",
  '"',
  '\\x41',
  '\\',
  '~',
  '%TAG ! !\n',
  '\t',
  '@',
  '`',
  'null',
  '.nan',
  '1e3',
];
const JSON_SEEDS = [
  '{"a":[1,2.5e-3,true,null,"\\u00e9\\n"],"b":{"c":""}}',
  '[]',
  '"x"',
  '-0.5E+7',
  JSON.stringify(DAEMON_SET),
];
const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  'true',
  'false',
  'null',
  '-',
  '.',
  'e',
  '01',
  '1e5',
  ' ',
  '{"a":1}',
];

const FLAGS: readonly Flag[] = [
  { name: 'name', type: 'string', default: "''", usage: '' },
  { name: 'output', short: 'o', type: 'string', default: "''", usage: '' },
  { name: 'selector', short: 'l', type: 'string', default: "''", usage: '' },
  { name: 'namespace', short: 'n', type: 'string', default: "''", usage: '' },
  { name: 'all', short: 'A', type: 'bool', default: 'false', usage: '' },
  { name: 'size', type: 'int', default: '0', usage: '' },
  { name: 'timeout', type: 'duration', default: '0s', usage: '' },
  { name: 'set', type: 'strings', default: '[]', usage: '' },
  { name: 'env', type: 'repeated', default: '[]', usage: '' },
  { name: 'dry-run', type: 'string', bare: 'unchanged', default: 'none', usage: '' },
];

/** Reads whatever text people and files hold: no file, no server and no store takes part. */
export const TEXT_TARGETS: readonly Target[] = [
  {
    name: 'yaml',
    seeds: YAML_SEEDS,
    words: YAML_WORDS,
    read(input) {
      const read = readOrRefused(() => loadYaml(input).value, YamlError);
      if (read === undefined) return false;
      // Go writes these with less care than it reads them: next-line is folded away, and a literal text that ends in
      // a separator takes it for its last line break.
      if (/[\u0085\u2028\u2029]/.test(JSON.stringify(read.value))) return true;
      // What JSON holds is all that can come out, and it has to survive being written and read.
      const written = dumpYaml(read.value as Dumpable);
      mustEqual('what is written is read as the same', loadYaml(written).value, withoutSharing(read.value));
      // Of a document that is one literal text, js-yaml counts a stated indentation from column -1, Go from 0.
      if (!written.includes('\ufeff') && !/^\|\d/.test(written)) {
        mustEqual(
          'js-yaml reads the same in what is written',
          load(written, { schema: JSON_SCHEMA }) ?? null,
          withoutSharing(read.value),
        );
      }
      return true;
    },
  },
  {
    name: 'documents',
    seeds: [...YAML_SEEDS, ...JSON_SEEDS, '{"a":1}{"b":2}\n---\nc: 3\n'],
    words: [...YAML_WORDS, ...JSON_WORDS],
    read: (input) => readOrRefused(() => [...readDocuments(input)], YamlError) !== undefined,
  },
  {
    name: 'json',
    seeds: JSON_SEEDS,
    words: JSON_WORDS,
    read(input) {
      const read = readOrRefused(() => endOfJson(input, 0), YamlError);
      const parsed = readOrRefused(() => JSON.parse(input) as Json, SyntaxError);
      const whole = read !== undefined && /^[ \t\r\n]*$/.test(input.slice(read.value));
      mustEqual('JSON is what JavaScript takes for JSON', whole, parsed !== undefined);
      return whole;
    },
  },
  {
    name: 'quantity',
    seeds: [
      '1',
      '100m',
      '1.5Gi',
      '-2e3',
      '0.000000001',
      '123456789012345678901234567890',
      '1E',
      '.5',
      '5.',
      '+1k',
    ],
    words: [
      'm',
      'u',
      'n',
      'k',
      'M',
      'G',
      'Ki',
      'Mi',
      'Gi',
      'Ti',
      'Pi',
      'Ei',
      'e',
      'E',
      '-',
      '+',
      '.',
      '0',
      '9',
      '999',
    ],
    read(input) {
      const read = readOrRefused(() => parseQuantity(input), QuantityError);
      if (read === undefined) return false;
      const text = formatQuantity({ ...read.value, text: '' });
      mustEqual(
        'the canonical form of a canonical form is itself',
        formatQuantity({ ...parseQuantity(text), text: '' }),
        text,
      );
      return true;
    },
  },
  {
    name: 'label-selector',
    seeds: ['a=b', 'a==b,c!=d', 'x in (a,b,),y notin (z)', '!gone,here', 'n>5,m<3', 'example.com/a=b'],
    words: ['=', '==', '!=', ',', '(', ')', ' in ', ' notin ', '!', '>', '<', 'a', 'example.com/', ' '],
    read(input) {
      const read = readOrRefused(() => parseLabelSelector(input), SelectorError);
      if (read !== undefined) matchesRequirements(read.value, { a: 'b', n: '7' });
      return read !== undefined;
    },
  },
  {
    name: 'field-selector',
    seeds: ['metadata.name=a', 'spec.nodeName!=b,status.phase==Running', 'a=b\\,c\\=d\\\\', ''],
    words: ['=', '==', '!=', ',', '\\', '\\,', '\\=', '.', 'metadata.name'],
    read(input) {
      const read = readOrRefused(() => parseFieldSelector(input), SelectorError);
      if (read === undefined) return false;
      mustEqual(
        'a selector is the same after it was printed',
        parseFieldSelector(formatFieldTerms(read.value)),
        read.value,
      );
      return true;
    },
  },
  {
    name: 'jsonpath',
    seeds: [
      '{.items[*].metadata.name}',
      '{range .items[*]}{.kind}{"\\n"}{end}',
      '{.items[?(@.kind=="Node")].status}',
      '{..name}',
      "{.items[0]['kind','metadata']}",
      '{.items[0:2:1]}',
      '{.items[-1:]}',
      '{@}{$}',
      '{.a\\.b}x{1.5}{true}',
    ],
    words: [
      '{',
      '}',
      '.',
      '..',
      '*',
      '[',
      ']',
      '[*]',
      '[?(',
      ')]',
      '@',
      '$',
      'range',
      'end',
      '"',
      "'",
      '==',
      '<',
      '!=',
      ':',
      ',',
      '-1',
      '.items',
      '.kind',
      '\\',
    ],
    read(input) {
      return readOrRefused(() => found(input, (path) => path.text(LIST)), JsonPathError) !== undefined;
    },
  },
  {
    name: 'custom-columns-path',
    seeds: ['.metadata.name', 'metadata.name', '{.spec}', '.items[*].kind', '..name'],
    words: ['.', '{', '}', '[', ']', '*', ':', ',', '"'],
    read: (input) =>
      readOrRefused(() => found(relaxedPath(input), (path) => path.find(LIST)), JsonPathError) !== undefined,
  },
  {
    name: 'go-template',
    seeds: [
      '{{range .items}}{{.metadata.name}}{{"\\n"}}{{else}}none{{end}}',
      '{{with $x := index .items 0}}{{$x.kind | printf "%-10s|%q"}}{{end}}',
      '{{if and .a (eq .b "c") (not .d)}}x{{else if gt 1 2}}y{{end}}',
      '{{define "t"}}{{.}}{{end}}{{template "t" .kind}}',
      '{{- /* c */ -}} {{len .items}} {{slice "abc" 1 2}} {{html "<a>"}} {{js "x"}} {{urlquery "a b"}}',
      '{{range $i, $e := .items}}{{$i}}{{break}}{{end}}',
      '{{printf "%d %v %x %5.2f %T %c %U" 1 .items "a" 1.5 nil 65 66}}',
      '{{block "b" .}}{{.kind}}{{end}}',
      '{{base64decode "aGk="}}{{exists . "a" "b"}}',
    ],
    words: [
      '{{',
      '}}',
      '{{-',
      '-}}',
      '{{end}}',
      '{{else}}',
      'range ',
      'if ',
      'with ',
      'define "t"',
      'template "t" ',
      '.',
      '.items',
      '$',
      '$x',
      ':=',
      '=',
      '|',
      '(',
      ')',
      '"',
      '`',
      "'a'",
      'nil',
      'true',
      'index ',
      'printf ',
      'len ',
      'eq ',
      'lt ',
      'slice ',
      'not ',
      'and ',
      'or ',
      'print ',
      '%v',
      '%*d',
      '%q',
      '%.200f',
      '0x1F',
      '1e3',
      '-1',
      'break',
      'continue',
      'block "t" ',
    ],
    read(input) {
      return (
        readOrRefused(() => goTemplate(input, { allowMissing: true }).text(LIST), TemplateError) !== undefined
      );
    },
  },
  {
    name: 'go-regexp',
    seeds: [
      '^[a-z]([-a-z0-9]*[a-z0-9])?$',
      '(?i)a|b{2,3}',
      '\\d+\\.\\w*',
      '[[:alpha:]\\p{Greek}^-]',
      '(?P<n>x)(?:y)',
      '\\Qa.b\\E',
    ],
    words: [
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '*',
      '+',
      '?',
      '|',
      '^',
      '$',
      '\\b',
      '\\d',
      '\\p{L}',
      '\\x{1F600}',
      '(?i)',
      '(?s:',
      '{1,3}',
      '[^',
      '-',
      '[:digit:]',
      '\\',
    ],
    read(input) {
      return (
        readOrRefused(() => goRegexp(input).test('a-b.c\n1é😀K'), GoRegexpError, MatchTooLong) !== undefined
      );
    },
  },
  {
    name: 'flags',
    seeds: [
      '--name=x -A --all pods',
      '-oyaml -n default',
      '--timeout=1m2.5s -- --x',
      '--size 5 --set a,b --set=c',
      '-lapp=a',
      '--dry-run',
    ],
    words: [
      '--',
      '-',
      '=',
      ' ',
      '--name',
      '--size=',
      '--timeout=',
      '--all',
      '-A',
      '-o',
      '-l',
      '1h',
      'us',
      '-1',
      '1e3',
      '0x1f',
      'true',
      "''",
    ],
    read(input) {
      const read = readOrRefused(() => parseArguments(input.split(' '), FLAGS), UsageError);
      if (read === undefined) return false;
      const { flags } = read.value;
      for (const { name } of FLAGS) {
        flags.string(name);
        flags.strings(name);
        flags.bool(name);
      }
      if (!Number.isInteger(flags.int('size'))) throw new BrokenPromise('an int is a whole number', input);
      if (!Number.isFinite(flags.duration('timeout')))
        throw new BrokenPromise('a duration is a number', input);
      return true;
    },
  },
];

/** Finds what a path finds; paths that go through everything again and again, each to its bound, are only parsed. */
function found(text: string, find: (path: JsonPath) => unknown): unknown {
  const path = jsonPath(text, { allowMissing: true });
  return text.split('..').length > 6 ? undefined : find(path);
}

/** A value without aliases that share parts, and with the zero that JSON has. */
function withoutSharing(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
