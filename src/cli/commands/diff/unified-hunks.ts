import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';

/**
 * The hunks that lead from one text to another, as `diff -u` prints them, with three unchanged lines around each. ''
 * when the texts are the same.
 */
export function unifiedHunks(from: string, to: string): string {
  if (from === to) return '';
  const hunks = createTwoFilesPatch('', '', from, to, undefined, undefined, {
    context: 3,
    headerOptions: OMIT_HEADERS,
  });
  // diff leaves a length of 1 out. Lines of the texts have a mark before them, so only headings begin with @.
  return hunks.replace(/^@@ .* @@$/gm, (heading) => heading.replaceAll(/,1(?= )/g, ''));
}
