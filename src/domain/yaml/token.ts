/** What the scanner cuts a YAML stream into. `line` counts from 0 and is where the token starts. */
export type Token =
  | { readonly type: Mark; readonly line: number }
  | { readonly type: 'alias' | 'anchor'; readonly line: number; readonly name: string }
  | { readonly type: 'tag'; readonly line: number; readonly handle: string; readonly suffix: string }
  | { readonly type: 'scalar'; readonly line: number; readonly text: string; readonly plain: boolean }
  | { readonly type: 'yamlDirective'; readonly line: number; readonly version: string }
  | {
      readonly type: 'tagDirective';
      readonly line: number;
      readonly handle: string;
      readonly prefix: string;
    };

/** Tokens that carry nothing. The `block…` ones stand for changes of indentation. */
export type Mark =
  | 'streamEnd'
  | 'documentStart'
  | 'documentEnd'
  | 'blockSequenceStart'
  | 'blockMappingStart'
  | 'blockEnd'
  | 'flowSequenceStart'
  | 'flowSequenceEnd'
  | 'flowMappingStart'
  | 'flowMappingEnd'
  | 'blockEntry'
  | 'flowEntry'
  | 'key'
  | 'value';
