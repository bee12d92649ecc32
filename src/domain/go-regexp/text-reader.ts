/** A place in a text that moves forward, by characters beyond 16 bits as well. */
export class TextReader {
  readonly text: string;
  index = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.index >= this.text.length;
  }

  /** The unit `ahead` places on, '' beyond the end. Enough to recognise syntax, all of which is ASCII. */
  peek(ahead = 0): string {
    return this.text.charAt(this.index + ahead);
  }

  skip(count: number): void {
    this.index += count;
  }

  /** Reads one whole character, '' at the end. */
  take(): string {
    const code = this.text.codePointAt(this.index);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.index += character.length;
    return character;
  }

  indexOf(part: string): number {
    return this.text.indexOf(part, this.index);
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.index);
  }

  /** What was read since `start`. */
  since(start: number): string {
    return this.text.slice(start, this.index);
  }
}
