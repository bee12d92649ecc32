/** How far apart the times of metav1.Time (whole seconds) and metav1.MicroTime are written. */
export type TimePrecision = 'seconds' | 'micros';

/** A text that is no RFC 3339 time. The message is Go's. */
class GoTimeError extends Error {}

const LAYOUTS = {
  seconds: '2006-01-02T15:04:05Z07:00',
  micros: '2006-01-02T15:04:05.000000Z07:00',
} as const;

/** Times that are written already as the API writes them, on days that every month has. */
const CANONICAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(month: number, year: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 31);
}

/**
 * Reads an RFC 3339 time as Go's time.Parse does and writes it as the API does: in UTC, with whole seconds or with
 * microseconds. Throws GoTimeError.
 */
export function canonicalTime(text: string, precision: TimePrecision): string {
  if (precision === 'seconds' && CANONICAL.test(text)) return text;
  const layout = LAYOUTS[precision];
  let rest = text;
  const fail = (element: string): never => {
    throw new GoTimeError(
      `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`,
    );
  };
  const outOfRange = (what: string): never => {
    throw new GoTimeError(`parsing time ${JSON.stringify(text)}: ${what} out of range`);
  };
  const digits = (count: number, element: string): number => {
    const found = rest.slice(0, count);
    if (found.length < count || !/^\d+$/.test(found)) fail(element);
    rest = rest.slice(count);
    return Number(found);
  };
  const literal = (char: string): void => {
    if (!rest.startsWith(char)) fail(char);
    rest = rest.slice(1);
  };
  const year = digits(4, '2006');
  literal('-');
  const month = digits(2, '01');
  if (month < 1 || month > 12) outOfRange('month');
  literal('-');
  const day = digits(2, '02');
  literal('T');
  const hour = digits(/^\d\d/.test(rest) ? 2 : 1, '15');
  if (hour > 23) outOfRange('hour');
  literal(':');
  const minute = digits(2, '04');
  if (minute > 59) outOfRange('minute');
  literal(':');
  const second = digits(2, '05');
  if (second > 59) outOfRange('second');
  let micros = 0;
  if (precision === 'micros') {
    const fraction = /^[.,]\d{6}/.exec(rest)?.[0] ?? fail('.000000');
    micros = Number(fraction.slice(1));
    rest = rest.slice(fraction.length);
  } else {
    rest = rest.replace(/^[.,]\d+/, '');
  }
  let offsetMinutes = 0;
  if (rest.startsWith('Z')) rest = rest.slice(1);
  else {
    const zone = /^([+-])(\d\d):(\d\d)/.exec(rest) ?? fail('Z07:00');
    const [hours, minutes] = [Number(zone[2]), Number(zone[3])];
    if (hours > 24) outOfRange('time zone offset hour');
    if (minutes > 60) outOfRange('time zone offset minute');
    offsetMinutes = (zone[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
    rest = rest.slice(6);
  }
  if (rest !== '') {
    throw new GoTimeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`);
  }
  if (day < 1 || day > daysIn(month, year)) outOfRange('day');
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - offsetMinutes, second);
  return withFraction(utc.toISOString(), precision, micros);
}

function withFraction(iso: string, precision: TimePrecision, micros: number): string {
  const whole = iso.slice(0, iso.indexOf('.'));
  return precision === 'seconds' ? `${whole}Z` : `${whole}.${String(micros).padStart(6, '0')}Z`;
}
