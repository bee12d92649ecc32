import { describe, expect, test } from 'vitest';
import { planHtml } from '../../../../../src/cli/plan/pictures/html.ts';
import { escapeMarkup, scriptJson } from '../../../../../src/cli/plan/pictures/markup.ts';
import { planSvg } from '../../../../../src/cli/plan/pictures/svg.ts';
import { rolloutReport } from '../rollout-report.ts';

const hostile = '</script><script>alert(1)</script>"\'&<!--]]>\u0000\u2028';

/** Throws where elements of XML do not nest, or an attribute or entity is malformed. */
function checkXml(xml: string): void {
  const open: string[] = [];
  const tag = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/y;
  for (let at = 0; at < xml.length; ) {
    if (xml[at] === '<') {
      tag.lastIndex = at;
      const found = tag.exec(xml);
      if (found === null) throw new Error(`malformed at ${xml.slice(at, at + 80)}`);
      const [all, closing, name = '', , empty] = found;
      if (closing === '/') expect(open.pop()).toBe(name);
      else if (empty !== '/') open.push(name);
      at += all.length;
    } else {
      const end = xml.indexOf('<', at);
      const text = xml.slice(at, end < 0 ? undefined : end);
      expect(text.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[&>\0]/);
      at += text.length;
    }
  }
  expect(open).toEqual([]);
}

describe('planSvg', () => {
  test.each([
    { what: 'ten nodes', options: { nodes: 10 } },
    { what: 'a thousand nodes', options: { nodes: 1000, failing: [3] } },
    {
      what: 'hostile names',
      options: { nodes: 5, nodeName: (number: number) => `${hostile}${number}`, failing: [2] },
    },
  ])('is well-formed for $what', ({ options }) => {
    const svg = planSvg(rolloutReport(options));
    expect(() => checkXml(svg)).not.toThrow();
    expect(svg).not.toContain('<script');
  });

  test.each([
    { nodes: 1000, most: 500_000 },
    { nodes: 5000, most: 1_000_000 },
  ])('of $nodes nodes stays below $most bytes', ({ nodes, most }) => {
    expect(Buffer.byteLength(planSvg(rolloutReport({ nodes, failing: [7] })))).toBeLessThan(most);
  });

  test('loads nothing, and says what it shows to those who do not see it', () => {
    const svg = planSvg(rolloutReport({ nodes: 10, failing: [4] }));
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|href|@import|url\((?!#)/,
    );
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(/<desc [^>]*>10 nodes over 2m\. stuck after 2m, 9 of 10 nodes up to date;/);
  });

  test('of a plan in which no time passes has no timeline and is well-formed', () => {
    const report = rolloutReport({ nodes: 1 });
    const still = {
      ...report,
      timeline: { ...report.timeline, endMs: 0, tracks: [], availability: [], marks: [] },
    };
    expect(planSvg(still)).not.toContain('class="row"');
    expect(() => checkXml(planSvg(still))).not.toThrow();
    expect(planHtml(still)).not.toContain('<script');
  });
});

describe('planHtml', () => {
  test('of 1,000 nodes stays below 1.5 MB', () => {
    expect(Buffer.byteLength(planHtml(rolloutReport({ nodes: 1000, failing: [7] })))).toBeLessThan(1_500_000);
  });

  test('carries hostile names as text only', () => {
    const html = planHtml(
      rolloutReport({ nodes: 3, nodeName: (number) => `${hostile}${number}`, failing: [2] }),
    );
    expect(html).not.toContain('alert(1)</script>');
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});

describe('scriptJson', () => {
  test('ends no script element and reads back as it was', () => {
    const json = scriptJson({ hostile });
    expect(json).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(json)).toEqual({ hostile });
  });
});

describe('escapeMarkup', () => {
  test('replaces characters that XML forbids, and lone surrogates', () => {
    expect(escapeMarkup('a\u0000b\ud800c\u{1f600}<')).toBe('a\ufffdb\ufffdc\u{1f600}&lt;');
  });
});
