import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import {
  bits,
  explicit,
  identifier,
  implicit,
  integer,
  isTrue,
  octets,
  sequence,
  set,
  text,
  time,
} from './der.ts';

/** A key and its certificate, both as PEM text. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const ALTERNATIVE_NAMES = '2.5.29.17';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 365;
const AUTHORITY_NAME = 'kdaemon-ca';

/** Makes a certificate authority. `now` is in milliseconds since the epoch. */
export function newAuthority(now: number): Identity {
  const { privateKey, publicKey } = newKeys();
  const cert = certificate({
    subject: AUTHORITY_NAME,
    publicKey,
    signer: privateKey,
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension(BASIC_CONSTRAINTS, true, sequence(isTrue)),
      // keyCertSign and cRLSign.
      extension(KEY_USAGE, true, bits(Buffer.from([0x06]), 1)),
    ],
  });
  return { key: pem(privateKey), cert };
}

/** Makes a server's certificate for these host names and IP addresses, signed by the authority. */
export function issueServer(authority: Identity, hosts: readonly string[], now: number): Identity {
  const { privateKey, publicKey } = newKeys();
  const cert = certificate({
    subject: 'kdaemon',
    publicKey,
    signer: createPrivateKey(authority.key),
    now,
    days: SERVER_DAYS,
    extensions: [
      extension(BASIC_CONSTRAINTS, true, sequence()),
      // digitalSignature.
      extension(KEY_USAGE, true, bits(Buffer.from([0x80]), 7)),
      extension(EXTENDED_KEY_USAGE, false, sequence(identifier(SERVER_AUTHENTICATION))),
      extension(ALTERNATIVE_NAMES, false, sequence(...hosts.map(alternativeName))),
    ],
  });
  return { key: pem(privateKey), cert };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function certificate(parts: {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly now: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}): string {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  // Clocks differ: valid from an hour ago.
  const validity = sequence(time(parts.now - DAY_MS / 24), time(parts.now + parts.days * DAY_MS));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(AUTHORITY_NAME),
    validity,
    distinguishedName(parts.subject),
    parts.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...parts.extensions)),
  );
  const whole = sequence(body, algorithm, bits(sign('sha256', body, parts.signer)));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const distinguishedName = (name: string): Buffer =>
  sequence(set(sequence(identifier(COMMON_NAME), text(name))));

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(identifier(id), ...(critical ? [isTrue] : []), octets(value));
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return implicit(7, Buffer.from(host.split('.').map(Number)));
  if (isIPv6(host)) return implicit(7, ipv6Bytes(host));
  return implicit(2, Buffer.from(host));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (part: string): readonly number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of [...before, ...zeros, ...after].entries()) {
    bytes.writeUInt16BE(group, index * 2);
  }
  return bytes;
}
