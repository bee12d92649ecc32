import { CommandError } from './errors.ts';

/** The most that is read of one input, in bytes: no text of JavaScript can be longer. */
export const MAX_INPUT_BYTES = 512 * 1024 * 1024 - 1024;

/** The refusal of an input that is longer; `name` is the user's word for it. */
export function inputTooLong(name: string): CommandError {
  return new CommandError(`${name} has more than ${MAX_INPUT_BYTES} bytes`);
}

/** All bytes of a stream, which may have no end. Throws CommandError as soon as there are too many; throws what the stream throws. */
export async function readToEnd(stream: AsyncIterable<unknown>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer; // streams of bytes without an encoding give nothing else
    length += bytes.length;
    if (length > MAX_INPUT_BYTES) throw inputTooLong(name);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}
