import { CHARACTER, MATCH, PLACE, PLACES, type Program, SET, SPLIT } from './program.ts';

/** A match that would take more steps than anybody should wait for. */
export class MatchTooLong extends Error {
  constructor() {
    super('the pattern is too large to be matched against a text of this length');
    this.name = 'MatchTooLong';
  }
}

/** A few seconds of work. */
const MOST_STEPS = 50_000_000;

/** What stands before the start and behind the end of a text. */
const NOTHING = -1;

/**
 * Whether a program matches somewhere in a text. All ways through the program are followed at the same time, one
 * character after another, so that the time is at most the text's length times the program's: never exponential.
 * Throws MatchTooLong when even that is too much.
 */
export function matches(program: Program, text: string): boolean {
  const { does, argument, next, sets } = program;
  let now = new StepSet(does.length);
  let later = new StepSet(does.length);
  const stack: number[] = [];
  let work = 0;

  /** Adds a step and those that can be reached from it without reading; true when that is the end of a match. */
  function add(to: StepSet, first: number, before: number, after: number): boolean {
    stack.push(first);
    for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
      work++;
      if (!to.add(step)) continue;
      const kind = does[step];
      if (kind === MATCH) {
        stack.length = 0;
        return true;
      }
      if (kind === SPLIT) stack.push(argument[step] ?? 0, next[step] ?? 0);
      else if (kind === PLACE && isAt(argument[step] ?? 0, before, after)) stack.push(next[step] ?? 0);
    }
    return false;
  }

  let before = NOTHING;
  for (let index = 0; ; ) {
    const code = text.codePointAt(index) ?? NOTHING;
    if (add(now, program.start, before, code)) return true;
    if (code === NOTHING) return false;
    index += code > 0xffff ? 2 : 1;
    const after = text.codePointAt(index) ?? NOTHING;
    later.clear();
    for (let at = 0; at < now.size; at++) {
      const step = now.at(at);
      const kind = does[step];
      const reads =
        kind === CHARACTER
          ? argument[step] === code
          : kind === SET && sets[argument[step] ?? 0]?.has(code) === true;
      if (reads && add(later, next[step] ?? 0, code, after)) return true;
    }
    work += now.size;
    if (work > MOST_STEPS) throw new MatchTooLong();
    [now, later] = [later, now];
    before = code;
  }
}

function isAt(place: number, before: number, after: number): boolean {
  switch (PLACES[place]) {
    case 'beginText':
      return before === NOTHING;
    case 'endText':
      return after === NOTHING;
    case 'beginLine':
      return before === NOTHING || before === 0x0a;
    case 'endLine':
      return after === NOTHING || after === 0x0a;
    case 'word':
      return isWord(before) !== isWord(after);
    default:
      return isWord(before) === isWord(after);
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f
  );
}

/** Steps in the order in which they were added, each once; emptied without touching its memory. */
class StepSet {
  private readonly members: Int32Array;
  private readonly places: Int32Array;
  size = 0;

  constructor(most: number) {
    this.members = new Int32Array(most);
    this.places = new Int32Array(most);
  }

  at(index: number): number {
    return this.members[index] ?? 0;
  }

  /** False when it was there already. */
  add(step: number): boolean {
    const place = this.places[step] ?? 0;
    if (place < this.size && this.members[place] === step) return false;
    this.places[step] = this.size;
    this.members[this.size++] = step;
    return true;
  }

  clear(): void {
    this.size = 0;
  }
}
