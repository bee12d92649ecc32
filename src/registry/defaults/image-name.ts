/** Grammar of image references (the distribution project's), as far as defaulting needs it. */
const ALPHANUMERIC = '[a-z0-9]+';
const SEPARATOR = '(?:[._]|__|[-]+)';
const PATH_PART = `${ALPHANUMERIC}(?:${SEPARATOR}${ALPHANUMERIC})*`;
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const TAG = '\\w[\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(
  `^((?:${DOMAIN}/)?${PATH_PART}(?:/${PATH_PART})*)(?::(${TAG}))?(?:@(${DIGEST}))?$`,
);
const IDENTIFIER = /^[a-f0-9]{64}$/;

/** Longest repository name, without its domain. */
const MAX_NAME = 255;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Adds the registry that an image name without one means, as container runtimes do. */
function withDomain(image: string): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  if (isDomain) return image;
  return `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
}

/**
 * The tag that an image name means: its own, `latest` where it has neither tag nor digest, '' where it has a digest
 * alone or is no image name.
 */
export function imageTag(image: string): string {
  if (IDENTIFIER.test(image)) return '';
  const match = REFERENCE.exec(withDomain(image));
  if (match === null) return '';
  const [, name = '', tag, digest] = match;
  const repository = name.slice(name.indexOf('/') + 1);
  if (repository.length > MAX_NAME) return '';
  if (digest !== undefined && !isKnownDigest(digest)) return '';
  return tag ?? (digest === undefined ? 'latest' : '');
}

function isKnownDigest(digest: string): boolean {
  const [algorithm = '', hex = ''] = digest.split(':');
  return DIGEST_LENGTHS[algorithm] === hex.length && hex === hex.toLowerCase();
}

/** `Always` for images that may change under their name, `IfNotPresent` for others. */
export function pullPolicyFor(image: unknown): string {
  return imageTag(typeof image === 'string' ? image : '') === 'latest' ? 'Always' : 'IfNotPresent';
}
