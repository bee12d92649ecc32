import { byteLength } from './go-text.ts';

/** A rule about a text: what is wrong with it, in the API server's words. Empty: nothing. */
export type TextRule = (text: string) => readonly string[];

const NONE: readonly string[] = [];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const isLabel = whole(LABEL);
const isSubdomain = whole(SUBDOMAIN);
const isDns1035 = whole(DNS_1035);
const isQualified = whole(QUALIFIED);
const isLabelText = whole(LABEL_VALUE);
const isConfigKey = whole('[-._a-zA-Z0-9]+');
const isHeaderName = whole('[-A-Za-z0-9]+');
const isPercentText = whole('[0-9]+%');
const isPrintableWithoutEquals = whole('[ -<>-~]+');

const LABEL_RULE = patternText(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
);
const SUBDOMAIN_RULE = patternText(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
);
const DNS_1035_RULE = patternText(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  DNS_1035,
  'my-name',
  'abc-123',
);
const QUALIFIED_RULE = patternText(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED,
  'MyName',
  'my.name',
  '123-abc',
);
const LABEL_VALUE_RULE = patternText(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
);

/** DNS label (RFC 1123), at most 63: names of containers, volumes, namespaces. */
export const dnsLabel: TextRule = (text) => {
  const problems: string[] = [];
  if (byteLength(text) > 63) problems.push(atMostCharacters(63));
  if (!isLabel(text)) problems.push(isSubdomain(text) ? 'must not contain dots' : LABEL_RULE);
  return problems;
};

/** DNS subdomain (RFC 1123), at most 253: names of most objects. */
export const dnsSubdomain: TextRule = (text) => {
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push(atMostCharacters(253));
  if (!isSubdomain(text)) problems.push(SUBDOMAIN_RULE);
  return problems;
};

/** DNS label (RFC 1035), at most 63, starting with a letter: names of services. */
export const dns1035Label: TextRule = (text) => {
  const problems: string[] = [];
  if (byteLength(text) > 63) problems.push(atMostCharacters(63));
  if (!isDns1035(text)) problems.push(DNS_1035_RULE);
  return problems;
};

/** `name` or `prefix/name`: keys of labels, annotations and taints, finalizers, resource names. */
export const qualifiedName: TextRule = (text) => {
  const slash = text.indexOf('/');
  if (slash < 0) return namePartProblems(text);
  if (text.includes('/', slash + 1)) {
    return [
      `a qualified name ${QUALIFIED_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const prefix = text.slice(0, slash);
  const problems =
    prefix === ''
      ? ['prefix part must be non-empty']
      : dnsSubdomain(prefix).map((one) => `prefix part ${one}`);
  return [...problems, ...namePartProblems(text.slice(slash + 1))];
};

/** Value of a label, at most 63 bytes; may be empty. */
export const labelValue: TextRule = (text) => {
  const long = byteLength(text) > 63;
  if (!long && isLabelText(text)) return NONE;
  const problems: string[] = [];
  if (long) problems.push(atMostBytes(63));
  if (!isLabelText(text)) problems.push(LABEL_VALUE_RULE);
  return problems;
};

/** Name of a port: at most 15 characters of `a-z`, `0-9` and `-`, with a letter. */
export const portName: TextRule = (text) => {
  const problems: string[] = [];
  if (byteLength(text) > 15) problems.push(atMostCharacters(15));
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

/** Name of an environment variable: any printable ASCII but `=`. */
export const environmentVariableName: TextRule = (text) =>
  isPrintableWithoutEquals(text)
    ? NONE
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** Name of an HTTP header. */
export const httpHeaderName: TextRule = (text) =>
  isHeaderName(text)
    ? NONE
    : [
        patternText(
          "a valid HTTP header must consist of alphanumeric characters or '-'",
          '[-A-Za-z0-9]+',
          'X-Header-Name',
        ),
      ];

/** Key of a ConfigMap or a Secret: a file name, at most 253. */
export const configMapKey: TextRule = (text) => {
  const problems: string[] = [];
  if (byteLength(text) > 253) problems.push(atMostCharacters(253));
  if (!isConfigKey(text)) {
    problems.push(
      patternText(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    );
  }
  if (text === '.' || text === '..') problems.push(`must not be '${text}'`);
  else if (text.startsWith('..')) problems.push("must not start with '..'");
  return problems;
};

/** Percentage such as `25%`. */
export const percentText: TextRule = (text) =>
  isPercentText(text)
    ? NONE
    : [
        patternText(
          "a valid percent string must be a numeric string followed by an ending '%'",
          '[0-9]+%',
          '1%',
          '93%',
        ),
      ];

/** Text that can stand between two slashes of a URL: the least any object's name must be. */
export const pathSegment: TextRule = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((char) => text.includes(char)).map((char) => `may not contain '${char}'`);
};

/** Port number 1–65535. */
export function portNumberProblems(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? NONE : [rangeText(1, 65535)];
}

/** User or group number. */
export function userIdProblems(id: number): readonly string[] {
  return id >= 0 && id <= 2147483647 ? NONE : [rangeText(0, 2147483647)];
}

/** `must be between 1 and 65535, inclusive`. */
export function rangeText(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

/**
 * A name with a trailing dash made harmless, as rules for names see a `generateName`, which a suffix will follow.
 */
export function asNamePrefix(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function namePartProblems(name: string): readonly string[] {
  const long = byteLength(name) > 63;
  if (!long && isQualified(name)) return NONE;
  const problems: string[] = [];
  if (name === '') problems.push('name part must be non-empty');
  else if (long) problems.push(`name part ${atMostBytes(63)}`);
  if (!isQualified(name)) problems.push(`name part ${QUALIFIED_RULE}`);
  return problems;
}

function whole(pattern: string): (text: string) => boolean {
  const regex = new RegExp(`^${pattern}$`);
  return (text) => regex.test(text);
}

function patternText(rule: string, pattern: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function atMostCharacters(count: number): string {
  return `must be no more than ${count} characters`;
}

function atMostBytes(count: number): string {
  return `must be no more than ${count} bytes`;
}
