const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What Go prints of the time that is none. */
const ZERO_TIME = 'Mon, 01 Jan 0001 00:00:00 +0000';

/** An RFC 3339 time in Go's RFC1123Z form, in UTC: `Tue, 24 Nov 2026 06:20:09 +0000`. */
export function utcWithOffset(time: string | null | undefined): string {
  const ms = time === null || time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(ms)) return ZERO_TIME;
  const date = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${date.getUTCFullYear()} ${clock} +0000`;
}
