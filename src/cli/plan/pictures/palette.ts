import type { NodeState } from '../../../sim/plan-report.ts';

/** How one state of a node is drawn: a word and a texture besides its colours, so that nobody needs to tell colours apart. */
export interface StateLook {
  readonly state: NodeState;
  /** In legends and inside of bars. */
  readonly word: string;
  /** Fills, as `#rrggbb`. */
  readonly light: string;
  readonly dark: string;
  /** Strokes of the texture, as SVG path data in a tile of 6 by 6; empty for a plain fill. */
  readonly texture: string;
  /** In a line of text: one column wide. */
  readonly block: string;
}

const slash = 'M-1 1l2-2M0 6l6-6M5 7l2-2';
const backslash = 'M-1 5l2 2M0 0l6 6M5-1l2 2';

/**
 * All states, the best first: where several share a pixel, the one further down is shown. Hues were chosen to differ in
 * lightness too.
 */
export const STATE_LOOKS: readonly StateLook[] = [
  { state: 'ready', word: 'ready', light: '#167a52', dark: '#35b583', texture: '', block: '█' },
  {
    state: 'settling',
    word: 'settling',
    light: '#9fdcbc',
    dark: '#1f5a43',
    texture: 'M0 1.5h6M0 4.5h6',
    block: '▓',
  },
  { state: 'old', word: 'old', light: '#b9c2cd', dark: '#57616e', texture: '', block: '·' },
  {
    state: 'starting',
    word: 'starting',
    light: '#2f74c8',
    dark: '#5b9cf0',
    texture: 'M1.5 0v6M4.5 0v6',
    block: '▒',
  },
  { state: 'pulling', word: 'pulling', light: '#9cc9f3', dark: '#27507f', texture: slash, block: '░' },
  {
    state: 'pending',
    word: 'pending',
    light: '#f0d264',
    dark: '#8a6d12',
    texture: 'M1 2h2M4 5h2',
    block: '?',
  },
  { state: 'absent', word: 'no pod', light: '#ffffff', dark: '#14181d', texture: 'M0 3h2', block: ' ' },
  {
    state: 'terminating',
    word: 'terminating',
    light: '#b384cf',
    dark: '#8a57ab',
    texture: backslash,
    block: '-',
  },
  {
    state: 'oldUnready',
    word: 'old, unready',
    light: '#7c6f64',
    dark: '#a8998a',
    texture: `${slash}${backslash}`,
    block: 'x',
  },
  {
    state: 'failed',
    word: 'failed',
    light: '#c8321f',
    dark: '#f0705c',
    texture: 'M0 0l6 6M0 6l6-6',
    block: '!',
  },
];

/** Colours of everything that is not a state. */
export const THEMES = {
  light: {
    paper: '#ffffff',
    ink: '#1b1f24',
    faint: '#57606a',
    line: '#d0d7de',
    good: '#1b6e4a',
    bad: '#b3261e',
    accent: '#0b57d0',
    soft: '#f3f5f8',
  },
  dark: {
    paper: '#14181d',
    ink: '#e8ebef',
    faint: '#a3adb8',
    line: '#3a424c',
    good: '#5fd3a1',
    bad: '#ff8f7f',
    accent: '#8ab4ff',
    soft: '#1d232a',
  },
} as const;
/** A look of the page: the reader's system chooses. */
export type ThemeName = keyof typeof THEMES;

/** The contrast of two colours (`#rrggbb`) as WCAG 2 defines it, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Black or white, whichever reads better on the colour. */
export function inkOn(color: string): string {
  return contrastOf(color, '#ffffff') >= contrastOf(color, '#000000') ? '#ffffff' : '#000000';
}

/** The style sheet of pictures, for both themes; classes only, since not every viewer of SVG knows CSS variables. */
export function pictureCss(): string {
  const dark = themeCss('dark');
  return `${themeCss('light')}.plot text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px}.plot .small{font-size:11px}.plot .strong{font-weight:600}.plot .num{font-variant-numeric:tabular-nums}.plot .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}.plot .dash{stroke-dasharray:5 4}.plot .curve{fill:none;stroke-width:2}.plot .area{fill-opacity:.16;stroke:none}@media (prefers-color-scheme:dark){${dark}}`;
}

function themeCss(name: ThemeName): string {
  const { paper, ink, faint, line, good, bad, accent } = THEMES[name];
  const states = STATE_LOOKS.map((look) => {
    const on = inkOn(look[name]);
    return `.s-${look.state}{fill:${look[name]}}.x-${look.state}{stroke:${on}}.t-${look.state}{fill:${on}}.h-${look.state}{stroke:${look[name]}}`;
  }).join('');
  return `.paper{fill:${paper}}.halo{stroke:${paper}}.ink{fill:${ink}}.faint{fill:${faint}}.bad{fill:${bad}}.good{fill:${good}}.grid{stroke:${line}}.frame{stroke:${faint};fill:none}.mark{stroke:${accent}}.marked{fill:${accent}}.limit{stroke:${bad}}.wanted{stroke:${faint}}.curve.ok{stroke:${good}}.area.ok{fill:${good}}.curve.new{stroke:${accent}}.area.new{fill:${accent}}.cursor{stroke:${ink}}${states}`;
}
