import { createHash } from 'node:crypto';
import type { PlanReport } from '../../../sim/plan-report.ts';
import { durationText } from '../../../sim/wording.ts';
import { assumptionPhrase, availabilityPhrase, resultPhrase, strategyPhrase } from '../phrases.ts';
import { drawPicture } from './draw-picture.ts';
import { scriptJson, escapeMarkup as text } from './markup.ts';
import { runPage } from './page-script.ts';
import { pageSections } from './page-sections.ts';
import { pageCss } from './page-style.ts';
import { STATE_LOOKS } from './palette.ts';
import { pictureData } from './picture-data.ts';
import { brushes, description, statesIn, swatch, textures } from './svg.ts';

/** Of each hash the page's policy speaks: nothing else runs, and nothing is loaded. */
const hashOf = (content: string): string =>
  `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The rollout of a plan as one HTML page that loads nothing: the pictures, a cursor through time, and all that was found. */
export function planHtml(report: PlanReport): string {
  const data = pictureData(report);
  const { namespace, name } = report.daemonSet;
  const title = `Rollout of DaemonSet ${namespace}/${name}`;
  const css = pageCss();
  const script = pageScript();
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(css)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const looks = STATE_LOOKS.map(({ state, word, texture }) => ({ state, word, texture }));
  const look = { complete: 'good', unchanged: 'good', onDelete: '', stuck: 'bad' }[report.rollout.outcome];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<p class="result ${look}">${text(resultPhrase(report))}</p>
<p>${text(availabilityPhrase(report))}</p>
<p class="faint">${text(strategyPhrase(report))}</p>
${numbers(report)}${stuck(report)}${data.endMs === 0 ? '' : figure(report, data)}
${pageSections(report)}
<p class="faint">Assumed: ${text(assumptionPhrase(report))}.</p>
</main>
${data.endMs === 0 ? '' : `<script type="application/json" id="contents">${scriptJson({ data, looks })}</script>\n<script>${script}</script>`}
</body>
</html>
`;
}

/** The code of the page: the functions as they are compiled here, which refer to nothing outside of themselves. */
function pageScript(): string {
  const parts = Object.entries(brushes).map(([name, brush]) => `${name}:${String(brush)}`);
  return `(${String(runPage)})(window,JSON.parse(document.getElementById('contents').textContent),${String(drawPicture)},{${parts.join(',')}});`;
}

function numbers({ rollout }: PlanReport): string {
  const { durationMs, desired, upToDate, fewestAvailable, mostUnavailable, mostSurge, waves } = rollout;
  const tiles: readonly (readonly [string, string])[] = [
    ['Takes', durationText(durationMs)],
    ['Up to date', `${upToDate} of ${desired}`],
    ['Fewest available', `${fewestAvailable.count}`],
    ['Most down at once', `${mostUnavailable}`],
    ['Most extra pods', `${mostSurge}`],
    ['Waves', `${waves.length}`],
  ];
  return `<dl class="numbers">${tiles.map(([term, value]) => `<div><dt>${term}</dt><dd>${text(value)}</dd></div>`).join('')}</dl>`;
}

function stuck({ rollout: { stuck: found } }: PlanReport): string {
  if (found === undefined) return '';
  const shown = found.nodes
    .slice(0, 10)
    .map(({ node, because }) => `<li><b>${text(node)}</b>: ${text(because)}</li>`);
  const left = found.nodes.slice(10).map(({ node }) => node);
  const more =
    left.length === 0
      ? ''
      : `<li><details><summary>and ${left.length} more</summary><p>${text(left.join(', '))}</p></details></li>`;
  const advice = found.advice === undefined ? '' : `<p><b>Advice:</b> ${text(found.advice)}</p>`;
  return `<div class="stuck" id="stuck"><p><b>Stuck at ${durationText(found.atMs)}:</b> ${text(found.because)}</p><ul>${shown.join('')}${more}</ul>${advice}</div>`;
}

function figure(report: PlanReport, data: ReturnType<typeof pictureData>): string {
  const picture = drawPicture(
    data,
    { width: 1060, fromMs: 0, toMs: Math.max(1, data.shownMs), rows: data.rows, looks: STATE_LOOKS },
    brushes,
  );
  const legend = statesIn(data).map(
    (look) =>
      `<li><svg width="24" height="16" aria-hidden="true">${swatch(look, 1, 1)}</svg>${look.word}</li>`,
  );
  return `<section aria-label="Timeline">
<h2>Timeline</h2>
<ul class="legend">${legend.join('')}</ul>
<div class="controls">
<label class="wide">Time <input type="range" id="cursor" min="0" max="${data.endMs}" step="1" value="0"></label>
<label>Find nodes <input type="search" id="filter" autocomplete="off" spellcheck="false"></label><output id="matches" class="faint"></output>
<span><button type="button" id="zoom-in" aria-label="Zoom in around the time">+</button> <button type="button" id="zoom-out" aria-label="Zoom out">−</button> <button type="button" id="zoom-all">All</button> <output id="zoomed" class="faint"></output></span>
</div>
<div class="moment" aria-live="polite"><span class="when"><span id="time"></span> </span><span id="summary"></span><ul id="states"></ul><ul id="beside"></ul><p id="down"></p><p id="under" class="faint"></p></div>
<p class="faint">Point at the picture, or press ← and → on it, to go from change to change; + and − zoom.</p>
<div id="picture" tabindex="0" role="group" aria-label="Picture of the rollout; left and right arrow keys move the time">
<svg id="plot" class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1060 ${picture.height}" width="1060" height="${picture.height}" role="img" aria-labelledby="plan-title plan-desc">
<title id="plan-title">${text(`Rollout: ${resultPhrase(report)}`)}</title>
<desc id="plan-desc">${text(description(report))}</desc>
${textures()}<g id="drawing">${picture.body}</g>
<line id="cursor-line" class="cursor" y1="0" x1="0" x2="0" y2="0" visibility="hidden"/>
</svg>
</div>
</section>`;
}
