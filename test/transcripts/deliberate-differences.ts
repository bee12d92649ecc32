/** A step that kdaemon answers differently on purpose. */
export interface DeliberateDifference {
  /** Base name of the transcript, without `.json`. */
  readonly transcript: string;
  /** The step's command line. */
  readonly run: string;
  readonly reason: string;
}

/** All of them; the list stays short. */
export const DELIBERATE_DIFFERENCES: readonly DeliberateDifference[] = [];
