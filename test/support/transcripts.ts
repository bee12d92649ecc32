import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './kdaemon.ts';

/** One line of a recorded session: a command with its answer, or a wait until nothing changes any more. */
type Step =
  | { readonly settle: true }
  | {
      readonly settle?: undefined;
      /** As typed in a shell: `kubectl get pods -l "a in (b)"`. */
      readonly run: string;
      readonly stdin?: string;
      readonly exit: number;
      readonly stdout: string;
      readonly stderr: string;
    };

/** A kubectl session that was recorded against a Kubernetes 1.37 control plane. */
export interface Transcript {
  /** Name to content, in the working directory. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** What a command answered. */
export interface Answer {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Reads a copy of a recording: `seed-walkthrough`, `errors`, `apply`, `output-formats`. */
export function readTranscript(name: string): Transcript {
  const path = join(repository, 'test/transcripts/data', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Transcript; // the recorder's own format
}

/** Splits a command line as a shell does, as far as the recordings need it: blanks, and quotes of both kinds. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  );
}

/** The same answer by another name: the program's own is not part of the contract. */
const renamed = (text: string): string => text.replace(/\bkubectl\b(?![.-])/g, 'kdaemon');

/**
 * What two answers have in common when they mean the same. Ages, times, UIDs, resource versions, IPs and the random
 * ends of pod names are masked, with the widths of columns that follow from them; where pod names are in the text,
 * their lines have no order.
 */
function masked(text: string): string {
  let random = false;
  const named = text.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}(?=[\s"]|$)/gm, () => {
    random = true;
    return '-POD';
  });
  const bare = named
    .replace(/\b10\.\d+\.\d+\.\d+ +/g, 'IP ')
    .replace(/(?<=\s|^)\d+[smhd](?:\d+[smh])?(?= |$) */gm, 'AGE ')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID')
    .replace(/(resourceVersion"?: )"\d+"/g, '$1VERSION')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
  return random ? bare.split('\n').sort().join('\n') : bare;
}

/** An answer in the form in which answers are compared. */
export function comparable({ exit, stdout, stderr }: Answer): Answer {
  return { exit, stdout: masked(renamed(stdout)), stderr: masked(renamed(stderr)) };
}
