import { isIP } from 'node:net';
import { addInvalid, type FieldErrors, invalid, required } from '../field-error.ts';
import { type Fields, fieldsList, optionalFields, textList, textOf } from '../json-fields.ts';
import { dnsSubdomain } from '../name-rules.ts';

const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;
const MAX_SEARCH_CHARACTERS = 2048;
const IP_RULE = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** Checks a pod's `dnsConfig` against its `dnsPolicy`. */
export function validateDnsConfig(spec: Fields, path: string, errors: FieldErrors): void {
  const config = optionalFields(spec.dnsConfig);
  if (spec.dnsPolicy === 'None') {
    if (config === undefined) {
      errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
      return;
    }
    if (textList(config.nameservers).length === 0) {
      errors.push(
        required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
      );
      return;
    }
  }
  if (config === undefined) return;
  const nameservers = textList(config.nameservers);
  if (nameservers.length > MAX_NAMESERVERS) {
    const rule = `must not have more than ${MAX_NAMESERVERS} nameservers`;
    errors.push(invalid(`${path}.nameservers`, nameservers, rule));
  }
  nameservers.forEach((address, index) => {
    validateIp(address, `${path}.nameservers[${index}]`, errors);
  });
  validateSearches(textList(config.searches), `${path}.searches`, errors);
  fieldsList(config.options).forEach((option, index) => {
    if (textOf(option.name) === '') errors.push(required(`${path}.options[${index}]`, 'must not be empty'));
  });
}

/** Checks a pod's `hostAliases`. */
export function validateHostAliases(value: unknown, path: string, errors: FieldErrors): void {
  fieldsList(value).forEach((alias, index) => {
    validateIp(textOf(alias.ip), `${path}[${index}].ip`, errors);
    for (const hostname of textList(alias.hostnames)) {
      addInvalid(errors, `${path}[${index}].hostnames`, hostname, dnsSubdomain(hostname));
    }
  });
}

/** Checks an IPv4 or IPv6 address. */
export function validateIp(address: string, path: string, errors: FieldErrors): void {
  if (isIP(address) === 0) errors.push(invalid(path, address, IP_RULE));
}

function validateSearches(searches: readonly string[], path: string, errors: FieldErrors): void {
  if (searches.length > MAX_SEARCH_PATHS) {
    errors.push(invalid(path, searches, `must not have more than ${MAX_SEARCH_PATHS} search paths`));
  }
  if (searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
    const rule = `must not have more than ${MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
    errors.push(invalid(path, searches, rule));
  }
  searches.forEach((search, index) => {
    if (search === '.') return;
    const domain = search.endsWith('.') ? search.slice(0, -1) : search;
    const plain = domain.replaceAll('_', '-').replace(/^-/, 'a');
    addInvalid(errors, `${path}[${index}]`, domain, dnsSubdomain(plain));
  });
}
