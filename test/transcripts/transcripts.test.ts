import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/kdaemon.ts';
import { replay } from './replay.ts';
import { readTranscript } from './transcript.ts';

const data = join(import.meta.dirname, 'data');

test.each(readdirSync(data))(
  'the session in %s is answered as it was recorded',
  async (file) => {
    const transcript = readTranscript(join(data, file));
    const { passed, failures } = await replay(
      join(repository, 'bin/kdaemon.js'),
      file.replace('.json', ''),
      transcript,
    );
    expect(failures).toEqual([]);
    expect(passed).toBe(transcript.steps.filter(({ settle }) => settle === undefined).length);
  },
  180_000,
);
