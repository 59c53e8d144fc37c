#include "report/html_sections.h"

namespace tonewright {

// Sizes are in rem and percent, so that the page follows the reader's zoom and font size. Text colours keep a contrast of at
// least 4.5:1 against their background (WCAG 2.2, 1.4.3) in light and dark.
std::string pageStyle() {
    return R"css(:root{--page:#f7f5f1;--panel:#fffefb;--ink:#22262b;--quiet:#5d646d;--line:#e2ddd3;--accent:#0b6e66;--before:#8c95a1;--good:#e3f1ea;--goodink:#14532d;--bad:#fbe6e1;--badink:#8c1d12;--warn:#fbefd6;--warnink:#7a4a00;
--drums:#b4532a;--bass:#7a4fa3;--guitar:#2f7d4f;--keys:#2b6cb0;--synth:#0e8296;--strings:#a3472f;--winds:#5f7a1f;--brass:#a67c00;--vocals:#c22f63;--other:#68707a}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--panel:#1c2125;--ink:#e9e6e1;--quiet:#a6adb5;--line:#333a41;--accent:#58cdbf;--before:#7e8894;--good:#16352a;--goodink:#a9e5c6;--bad:#43201b;--badink:#ffb8aa;--warn:#3d2f12;--warnink:#f5d08a;
--drums:#e8875a;--bass:#b794e0;--guitar:#6cc08b;--keys:#74acec;--synth:#52c1d4;--strings:#e59077;--winds:#b1cf66;--brass:#e3bd4b;--vocals:#f57fa5;--other:#a3abb5}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:break-word}
main{max-width:66rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}
header{margin-bottom:1.5rem}
.kicker{margin:0;color:var(--accent);font-weight:600;letter-spacing:.02em}
h1{margin:.1rem 0 .5rem;font-size:clamp(1.9rem,5vw,3rem);line-height:1.12;font-weight:700;letter-spacing:-.015em}
h2{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}
h3{margin:1.25rem 0 .4rem;font-size:1.05rem}
p{margin:.4rem 0}
.lead{font-size:1.15rem;max-width:44rem;color:var(--quiet);margin:0 0 1.5rem}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:.3rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.9em;background:var(--page);padding:.1em .35em;border-radius:.3em}
.quiet,.rule,.id,.against,.unit{color:var(--quiet)}
.quiet{font-size:.88rem}
.unit{font-size:.85em;font-weight:400}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,9.5rem),1fr));gap:.75rem;margin:0 0 1rem}
.tile{background:var(--panel);border:1px solid var(--line);border-radius:.8rem;padding:.9rem 1.1rem}
.tile dt{color:var(--quiet);font-size:.9rem}
.tile dd{margin:0}
.now{font-size:2rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums}
.was{display:block;font-variant-numeric:tabular-nums}
.meaning{display:block;color:var(--quiet);font-size:.82rem}
.verdict{padding:.65rem 1rem;border-radius:.6rem}
.verdict.good{background:var(--good);color:var(--goodink)}
.verdict.bad{background:var(--bad);color:var(--badink)}
nav{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:.6rem 0;margin-bottom:1rem;border-bottom:1px solid var(--line)}
nav a{text-decoration:none;font-weight:550;padding:.15rem 0}
nav a:hover{text-decoration:underline}
section{background:var(--panel);border:1px solid var(--line);border-radius:.9rem;padding:1.4rem clamp(1rem,3vw,1.75rem);margin:1.25rem 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1.25rem 1.75rem;align-items:end}
.figures figure:last-child:nth-child(odd){grid-column:1/-1;width:100%;max-width:31rem;margin-inline:auto}
figure{margin:0 0 1rem}
figcaption{font-size:.92rem;color:var(--quiet);margin-bottom:.4rem}
figcaption strong{color:var(--ink)}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--quiet);font-size:12.5px}
.grid{stroke:var(--line);stroke-width:1}
.target{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:5 4;opacity:.65}
svg .targettext{fill:var(--ink);paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
.curve{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.curve.before{stroke:var(--before);stroke-width:1.9}
.curve.after{stroke:var(--accent)}
.curve.reference{stroke:var(--guitar);stroke-dasharray:6 4}
.legend{display:flex;align-items:center;gap:.45rem;margin:.1rem 0 .3rem;font-size:.88rem}
.key{width:1.5rem;height:.22rem;border-radius:.2rem;margin-left:.7rem}
.key:first-child{margin-left:0}
.key.before{background:var(--before)}
.key.after{background:var(--accent)}
.key.reference{background:var(--guitar)}
.lane{position:relative;background:var(--page);border-radius:.5rem;margin-bottom:.35rem;overflow:hidden}
.waveform{height:6.2rem}
.wave.before{fill:var(--before)}
.wave.after{fill:var(--accent)}
.lanename{position:absolute;left:.5rem;top:.25rem;font-size:.82rem;font-weight:600;background:var(--page);border-radius:.3rem;padding:0 .35rem}
.times{position:relative;height:1.3rem;font-size:.8rem;color:var(--quiet);overflow:hidden}
.times span{position:absolute;transform:translateX(-50%)}
.times span:first-child{transform:none}
.times .last{right:0;transform:none}
.stagefigure{max-width:46rem;margin:0 auto 1rem}
.stage{min-width:33rem}
.floor{fill:var(--page);stroke:var(--line)}
svg .name{fill:var(--ink);font-size:12.5px;paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.leader{stroke:var(--quiet);stroke-width:.8;opacity:.7}
.spread{stroke:currentColor;stroke-width:3;opacity:.4;stroke-linecap:round}
.stage circle{fill:currentColor;stroke:var(--panel);stroke-width:1.5}
.song{min-width:44rem}
.song .plays{fill:currentColor}
svg .partname{fill:var(--ink)}
.part{fill:var(--line)}.part0{fill:#8aa8c8;fill-opacity:.45}.part1{fill:#c8a05a;fill-opacity:.45}.part2{fill:#b4532a;fill-opacity:.4}.part3{fill:#2f7d4f;fill-opacity:.4}.part4{fill:#7a4fa3;fill-opacity:.4}.part5{fill:#8c95a1;fill-opacity:.45}
.pan{width:5.25rem;min-width:5.25rem;color:var(--accent)}
.pan circle{fill:var(--accent)}
.family-drums{color:var(--drums)}.family-bass{color:var(--bass)}.family-guitar{color:var(--guitar)}.family-keys{color:var(--keys)}.family-synth{color:var(--synth)}.family-strings{color:var(--strings)}.family-winds{color:var(--winds)}.family-brass{color:var(--brass)}.family-vocals{color:var(--vocals)}.family-other,.family-bus{color:var(--other)}
.dot{display:inline-block;width:.65rem;height:.65rem;border-radius:50%;background:currentColor;margin-right:.5rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{color:var(--quiet);font-size:.85rem;vertical-align:bottom}
tbody th{font-weight:600}
tbody th .quiet{font-weight:400}
tbody tr:last-child>*{border-bottom:0}
.tracks{min-width:46rem}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.number,th.number{padding-left:.6rem}
td.place,th.place{padding-left:1rem}
tr.muted th,tr.muted td{color:var(--quiet)}
details{border-top:1px solid var(--line);padding:.15rem 0}
summary{cursor:pointer;padding:.55rem 0}
ol.biggest{padding-left:1.3rem;margin:.2rem 0}
ol.biggest li{margin:.45rem 0}
ol.chain{list-style:none;margin:.3rem 0 1rem;padding:0 0 0 1.2rem;border-left:2px solid var(--line)}
.decision{position:relative;margin:0 0 1.2rem}
.decision::before{content:"";position:absolute;left:-1.55rem;top:.5rem;width:.6rem;height:.6rem;border-radius:50%;background:var(--accent)}
.decision.bypassed::before{background:var(--before)}
.decision.bypassed .what{text-decoration:line-through;text-decoration-color:var(--before)}
.decision p{margin:.15rem 0}
.what{font-weight:600}
.why{max-width:46rem}
.gaincurve{width:11.25rem;max-width:100%;background:var(--page);border-radius:.4rem;margin:.35rem 0}
.evidence{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem .5rem;margin:.35rem 0;padding:0;font-size:.88rem}
.evidence li{background:var(--page);border:1px solid var(--line);border-radius:1rem;padding:.1rem .7rem}
.rule,.id,.work,.note{font-size:.84rem}
.id{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.78rem}
.mark{display:inline-block;font-size:.76rem;font-weight:600;border:1px solid var(--line);border-radius:1rem;padding:0 .55rem;color:var(--quiet)}
.mark.yours{background:var(--good);color:var(--goodink);border-color:transparent}
.faults{list-style:none;padding:0;margin:0}
.fault{padding:.55rem 0;border-top:1px solid var(--line)}
.fault:first-child{border-top:0}
.severity{display:inline-block;min-width:4.6rem;text-align:center;font-size:.8rem;font-weight:600;border-radius:1rem;padding:.05rem .6rem;margin-right:.4rem;background:var(--page);color:var(--quiet)}
.error .severity{background:var(--bad);color:var(--badink)}
.warning .severity{background:var(--warn);color:var(--warnink)}
.file{white-space:normal;overflow-wrap:anywhere}
footer{margin-top:2rem;color:var(--quiet);font-size:.85rem;max-width:46rem}
@media (max-width:36rem){.plot text{font-size:16px}.now{font-size:1.6rem}.tile{padding:.7rem .85rem}main{padding:1.5rem .8rem 2rem}}
@media print{body{background:#fff}section{break-inside:avoid-page;border-color:#ccc}nav{display:none}}
)css";
}

}  // namespace tonewright
