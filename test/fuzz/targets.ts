import type { Target } from './fuzz.ts';
import { OBJECT_TARGETS } from './object-targets.ts';
import { SERVER_TARGETS } from './server-targets.ts';
import { TEXT_TARGETS } from './text-targets.ts';

/** All readers of the program. */
export const TARGETS: readonly Target[] = [...TEXT_TARGETS, ...OBJECT_TARGETS, ...SERVER_TARGETS];
