import type { StatusError } from '../api/status.ts';
import { refusal, unsupportedMediaType } from '../registry/status-errors.ts';

/** What an object may be turned into on its way out. */
type View = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How a client wants its answer. */
export interface Accepted {
  readonly format: 'json' | 'yaml';
  /** Absent: the object as it is. */
  readonly as?: View;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const VIEWS: readonly View[] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];

/** The media ranges of an Accept header, best first. */
export function mediaRanges(header: string | undefined): readonly MediaRange[] {
  const ranges = (header ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(mediaRange);
  const quality = ({ parameters }: MediaRange): number => Number(parameters.get('q') ?? 1);
  return [...ranges].sort((a, b) => quality(b) - quality(a));
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const pairs = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split('=');
    return [name.toLowerCase(), value];
  });
  return { type: type.toLowerCase(), parameters: new Map(pairs) };
}

/**
 * Chooses the first media range of an Accept header that can be served. Throws 406 when there is none: clients that
 * only read protobuf learn from it that this server writes JSON.
 */
export function negotiate(header: string | undefined): Accepted {
  const ranges = mediaRanges(header);
  if (ranges.length === 0) return { format: 'json' };
  for (const range of ranges) {
    const accepted = acceptedBy(range);
    if (accepted !== undefined) return accepted;
  }
  throw notAcceptable();
}

function acceptedBy({ type, parameters }: MediaRange): Accepted | undefined {
  if (type === '*/*' || type === 'application/*') return { format: 'json' };
  const format = type === 'application/json' ? 'json' : isYaml(type) ? 'yaml' : undefined;
  if (format === undefined) return undefined;
  const as = parameters.get('as');
  if (as === undefined) return { format };
  const view = VIEWS.find((one) => one === as);
  if (view === undefined || parameters.get('g') !== 'meta.k8s.io') return undefined;
  return parameters.get('v') === 'v1' ? { format, as: view } : undefined;
}

function notAcceptable(): StatusError {
  return refusal(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/json;stream=watch, application/yaml',
  );
}

const isYaml = (type: string): boolean => type === 'application/yaml' || type === 'text/yaml';

/** How a request's body is written. Throws 415 for what an API server does not read either. */
export function bodyFormat(contentType: string | undefined): 'json' | 'yaml' | 'protobuf' {
  const { type } = mediaRange(contentType ?? '');
  if (type === '' || type === 'application/json') return 'json';
  if (isYaml(type)) return 'yaml';
  if (type === 'application/vnd.kubernetes.protobuf') return 'protobuf';
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}

const PATCH_TYPES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

/** What sort of patch a body is. Throws 415 for content that is no patch. */
export function patchType(contentType: string | undefined): (typeof PATCH_TYPES)[keyof typeof PATCH_TYPES] {
  const { type } = mediaRange(contentType ?? '');
  const known = Object.entries(PATCH_TYPES).find(([name]) => name === type);
  if (known !== undefined) return known[1];
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${Object.keys(PATCH_TYPES).join(', ')}`,
  );
}
