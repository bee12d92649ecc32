/** Reads a time of the API. Milliseconds since the epoch; undefined for an absent, null or unreadable time. */
export function parseRfc3339(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const ms = CANONICAL.test(text) ? parseCanonical(text) : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The form in which the API server writes times. Syncs read thousands of them, and Date.parse takes its time. */
const CANONICAL =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$/;

function parseCanonical(text: string): number {
  const number = (from: number, to: number): number => {
    let value = 0;
    for (let index = from; index < to; index++) value = value * 10 + text.charCodeAt(index) - 48;
    return value;
  };
  return Date.UTC(
    number(0, 4),
    number(5, 7) - 1,
    number(8, 10),
    number(11, 13),
    number(14, 16),
    number(17, 19),
  );
}

/** Writes a time as metav1.Time does: UTC, whole seconds (cut, not rounded), `2026-01-01T12:00:00Z`. */
export function formatRfc3339(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastFormatted.second) {
    lastFormatted = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  }
  return lastFormatted.text;
}

/** Batches of writes ask for the same time thousands of times. */
let lastFormatted = { second: Number.NaN, text: '' };

/** Writes a time as metav1.MicroTime does: UTC with six decimals. */
export function formatRfc3339Micro(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}
