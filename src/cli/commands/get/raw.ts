import { type Status, StatusError } from '../../../api/status.ts';
import { KUBERNETES_VERSION } from '../../../api/well-known.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { createApp } from '../../../server/app.ts';
import { changeFeed } from '../../../server/change-feed.ts';
import type { Invocation } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { stopSignal } from '../../stop-signal.ts';

/** `kdaemon get --raw PATH`: what the API answers to a GET of the path, as it is. Throws CommandError, StatusError. */
export async function getRaw({ flags, args, context }: Invocation): Promise<void> {
  requireAlone(flags, args);
  const target = flags.string('raw');
  if (!target.startsWith('/')) {
    throw new CommandError(
      `--raw must be a valid URL path: parse ${JSON.stringify(target)}: invalid URI for request`,
    );
  }
  const client = await context.client();
  const origin = (await context.now()) - context.clock.now();
  const clock: Clock = { now: () => context.clock.now() + origin };
  const feed = changeFeed(client, clock);
  const stop = stopSignal();
  try {
    const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(KUBERNETES_VERSION) ?? [];
    const app = createApp({ client, feed, clock, version: { gitVersion: KUBERNETES_VERSION, major, minor } });
    const mark = target.indexOf('?');
    const response = await app.handle({
      method: 'GET',
      path: mark < 0 ? target : target.slice(0, mark),
      query: new URLSearchParams(mark < 0 ? '' : target.slice(mark)),
      headers: {},
      body: Buffer.alloc(0),
      user: { username: 'kubernetes-admin', groups: ['system:masters'] },
    });
    const { status, body } = response;
    if (typeof body === 'function') {
      for await (const part of body(stop.signal)) context.streams.out(part);
    } else if (status < 400) {
      context.streams.out(body);
    } else {
      throw refusal(body);
    }
  } finally {
    stop.forget();
    feed.close();
  }
}

/** Throws where something is asked for that goes with tables and lists, but not with a bare path. */
function requireAlone(flags: Invocation['flags'], args: readonly string[]): void {
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
  if (flags.string('output') !== '') throw new CommandError('--raw and --output are mutually exclusive');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '') {
    throw new CommandError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  }
}

/** The refusal in a response's body; paths that nothing is served at are answered in plain text. */
function refusal(body: string): StatusError {
  if (body.startsWith('{')) return new StatusError(JSON.parse(body) as Status); // written by the app, which is ours
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'the server could not find the requested resource',
    reason: 'NotFound',
    code: 404,
  });
}
