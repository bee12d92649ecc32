import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** What a command answered. */
export interface Answer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command of a session, with the answer that was recorded. */
export interface CommandStep extends Answer {
  /** A line for the shell: `kubectl get pods; echo exit=$?`. */
  readonly run: string;
  readonly stdin?: string;
  readonly settle?: undefined;
}

/** A recorded kubectl session. */
export interface Transcript {
  /** Name to content, in the working directory. */
  readonly files: Readonly<Record<string, string>>;
  /** `settle`: wait until nothing changes any more. */
  readonly steps: readonly (CommandStep | { readonly settle: true })[];
}

/** Reads a transcript, plain or gzipped. Throws what the file system and JSON.parse throw. */
export function readTranscript(file: string | URL): Transcript {
  const bytes = readFileSync(file);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return JSON.parse((isGzip ? gunzipSync(bytes) : bytes).toString('utf8')) as Transcript; // the recorder's format
}
