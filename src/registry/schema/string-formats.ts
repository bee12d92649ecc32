import { isIPv4, isIPv6 } from 'node:net';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SHORT_NAME = new RegExp(`^${LABEL}$`);
const LONG_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const UUID = '[0-9a-f]{8}-?[0-9a-f]{4}-?VERSION[0-9a-f]{3}-?VARIANT[0-9a-f]{3}-?[0-9a-f]{12}';

function uuid(version: string, variant: string): (text: string) => boolean {
  const pattern = new RegExp(`^${UUID.replace('VERSION', version).replace('VARIANT', variant)}$`, 'i');
  return (text) => pattern.test(text);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]; // three groups
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) && (month !== 2 || day < 29 || leap);
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)([.,]\d+)?([Zz]|[+-]\d\d:?\d\d)$/;

function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  return match !== null && isDate(match[1] ?? '') && Number(match[2]) < 24 && Number(match[3]) < 60;
}

const GO_DURATION = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const WORD_DURATION =
  /^(?:\d+\s*(?:ns|nanos?(?:econds?)?|us|µs|micros?(?:econds?)?|ms|millis?(?:econds?)?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?))(?:\s+\d+\s*\w+)*$/;

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

function isUri(text: string): boolean {
  if (/\s/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false;
  return text.startsWith('/') || /^[A-Za-z][A-Za-z0-9+.-]*:./.test(text);
}

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

/** Formats of strings that custom resources are held to. Formats that are not here are not checked. */
const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map(
  Object.entries({
    date: isDate,
    'date-time': isDateTime,
    datetime: isDateTime,
    duration: (text: string) => text === '0' || GO_DURATION.test(text) || WORD_DURATION.test(text),
    ipv4: isIPv4,
    ipv6: isIPv6,
    cidr: isCidr,
    mac: matches(/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}(([:-][0-9a-f]{2}){2})?$/i),
    uuid: uuid('[0-9a-f]', '[0-9a-f]'),
    uuid3: uuid('3', '[0-9a-f]'),
    uuid4: uuid('4', '[89ab]'),
    uuid5: uuid('5', '[89ab]'),
    byte: matches(/^(?!$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
    uri: isUri,
    email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
    hexcolor: matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
    'k8s-short-name': (text: string) => text.length <= 63 && SHORT_NAME.test(text),
    'k8s-long-name': (text: string) => text.length <= 253 && LONG_NAME.test(text),
  }),
);

/** Whether a format says something about strings. */
export function isStringFormat(format: string): boolean {
  return FORMATS.has(format);
}

/** Whether a text has a format; true for formats that are not checked. */
export function hasFormat(text: string, format: string): boolean {
  return FORMATS.get(format)?.(text) ?? true;
}
