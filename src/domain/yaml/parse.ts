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

/** Longer text is refused at once: it would need gigabytes of memory. */
const MAX_LENGTH = 64 * 1024 * 1024;

/**
 * Reads the first document of a YAML stream; null where there is none. `exactIntegers`: whether integers beyond 2^53
 * come as bigint, or as the nearest number. Throws YamlError with Go's message.
 */
export function parseYaml(text: string, { exactIntegers }: { readonly exactIntegers: boolean }): ParsedYaml {
  if (text.length > MAX_LENGTH) {
    throw new YamlError(
      `yaml: a document of ${text.length} characters is too long; at most ${MAX_LENGTH} are read`,
    );
  }
  return new Parser(text, exactIntegers).document();
}

type TokenType = Token['type'];

const NODE_PREFIX = 'tag:yaml.org,2002:';
const STRING_TAG = `${NODE_PREFIX}str`;

const DIRECTIVES: readonly TokenType[] = ['yamlDirective', 'tagDirective'];
const AROUND_DOCUMENTS: readonly TokenType[] = [...DIRECTIVES, 'documentStart', 'documentEnd', 'streamEnd'];
/** Tokens before which an entry, a key or a value was left out. */
const AFTER_ENTRY: readonly TokenType[] = ['blockEntry', 'blockEnd'];
const AFTER_BLOCK_KEY: readonly TokenType[] = ['key', 'value', 'blockEnd'];
const AFTER_INDENTLESS_ENTRY: readonly TokenType[] = ['blockEntry', ...AFTER_BLOCK_KEY];

/** A recursive-descent parser of YAML's grammar over tokens. It composes values as it goes. */
class Parser {
  private readonly scanner: Scanner;
  private readonly composition: Composition;
  private readonly tagPrefixes = new Map<string, string>();

  constructor(text: string, exactIntegers: boolean) {
    this.composition = new Composition(exactIntegers);
    this.scanner = new Scanner(text);
  }

  document(): ParsedYaml {
    const { composition } = this;
    let value: YamlValue = null;
    if (!this.at('streamEnd')) {
      const explicit = this.documentStart();
      const isEmpty = this.atOneOf(AROUND_DOCUMENTS);
      if (!explicit || !isEmpty) {
        value = composition.member(this.node('block').value);
      }
      this.scanner.peek(); // the reader looks one token beyond the document, and fails where that does
    }
    composition.throwProblem();
    return { value, duplicateKeys: composition.duplicateKeys };
  }

  /** Reads directives and `---`. Returns whether there was a `---`; without it the document must have content. */
  private documentStart(): boolean {
    let hasDirectives = false;
    let version = false;
    while (this.atOneOf(DIRECTIVES)) {
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
    if (this.accept('documentStart')) return true;
    if (hasDirectives) throw errorAt(this.scanner.peek().line, 'did not find expected <document start>');
    return false;
  }

  private at(type: TokenType): boolean {
    return this.scanner.peek().type === type;
  }

  private atOneOf(types: readonly TokenType[]): boolean {
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
    for (let token: Token = first; ; token = this.scanner.peek()) {
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
    const prefix =
      this.tagPrefixes.get(handle) ?? (handle === '!' ? '!' : handle === '!!' ? NODE_PREFIX : undefined);
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
      items.push(this.atOneOf(AFTER_ENTRY) ? this.empty() : this.node('block'));
    }
    if (!this.accept('blockEnd'))
      throw errorAt(this.scanner.peek().line, "did not find expected '-' indicator");
    return this.composition.sequence(items);
  }

  private indentlessSequence(): Node {
    const items: Node[] = [];
    while (this.accept('blockEntry')) {
      items.push(this.atOneOf(AFTER_INDENTLESS_ENTRY) ? this.empty() : this.node('block'));
    }
    return this.composition.sequence(items);
  }

  private blockMapping(): Node {
    this.scanner.take();
    const pairs: Pair[] = [];
    while (this.accept('key')) {
      const key = this.atOneOf(AFTER_BLOCK_KEY) ? this.empty() : this.node('blockValue');
      pairs.push(this.pair(key, 'blockValue', AFTER_BLOCK_KEY));
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
    const without: readonly Mark[] = ['flowEntry', end];
    const key = this.at('value') || this.atOneOf(without) ? this.empty() : this.node('flow');
    return this.pair(key, 'flow', without);
  }

  /** Reads the value of a key, which may be left out before one of the tokens `without`. */
  private pair(key: Node, context: 'blockValue' | 'flow', without: readonly TokenType[]): Pair {
    const { line } = this.scanner.peek();
    if (!this.accept('value') || this.atOneOf(without)) return { key, value: this.empty(), line };
    return { key, line: this.scanner.peek().line, value: this.node(context) };
  }
}

/** An error of the parser, as Go words it: it counts lines from 0, and does not name the first. */
function errorAt(line: number, problem: string): YamlError {
  return new YamlError(line === 0 ? `yaml: ${problem}` : `yaml: line ${line}: ${problem}`);
}
