import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Identity, issueServer, newAuthority } from '../../server/certificates/issue.ts';
import { CommandError } from '../errors.ts';
import { readIfThere, writePrivate } from './private-files.ts';

/** What a server shows to its clients, and what they check it with. */
export interface ServerIdentity extends Identity {
  /** PEM text of the certificate that clients have to trust. */
  readonly authority: string;
}

/** A certificate and key from files of the user. */
export function givenIdentity(certFile: string, keyFile: string): ServerIdentity {
  const cert = requireFile(certFile);
  return { cert, key: requireFile(keyFile), authority: cert };
}

/**
 * A certificate for this address from an authority of the store's own, which lies in a folder beside the store and is
 * made the first time. `now` is in milliseconds since the epoch.
 */
export function ownIdentity(folder: string, address: string, now: number): ServerIdentity {
  const authority = ownAuthority(folder, now);
  const names = ['localhost', '127.0.0.1', '::1', hostname(), address];
  const hosts = [...new Set(names)].filter((name) => name !== '0.0.0.0' && name !== '::');
  return { ...issueServer(authority, hosts, now), authority: authority.cert };
}

function ownAuthority(folder: string, now: number): Identity {
  const [certFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  const [cert, key] = [readIfThere(certFile), readIfThere(keyFile)];
  if (cert !== undefined && key !== undefined) return { cert, key };
  const fresh = newAuthority(now);
  writePrivate(keyFile, fresh.key);
  writePrivate(certFile, fresh.cert);
  return fresh;
}

/** The bearer token in a file, which is made when it does not exist. */
export function tokenIn(file: string): string {
  const known = readIfThere(file);
  if (known === undefined) {
    const fresh = randomBytes(32).toString('base64url');
    writePrivate(file, `${fresh}\n`);
    return fresh;
  }
  const token = known.trim();
  if (!/^[\x21-\x7e]{16,}$/.test(token)) {
    throw new CommandError(`${file} must hold one token of at least 16 characters without spaces`);
  }
  return token;
}

function requireFile(file: string): string {
  const content = readIfThere(file);
  if (content === undefined) throw new CommandError(`${file} does not exist`);
  return content;
}
