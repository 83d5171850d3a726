"""The style sheet of the house: about sixty short rules, each with its reason in look.md's table."""

from observatory.charts.palette import stylesheet

_RULES = """
.stMainBlockContainer{max-width:76rem;padding-left:clamp(1rem,4vw,3rem);padding-right:clamp(1rem,4vw,3rem);padding-top:.5rem}
.stMain{scrollbar-gutter:stable}
[data-testid="stHeader"]{display:none}
.stHtml a,.o-link{color:var(--ink)}
.st-key-topbar{border-bottom:3px solid var(--ink);gap:.25rem;margin-bottom:.5rem}
.st-key-brand{align-items:center}
.o-brand{display:flex;align-items:center;gap:.5rem;font:700 1.125rem B612,Verdana,sans-serif;color:var(--ink);margin:0}
.o-mark{width:18px;height:18px;border:2.5px solid var(--ink);border-radius:50%;position:relative;display:inline-block}
.o-mark::after{content:"";position:absolute;left:50%;top:50%;width:13px;height:2.5px;background:var(--forecast);transform-origin:0 50%;transform:rotate(-45deg) translate(-2px,-1px)}
.st-key-nav{flex-wrap:nowrap;overflow-x:auto;gap:1.25rem;scrollbar-width:none}
.st-key-nav a,.st-key-langs a{background:none;padding:.25rem 0;border-radius:0;min-height:32px}
.st-key-nav a p{white-space:nowrap}
.st-key-nav .st-key-here a{border-bottom:3px solid var(--ink);margin-bottom:-1px}
.st-key-nav .st-key-here a p,.st-key-langs .st-key-lang_here a p{font-weight:600}
.st-key-langs{gap:.75rem;flex-wrap:nowrap;width:auto}
.st-key-langs .st-key-lang_here a{border-bottom:2px solid var(--ink)}
.st-key-langs .st-key-lang_here,.st-key-nav .st-key-here{width:auto}
.o-kicker{color:var(--muted);font-weight:600;font-size:.875rem;margin:.25rem 0}
.stHtml h1.o-lead{font:700 clamp(1.375rem,2.6vw,2.125rem)/1.22 B612,Verdana,sans-serif;max-width:34em;text-wrap:balance;margin:0 0 .5rem;padding:0;letter-spacing:0;color:var(--ink)}
.o-under{font-size:1.0625rem;line-height:1.5;max-width:44em;margin:0 0 .5rem}
.o-verdict{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;margin:0 0 .5rem;font-size:1.0625rem;line-height:1.5}
[class*="st-key-fig_"]{border-top:2px solid var(--ink);padding-top:.5rem;gap:.5rem;min-width:0}
.stHtml h2.o-title{font:700 1.0625rem/1.3 B612,Verdana,sans-serif;margin:0;padding:0;letter-spacing:0;color:var(--ink)}
.o-unit{color:var(--muted);font-size:.875rem;line-height:1.4;margin:.125rem 0 0}
.o-take{font-size:.9375rem;line-height:1.5;max-width:50em;margin:0 0 .25rem}
.o-honest{font-size:.9375rem;line-height:1.5;max-width:50em;margin:0 0 .375rem}
.o-source{color:var(--muted);font-size:.8125rem;line-height:1.45;max-width:62em;margin:0 0 .25rem}
.o-mores{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:flex-start}
.o-more{font-size:.875rem;min-width:0;max-width:100%}
.o-more[open]{flex-basis:100%}
.o-more summary,.o-file{cursor:pointer;min-height:32px;display:inline-flex;align-items:center;text-decoration:underline;text-underline-offset:3px;font-size:.875rem;color:var(--ink)}
.o-more summary::before{content:"+";font:700 1rem B612,monospace;margin-right:.4rem}
.o-more[open] summary::before{content:"\\2212"}
.o-more summary:focus-visible,.o-file:focus-visible,.stHtml a:focus-visible,.o-scroll:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.o-scroll{overflow:auto;max-height:26rem;max-width:100%}
.o-table{border-collapse:collapse;font-size:.875rem;width:100%}
.o-table caption{text-align:left;color:var(--muted);padding:0 0 .375rem}
.o-table th,.o-table td{padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top;font-weight:400}
.o-table tbody th{font-weight:600;min-width:7rem}
.o-table thead th{color:var(--muted);font-size:.8125rem;border-bottom:1px solid var(--ink)}
.o-table .o-right{text-align:right;font-family:B612,Verdana,sans-serif;white-space:nowrap}
.o-table thead .o-right{font-family:inherit;white-space:normal}
.o-table.o-table td:last-child,.o-table th:last-child{padding-right:0}
.o-terms{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1rem;font-size:.875rem;margin:.25rem 0}
.o-terms dt{color:var(--muted)}.o-terms dd{margin:0;overflow-wrap:anywhere}
.o-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.o-call{display:inline-flex;align-items:center;gap:.5rem;font-size:.9375rem;white-space:nowrap}
.o-call b{font-weight:600}
.o-chip{width:20px;height:20px;display:inline-flex;align-items:center;justify-content:center;font-size:.6875rem;line-height:1;color:var(--paper);border-radius:2px}
.o-growing{background:var(--growing)}.o-flat{background:var(--flat)}.o-shrinking{background:var(--shrinking)}
.o-unclear{color:var(--unclear);border:1.5px dashed var(--unclear)}
[class*="st-key-row_"]{display:grid;grid-template-columns:11.5rem minmax(0,1fr);align-items:center;border-bottom:1px solid var(--rule);gap:0;min-height:3rem}
[class*="st-key-row_"]>*{width:auto;min-width:0}
[class*="st-key-row_"] a{background:none;padding:.25rem 0;min-height:32px}
[class*="st-key-row_"] a p{font-weight:600;font-size:1rem}
.o-row,.o-heads{display:grid;grid-template-columns:8.5rem 7rem 4.75rem minmax(8rem,1fr) 4.75rem 115px 8.25rem;gap:0 .875rem;align-items:center}
.o-heads{color:var(--muted);font-size:.8125rem;line-height:1.25;align-items:end}
.st-key-ranking{gap:0}
.st-key-heads{padding-left:11.5rem;border-bottom:1px solid var(--ink);padding-bottom:.25rem}
.o-odds span{display:block;font-size:.9375rem;line-height:1.2}.o-odds small{color:var(--muted);font:400 .8125rem B612,Verdana,sans-serif}
.o-grow,.o-past,.o-odds small,.o-table td.o-right{word-spacing:-.18em}
h1.o-lead{word-spacing:-.04em}
.o-grow{font:700 1rem B612,Verdana,sans-serif;text-align:right}
.o-past{font:400 .9375rem B612,Verdana,sans-serif;text-align:right}
.o-fresh{color:var(--muted);font-size:.8125rem;line-height:1.3}
.o-proxy{display:block}
.o-why{grid-column:1/-1;color:var(--muted);font-size:.8125rem;padding-bottom:.25rem}
.o-thin .o-why{grid-column:2/-1;padding:0}
.o-right{text-align:right}
.o-bar{position:relative;height:30px;width:100%}
.o-bar i{position:absolute;display:block}
.o-zero{top:-9px;bottom:-9px;width:1px;background:var(--muted)}
.o-span{top:12px;height:6px;background:var(--forecast);opacity:.26}
.o-end{top:8px;height:14px;width:2px;margin-left:-1px;background:var(--forecast)}
.o-mid{top:6px;height:18px;width:3px;margin-left:-1.5px;background:var(--forecast)}
.o-ring{top:10px;width:10px;height:10px;margin-left:-5px;border:2px solid var(--ink);border-radius:50%;background:var(--paper)}
.o-scale{position:relative;height:1.1rem;font:400 .8125rem B612,Verdana,sans-serif;color:var(--muted)}
.o-scale span{position:absolute;transform:translateX(-50%)}
.o-spark{position:relative;width:115px;height:32px}
.o-spark i{position:absolute;inset:0;display:block}
.o-ink{background:var(--ink)}.o-wedge{background:var(--forecast);opacity:.28}.o-line{background:var(--forecast)}
.o-dots{display:grid;grid-template-columns:minmax(0,1fr);border-bottom:1px solid var(--rule);padding:.25rem 0;font-size:.9375rem}
.o-dots .o-zero{top:0;bottom:0}
.stHtml dl.o-reading{margin:.375rem 0 0;padding:0}.stHtml .o-reading dt,.stHtml .o-reading dd{padding:0}.stHtml .o-reading dt{font-weight:600}.stHtml .o-reading dd{margin:0 0 .625rem}.stHtml .o-reading{font-size:.9375rem;line-height:1.5}
.o-chips{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}
.st-key-pair{display:grid;grid-template-columns:minmax(0,7fr) minmax(0,4fr);gap:1.5rem}
.st-key-pair>*,.st-key-smalls>*{width:auto;min-width:0}
.st-key-smalls{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1.5rem 1.5rem}
.o-list{display:grid;grid-template-columns:minmax(0,1.5fr) 8.5rem minmax(0,1.1fr) minmax(0,1.4fr) 115px;gap:.25rem .875rem;align-items:center;border-bottom:1px solid var(--rule);padding:.375rem 0;font-size:.9375rem;line-height:1.35}
.o-list a{font-weight:600;display:inline-flex;align-items:center;min-height:32px}
.o-role{display:inline-flex;align-items:center;gap:.4rem;font-size:.875rem}
.o-role::before{content:"";width:14px;height:3px;background:var(--tone)}
.o-list small{color:var(--muted);font-size:.875rem}
.st-key-notices,.st-key-notices_place{border-left:4px solid var(--after);background:var(--panel);padding:.5rem .75rem;gap:.25rem;margin-bottom:.5rem}
[class*="st-key-notices"] [data-testid="stText"]{white-space:normal;overflow-wrap:anywhere;font-family:inherit;font-size:.9375rem}
.st-key-actions{flex-wrap:wrap}
.o-foot{border-top:1px solid var(--rule);padding-top:.5rem;margin-top:1rem}
.o-narrow{display:none}
.st-key-narrow{display:none}
.st-key-controls{gap:.5rem 1.25rem;align-items:flex-start}
.st-key-controls>*{width:auto;flex:0 0 auto}
@media (max-width:1100px){.o-row,.o-heads{grid-template-columns:8.5rem 6.5rem 4.5rem minmax(6rem,1fr) 4.5rem 115px}.o-row .o-fresh,.o-heads>:last-child{display:none}}
@media (max-width:900px){.st-key-pair,.st-key-smalls{grid-template-columns:minmax(0,1fr)}
[class*="st-key-row_"]{grid-template-columns:minmax(0,1fr);padding:.375rem 0}.st-key-heads{display:none}
.o-row{grid-template-columns:minmax(0,1fr) auto;gap:.125rem .75rem}
.o-row .o-fresh{display:block}.o-odds{text-align:right}.o-odds span{display:inline}.o-row .o-bar{grid-column:2;grid-row:2;width:min(56vw,22rem)}
.o-row .o-grow{grid-column:1;grid-row:2;text-align:left}.o-row .o-past{grid-column:1;grid-row:3;text-align:left;font-size:.875rem}.o-row .o-fresh{grid-column:1/-1;grid-row:4}.o-proxy{display:inline}.o-proxy::before{content:"\00b7 "}
.o-row .o-spark{grid-column:2;grid-row:3;justify-self:end}.o-narrow{display:inline}.o-zero{top:0;bottom:0}
.o-thin{grid-template-columns:minmax(0,1fr)}.o-thin .o-why{grid-column:1}
.o-list{grid-template-columns:minmax(0,1fr) 115px}.o-list>:first-child,.o-list>:nth-child(2){grid-column:1/-1}.o-list .o-spark{grid-column:2;grid-row:3/5}}
@media (max-width:640px){.o-table td:not(.o-right){min-width:10rem}.o-table td.o-right,.o-table th.o-right{min-width:4.5rem}.o-under,.o-verdict{font-size:1rem}.st-key-wide{display:none}.st-key-narrow{display:flex}
.st-key-nav{-webkit-mask-image:linear-gradient(90deg,#000 88%,transparent)}
.st-key-nav>:has(.st-key-here){order:-1}.o-terms{grid-template-columns:minmax(0,1fr)}.o-terms dd{margin-bottom:.375rem}
.o-chips{grid-template-columns:1fr 1fr}}
@media (prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}
"""


def sheet() -> str:
    """The sheet with the colours of the palette; they follow the theme without Python."""
    return f"<style>.stApp{{{stylesheet()}}}{_RULES}</style>"
