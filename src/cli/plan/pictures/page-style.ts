import { pictureCss, THEMES, type ThemeName } from './palette.ts';

/** The style sheet of the page, its picture included, for both themes. */
export function pageCss(): string {
  return `:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1240px;margin:0 auto;padding:20px 20px 60px}
h1{font-size:24px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:17px;margin:32px 0 8px}
p{margin:4px 0;overflow-wrap:anywhere}
.result{font-size:17px;font-weight:600}.result.good{color:var(--good)}.result.bad{color:var(--bad)}
.faint{color:var(--faint)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:10px;margin:16px 0;padding:0}
.numbers div{background:var(--soft);border-radius:8px;padding:8px 12px}
.numbers dt{color:var(--faint);font-size:13px}.numbers dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
.stuck{border-left:4px solid var(--bad);background:var(--soft);padding:10px 14px;margin:16px 0;border-radius:0 8px 8px 0}
.stuck ul{margin:6px 0;padding-left:20px}
.controls{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center;margin:8px 0}
.controls label{display:flex;gap:8px;align-items:center}
.controls .wide{flex:1 1 320px}
input[type=range]{flex:1;min-width:120px;accent-color:var(--accent)}
input[type=search],button{font:inherit;color:var(--ink);background:var(--soft);border:1px solid var(--faint);border-radius:6px;padding:3px 10px}
input[type=search]{width:180px}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
#picture{margin:8px 0;overflow-x:auto;cursor:crosshair}#picture svg{display:block}
.moment{background:var(--soft);border-radius:8px;padding:10px 14px;min-height:158px;position:sticky;top:0;z-index:1}
.moment ul,.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:4px 0;padding:0}
.moment li,.legend li{display:flex;gap:6px;align-items:center;white-space:nowrap}
.moment .when{font-size:17px;font-weight:600;font-variant-numeric:tabular-nums}
.swatch{outline:1px solid var(--faint)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
.scroll+.scroll{margin-top:16px}
td:nth-child(3){min-width:120px}
th{color:var(--faint);font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
code{overflow-wrap:anywhere;font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
summary{cursor:pointer}
details p{max-height:260px;overflow-y:auto}
.error{color:var(--bad);font-weight:600}.warning{font-weight:600}
@media (max-width:600px){.moment{position:static;min-height:170px}main{padding:12px 12px 40px}h1{font-size:20px}.numbers{grid-template-columns:repeat(2,1fr)}}
@media print{.controls{display:none}}
${pictureCss()}`;
}

function variables(name: ThemeName): string {
  return Object.entries(THEMES[name])
    .map(([word, color]) => `--${word}:${color}`)
    .join(';');
}
