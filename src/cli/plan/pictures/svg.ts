import type { PlanReport } from '../../../sim/plan-report.ts';
import { durationText } from '../../../sim/wording.ts';
import { availabilityPhrase, resultPhrase, strategyPhrase } from '../phrases.ts';
import { wrapped } from '../text-layout.ts';
import { countTicks, momentText, timeTicks } from './axis-ticks.ts';
import { type Brushes, drawPicture } from './draw-picture.ts';
import { drawRows } from './draw-rows.ts';
import { drawSteps } from './draw-steps.ts';
import { escapeMarkup } from './markup.ts';
import { pictureCss, STATE_LOOKS } from './palette.ts';
import { type PictureData, pictureData } from './picture-data.ts';

/** The brushes as they are in this process. */
export const brushes: Brushes = { drawRows, drawSteps, timeTicks, countTicks, escapeMarkup, momentText };

const width = 1100;
const margin = 20;

/** The rollout of a plan as one SVG document, light or dark as the reader's system is. */
export function planSvg(report: PlanReport): string {
  const data = pictureData(report);
  const { namespace, name } = report.daemonSet;
  const title = `Rollout of DaemonSet ${namespace}/${name}: ${resultPhrase(report)}`;
  const head = [
    { text: `DaemonSet ${namespace}/${name}`, look: 'ink strong', size: 18 },
    {
      text: resultPhrase(report),
      look: report.rollout.outcome === 'stuck' ? 'bad strong' : 'good strong',
      size: 14,
    },
    ...[availabilityPhrase(report), strategyPhrase(report), ...stuckLines(report)].map((text) => ({
      text,
      look: 'faint',
      size: 13,
    })),
  ].flatMap((line) =>
    wrapped(line.text, Math.floor(((width - 2 * margin) / line.size) * 1.75), '').map((text) => ({
      ...line,
      text: cut(text),
    })),
  );
  let y = margin;
  const heading = head.map(({ text, look, size }) => {
    y += size + 7;
    return `<text x="${margin}" y="${y}" class="${look}" style="font-size:${size}px">${escapeMarkup(text)}</text>`;
  });
  const legend = legendAt(y + 16, data);
  const top = legend.bottom + 14;
  const picture = drawPicture(
    data,
    {
      width: width - 2 * margin,
      fromMs: 0,
      toMs: Math.max(1, data.shownMs),
      rows: data.rows,
      looks: STATE_LOOKS,
    },
    brushes,
  );
  const height = top + (data.endMs === 0 ? 0 : picture.height) + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="plan-title plan-desc">
<title id="plan-title">${escapeMarkup(title)}</title>
<desc id="plan-desc">${escapeMarkup(description(report))}</desc>
<style>${pictureCss()}</style>
${textures()}
<rect class="paper" width="${width}" height="${height}"/>
${heading.join('')}${legend.body}
${data.endMs === 0 ? '' : `<g transform="translate(${margin} ${top})">${picture.body}</g>`}
</svg>
`;
}

const cut = (text: string): string => (text.length <= 170 ? text : `${text.slice(0, 169)}…`);

const stuckLines = ({ rollout: { stuck } }: PlanReport): readonly string[] =>
  stuck === undefined
    ? []
    : [`Stuck: ${stuck.because}`, ...(stuck.advice === undefined ? [] : [stuck.advice])];

/** What the picture shows, in sentences, for those who do not see it. */
export function description(report: PlanReport): string {
  const { timeline, rollout } = report;
  const marks = timeline.marks.map(({ atMs, text }) => `${durationText(atMs)}: ${text}`);
  return [
    `${timeline.tracks.length} nodes over ${durationText(timeline.endMs)}.`,
    `${resultPhrase(report)}; ${availabilityPhrase(report)}.`,
    ...(rollout.stuck === undefined ? [] : [`Stuck: ${rollout.stuck.because}.`]),
    ...(marks.length === 0 ? [] : [`Marks: ${marks.join('; ')}.`]),
  ].join(' ');
}

/** The textures that `drawRows` refers to. */
export function textures(): string {
  const tiles = STATE_LOOKS.filter(({ texture }) => texture !== '').map(
    ({ state, texture }) =>
      `<pattern id="x-${state}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${texture}" class="x-${state}" fill="none" stroke-opacity=".55"/></pattern>`,
  );
  return `<defs>${tiles.join('')}</defs>`;
}

/** States that occur in the data, in the order of STATE_LOOKS. */
export function statesIn({ tracks }: PictureData): typeof STATE_LOOKS {
  const seen = new Set<number>();
  for (const { main, surge = [] } of tracks)
    for (const flat of [main, surge]) for (let at = 2; at < flat.length; at += 3) seen.add(flat[at] ?? 0);
  return STATE_LOOKS.filter((_, place) => seen.has(place));
}

/** A box of the state's look, as SVG elements. */
export function swatch(look: (typeof STATE_LOOKS)[number], x: number, y: number): string {
  const box = `x="${x}" y="${y}" width="22" height="14"`;
  const texture = look.texture === '' ? '' : `<rect ${box} fill="url(#x-${look.state})"/>`;
  return `<rect ${box} class="s-${look.state}"/>${texture}<rect ${box} class="frame"/>`;
}

function legendAt(top: number, data: PictureData): { readonly body: string; readonly bottom: number } {
  let x = margin;
  let y = top;
  const parts = statesIn(data).map((look) => {
    const length = 22 + 6 + look.word.length * 7 + 22;
    if (x + length > width - margin) {
      x = margin;
      y += 22;
    }
    const part = `${swatch(look, x, y)}<text x="${x + 28}" y="${y + 11}" class="ink">${look.word}</text>`;
    x += length;
    return part;
  });
  return { body: parts.join(''), bottom: y + 14 };
}
