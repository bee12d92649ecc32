import type { Json, KubeObject } from '../api/meta.ts';
import { at } from '../registry/strategies/generic.ts';
import type { User } from './http-messages.ts';

const ALL_RULES = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};

/** Whether a kind only answers questions and keeps nothing. */
export function isReview(kind: string): boolean {
  return kind.endsWith('Review');
}

/**
 * Answers a review. Whoever was let in may do everything: there is no role-based access control here, whatever roles
 * the store holds.
 */
export function reviewed(kind: string, body: Json, user: User): KubeObject {
  const review = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
  const status = statusOf(kind, user);
  // The envelope comes from the caller's own kind, and reviews carry no metadata that matters.
  return {
    ...review,
    metadata: { creationTimestamp: null, ...asRecord(at(body, 'metadata')) },
    status,
  } as unknown as KubeObject;
}

function statusOf(kind: string, user: User): unknown {
  switch (kind) {
    case 'SelfSubjectRulesReview':
      return ALL_RULES;
    case 'SelfSubjectReview':
      return { userInfo: user };
    case 'TokenReview':
      return { user: {}, error: 'kdaemon does not review tokens' };
    default:
      return { allowed: true };
  }
}

const asRecord = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
