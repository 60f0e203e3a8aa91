/** The stylesheet of `/docs`, let in by its hash. */
export const DOCS_STYLE = `:root{color-scheme:light dark;--line:light-dark(#e4e4e8,#2a2a30);--quiet:light-dark(#5c5c66,#a5a5b0);--card:light-dark(#fff,#1b1b1f);--accent:light-dark(#4338ca,#a5b4fc)}
*{box-sizing:border-box}
body{margin:0;display:grid;grid-template-columns:14rem minmax(0,1fr);font:15px/1.55 system-ui,sans-serif;background:light-dark(#f7f7f8,#131316);color:light-dark(#1a1a1f,#ededf0)}
nav{position:sticky;inset-block-start:0;block-size:100vh;overflow:auto;padding:2rem 1.25rem;border-inline-end:1px solid var(--line)}
nav ul{list-style:none;margin:1rem 0;padding:0;display:grid;gap:.125rem}
a{color:var(--accent);text-decoration:none;text-underline-offset:3px}a:hover{text-decoration:underline}
nav li a{display:block;padding:.25rem 0;color:inherit}
main{max-inline-size:56rem;inline-size:100%;margin:0 auto;padding:2.5rem 2rem 6rem}
h1{margin:0;font-size:1.5rem;letter-spacing:-.01em}h2{margin:2.5rem 0 .75rem;font-size:1.125rem}h3{margin:1rem 0 .375rem;font-size:.8125rem;color:var(--quiet);font-weight:600}
section{scroll-margin-block-start:1rem}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin-block-end:.5rem}
summary{padding:.625rem .875rem;cursor:pointer;list-style:none;display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;border-radius:10px}
summary::-webkit-details-marker{display:none}
summary::after{content:"";margin-inline-start:auto;align-self:center;inline-size:.4rem;block-size:.4rem;border:solid var(--quiet);border-width:0 1.5px 1.5px 0;rotate:45deg;translate:0 -2px}
details[open]>summary::after{rotate:225deg;translate:0 2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.method{font:600 .75rem/1 ui-monospace,monospace;min-inline-size:3.5rem;color:light-dark(#166534,#86efac)}
.post,.put,.patch{color:light-dark(#9a3412,#fdba74)}.delete{color:light-dark(#b91c1c,#fca5a5)}
code,pre{font:.8125rem/1.55 ui-monospace,monospace}summary code{overflow-wrap:anywhere}
.what,.quiet{color:var(--quiet)}.body{padding:0 .875rem .875rem;border-block-start:1px solid var(--line)}
.body p{margin:.625rem 0 .25rem}.list{margin:0;padding-inline-start:1.125rem}
pre{margin:0;padding:.75rem;overflow:auto;border-radius:8px;background:light-dark(#f4f4f6,#131316)}
table{border-collapse:collapse;inline-size:100%}th,td{text-align:start;padding:.375rem .5rem;border-block-end:1px solid var(--line)}th{color:var(--quiet);font-size:.8125rem}
tr:target{background:light-dark(#eef2ff,#24243a)}
@media(max-width:48rem){body{display:block}nav{position:static;block-size:auto;border:0;padding-block-end:0}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem}main{padding:1.5rem 1.25rem 4rem}}`;
