import { Composition, type Node, type Pair, type YamlValue } from './compose.ts';
import { Scanner } from './scanner.ts';
import type { Mark, Token } from './token.ts';
import { YamlError } from './yaml-error.ts';

/** A document that was read. */
export interface ParsedYaml {
  readonly value: YamlValue;
  /** One line for each key that was set twice (the last one counts), worded as Go's strict reading words it. */
  readonly duplicateKeys: readonly string[];
}

/** Reads the first document of a YAML stream; null where there is none. Throws YamlError with Go's message. */
export function parseYaml(text: string): ParsedYaml {
  return new Parser(text).document();
}

type TokenType = Token['type'];

const NODE_PREFIX = 'tag:yaml.org,2002:';
const STRING_TAG = `${NODE_PREFIX}str`;

/** A recursive-descent parser of YAML's grammar over tokens. It composes values as it goes. */
class Parser {
  private readonly scanner: Scanner;
  private readonly composition = new Composition();
  private readonly tagPrefixes = new Map<string, string>();

  constructor(text: string) {
    this.scanner = new Scanner(text);
  }

  document(): ParsedYaml {
    const { composition } = this;
    let value: YamlValue = null;
    if (!this.at('streamEnd')) {
      this.documentStart();
      if (!this.at('yamlDirective', 'tagDirective', 'documentStart', 'documentEnd', 'streamEnd') || !this.started) {
        value = composition.finite(this.node('block').value);
      }
      this.scanner.peek(); // the reader looks one token beyond the document, and fails where that does
    }
    composition.throwProblem();
    return { value, duplicateKeys: composition.duplicateKeys };
  }

  /** Whether the document was started by `---`. */
  private started = false;

  private documentStart(): void {
    let hasDirectives = false;
    let version = false;
    while (this.at('yamlDirective', 'tagDirective')) {
      const token = this.scanner.take();
      hasDirectives = true;
      if (token.type === 'yamlDirective') {
        if (version) throw errorAt(token.line, 'found duplicate %YAML directive');
        version = true;
        if (token.version !== '1.1') throw errorAt(token.line, 'found incompatible YAML document');
      } else if (token.type === 'tagDirective') {
        if (this.tagPrefixes.has(token.handle)) throw errorAt(token.line, 'found duplicate %TAG directive');
        this.tagPrefixes.set(token.handle, token.prefix);
      }
    }
    if (this.at('documentStart')) {
      this.scanner.take();
      this.started = true;
    } else if (hasDirectives) throw errorAt(this.scanner.peek().line, 'did not find expected <document start>');
  }

  private at(...types: readonly TokenType[]): boolean {
    return types.includes(this.scanner.peek().type);
  }

  /** Takes the coming token if it is of this type. */
  private accept(type: Mark): boolean {
    if (this.scanner.peek().type !== type) return false;
    this.scanner.take();
    return true;
  }

  /**
   * Reads a node. `block`: where block collections may stand. `blockValue`: also a sequence that is not indented, as
   * under a key. `flow`: inside brackets.
   */
  private node(context: 'block' | 'blockValue' | 'flow'): Node {
    const first = this.scanner.peek();
    if (first.type === 'alias') {
      this.scanner.take();
      return this.composition.alias(first.name);
    }
    if (first.type === 'scalar') {
      this.scanner.take();
      return this.composition.scalar(first.text, first.plain, '');
    }
    let anchor: string | undefined;
    let tag = '';
    for (let token = first; ; token = this.scanner.peek()) {
      if (token.type === 'anchor' && anchor === undefined) anchor = token.name;
      else if (token.type === 'tag' && tag === '') tag = this.fullTag(token.handle, token.suffix, first.line);
      else break;
      this.scanner.take();
    }
    if (anchor === undefined) return this.content(context, tag, tag !== '');
    this.composition.openAnchor(anchor);
    const node = this.content(context, tag, true);
    this.composition.anchor(anchor, node);
    return node;
  }

  private fullTag(handle: string, suffix: string, line: number): string {
    if (handle === '') return suffix === '!' ? STRING_TAG : suffix;
    const prefix = this.tagPrefixes.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? NODE_PREFIX : undefined);
    if (prefix === undefined) throw errorAt(line, 'found undefined tag handle');
    return prefix + suffix;
  }

  /** Reads what comes after a node's properties; with properties it may be nothing. */
  private content(context: 'block' | 'blockValue' | 'flow', tag: string, mayBeEmpty: boolean): Node {
    const token = this.scanner.peek();
    if (token.type === 'blockEntry' && context === 'blockValue') return this.indentlessSequence();
    if (token.type === 'scalar') {
      this.scanner.take();
      return this.composition.scalar(token.text, token.plain, tag);
    }
    if (token.type === 'flowSequenceStart') return this.flowSequence();
    if (token.type === 'flowMappingStart') return this.flowMapping();
    if (token.type === 'blockSequenceStart' && context !== 'flow') return this.blockSequence();
    if (token.type === 'blockMappingStart' && context !== 'flow') return this.blockMapping();
    if (mayBeEmpty) return this.composition.scalar('', true, tag);
    throw errorAt(token.line, 'did not find expected node content');
  }

  private empty(): Node {
    return this.composition.scalar('', true, '');
  }

  private blockSequence(): Node {
    this.scanner.take();
    const items: Node[] = [];
    while (this.accept('blockEntry')) {
      items.push(this.at('blockEntry', 'blockEnd') ? this.empty() : this.node('block'));
    }
    if (!this.accept('blockEnd')) throw errorAt(this.scanner.peek().line, "did not find expected '-' indicator");
    return this.composition.sequence(items);
  }

  private indentlessSequence(): Node {
    const items: Node[] = [];
    while (this.accept('blockEntry')) {
      items.push(this.at('blockEntry', 'key', 'value', 'blockEnd') ? this.empty() : this.node('block'));
    }
    return this.composition.sequence(items);
  }

  private blockMapping(): Node {
    this.scanner.take();
    const pairs: Pair[] = [];
    while (this.accept('key')) {
      const key = this.at('key', 'value', 'blockEnd') ? this.empty() : this.node('blockValue');
      pairs.push(this.pair(key, 'blockValue', ['key', 'value', 'blockEnd']));
    }
    if (!this.accept('blockEnd')) throw errorAt(this.scanner.peek().line, 'did not find expected key');
    return this.composition.mapping(pairs);
  }

  private flowSequence(): Node {
    this.scanner.take();
    const items: Node[] = [];
    while (!this.at('flowSequenceEnd')) {
      if (items.length > 0 && !this.accept('flowEntry')) {
        throw errorAt(this.scanner.peek().line, "did not find expected ',' or ']'");
      }
      if (this.at('key')) items.push(this.composition.mapping([this.flowPair('flowSequenceEnd')]));
      else if (!this.at('flowSequenceEnd')) items.push(this.node('flow'));
    }
    this.scanner.take();
    return this.composition.sequence(items);
  }

  private flowMapping(): Node {
    this.scanner.take();
    const pairs: Pair[] = [];
    while (!this.at('flowMappingEnd')) {
      if (pairs.length > 0 && !this.accept('flowEntry')) {
        throw errorAt(this.scanner.peek().line, "did not find expected ',' or '}'");
      }
      if (this.at('key')) pairs.push(this.flowPair('flowMappingEnd'));
      else if (!this.at('flowMappingEnd')) {
        const { line } = this.scanner.peek();
        pairs.push({ key: this.node('flow'), value: this.empty(), line });
      }
    }
    this.scanner.take();
    return this.composition.mapping(pairs);
  }

  private flowPair(end: Mark): Pair {
    this.scanner.take();
    const key = this.at('value', 'flowEntry', end) ? this.empty() : this.node('flow');
    return this.pair(key, 'flow', ['flowEntry', end]);
  }

  /** Reads the value of a key, which may be left out before one of the tokens `without`. */
  private pair(key: Node, context: 'blockValue' | 'flow', without: readonly TokenType[]): Pair {
    const { line } = this.scanner.peek();
    if (!this.accept('value') || this.at(...without)) return { key, value: this.empty(), line };
    return { key, line: this.scanner.peek().line, value: this.node(context) };
  }
}

/** An error of the parser, as Go words it: it counts lines from 0, and does not name the first. */
function errorAt(line: number, problem: string): YamlError {
  return new YamlError(line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`);
}
