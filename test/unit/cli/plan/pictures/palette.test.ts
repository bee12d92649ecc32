import { describe, expect, test } from 'vitest';
import { contrastOf, inkOn, STATE_LOOKS, THEMES } from '../../../../../src/cli/plan/pictures/palette.ts';

const themes = ['light', 'dark'] as const;

describe('contrastOf', () => {
  test('is 21 between black and white, 1 between the same, and the same both ways', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#777777')).toBe(1);
    expect(contrastOf('#0b57d0', '#ffffff')).toBe(contrastOf('#ffffff', '#0b57d0'));
  });
});

describe.each(themes)('the %s theme', (theme) => {
  const { paper, soft, ink, faint, good, bad, accent } = THEMES[theme];

  test.each(Object.entries({ ink, faint, good, bad, accent }))(
    'has text in %s that reads well',
    (_, color) => {
      expect(contrastOf(color, paper)).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(color, soft)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(STATE_LOOKS)('has words on bars of $state that read well', (look) => {
    expect(contrastOf(inkOn(look[theme]), look[theme])).toBeGreaterThanOrEqual(4.5);
  });

  test('tells states apart without colour: equal textures differ in lightness', () => {
    const plain = STATE_LOOKS.filter(({ texture }) => texture === '');
    for (const one of plain)
      for (const other of plain)
        if (one !== other) expect(contrastOf(one[theme], other[theme])).toBeGreaterThan(1.5);
    const textures = STATE_LOOKS.map(({ texture }) => texture).filter((texture) => texture !== '');
    expect(new Set(textures).size).toBe(textures.length);
  });
});
