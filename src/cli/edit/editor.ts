import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '../context.ts';
import { CommandError } from '../errors.ts';
import { errorCode } from '../manifests/go-reason.ts';

/** A text after it went through the editor, and the file that holds it. */
export interface EditedText {
  readonly text: string;
  readonly file: string;
}

/** The command line of the user's editor: $KUBE_EDITOR, $EDITOR or vi. */
function editorOf(env: World['env']): string {
  return env.KUBE_EDITOR || env.EDITOR || 'vi';
}

/** Writes the text into a file that nobody else can read or has made before. */
function newFile(env: World['env'], text: string, extension: string): string {
  const folder = env.TMPDIR || tmpdir();
  for (let at = 0; ; at += 1) {
    const file = join(folder, `kdaemon-edit-${process.pid}${at === 0 ? '' : `-${at}`}.${extension}`);
    try {
      writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
      return file;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Lets the user edit a text in a temporary file and waits. The file stays: the caller removes it, or names it where
 * the work in it must not be lost. Throws CommandError, in kubectl's words, when the editor can't be run or fails.
 */
export function editText(env: World['env'], text: string, extension: 'yaml' | 'json'): EditedText {
  const editor = editorOf(env);
  const file = newFile(env, text, extension);
  // Quotes and backslashes are the shell's to read; everything else is a program and its arguments.
  const [program = '', ...args] = /["'\\]/.test(editor)
    ? ['/bin/sh', '-c', `${editor} "$0"`]
    : editor.split(' ').filter((word) => word !== '');
  const { status, error } = spawnSync(program, [...args, file], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error !== undefined || status !== 0) {
    rmSync(file, { force: true });
    throw new CommandError(
      error === undefined
        ? `there was a problem with the editor ${JSON.stringify(editor)}`
        : `unable to launch the editor ${JSON.stringify(editor)}`,
    );
  }
  return { text: readFileSync(file, 'utf8'), file };
}
