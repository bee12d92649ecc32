import { describe, expect, test } from 'vitest';
import { alignTabs, tabbedText } from '../../../../src/cli/describe/tabbed-text.ts';

describe('cells', () => {
  test('stand two blanks apart, in columns as wide as their widest cell', () => {
    expect(alignTabs('a\tb\tc\nlong\tx\ty\n')).toBe('a     b  c\nlong  x  y\n');
  });

  test('are aligned only with lines next to them that have the same column', () => {
    expect(alignTabs('a\tb\nno cells\nlonger\tb\n')).toBe('a  b\nno cells\nlonger  b\n');
  });

  test('of a further column end where a line has no such column', () => {
    expect(alignTabs('a\tbbbb\tc\nlong\tx\na\tb\tc\n')).toBe('a     bbbb  c\nlong  x\na     b  c\n');
  });

  test('behind the last tab need no room', () => {
    expect(alignTabs('a\tlong text\nb\t\n')).toBe('a  long text\nb  \n');
  });

  test('that are empty take the padding', () => {
    expect(alignTabs('a\t\tb\n')).toBe('a    b\n');
  });

  test('are measured in code points', () => {
    expect(alignTabs('😀\tx\nab\ty\n')).toBe('😀   x\nab  y\n');
  });
});

test('text of objects can not steer a terminal', () => {
  const out = tabbedText();
  out.line(1, 'a\u001b[31mb\rc');
  expect(out.text()).toBe('  a^[[31mb\\rc\n');
});
