"""Pieces of an HTML page: plain, offline, without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

CSS = """
body{font:15px/1.5 system-ui,sans-serif;color:#222;background:#fff;max-width:1400px;
margin:2em auto;padding:0 1.5em}
h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2.2em;border-bottom:1px solid #ccc}
h3{font-size:1em;margin:1.4em 0 .3em}
p{max-width:60em}
table{border-collapse:collapse;margin:.6em 0 1.2em;font-variant-numeric:tabular-nums}
th,td{padding:.22em .8em;text-align:right;border-bottom:1px solid #e4e4e4;vertical-align:top}
th:first-child,td:first-child{text-align:left}
thead th{border-bottom:1px solid #999;background:#f6f6f6}
td.good{color:#14692c}td.bad{color:#a52014;font-weight:600}
td.none{color:#999}td.text{text-align:left}
figure{margin:.8em 0}figure img{max-width:100%;height:auto;display:block}
.full{overflow-x:auto}.full img{max-width:none}
figcaption{color:#555;font-size:.9em}
code,pre{font:13px/1.45 ui-monospace,monospace;background:#f4f4f4}
pre{padding:.8em;overflow-x:auto;white-space:pre-wrap}
svg text{font:12px system-ui,sans-serif}svg .mid{text-anchor:middle}svg .end{text-anchor:end}
svg.bars{display:block}svg.bars text{font-size:11px}svg .pale{opacity:.35}
svg .grid{stroke:#e0e0e0}svg polyline{fill:none}
.note{color:#555;font-size:.92em}
"""


class Markup(str):
    """HTML as it is, not to be escaped."""


Cell = str | tuple[str, str] | Markup
"""Text, text and a CSS class, or markup."""

NONE: Cell = ("—", "none")
"""Where nothing was measured."""


def page(title: str, body: Iterable[str]) -> str:
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{CSS}</style></head>'
    )
    return "\n".join([head, f"<body><h1>{escape(title)}</h1>", *body, "</body></html>"])


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Cells are text; the first of each row names it."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(_cell(c) for c in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def section(title: str) -> str:
    return f"<h2>{escape(title)}</h2>"


def heading(title: str) -> str:
    return f"<h3>{escape(title)}</h3>"


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def note(words: str) -> str:
    return f'<p class="note">{escape(words)}</p>'


def items(lines: Iterable[str]) -> str:
    """A list."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def code_block(words: str) -> str:
    return f"<pre>{escape(words)}</pre>"


def figure(source: str, caption: str) -> str:
    return (
        f'<figure><img src="{escape(source)}" alt="{escape(caption)}" loading="lazy">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def legend(names: Iterable[tuple[str, str]]) -> str:
    """Names in their colors."""
    inked = (f'<b style="color:{color}">{escape(name)}</b>' for name, color in names)
    return f'<p class="note">{" · ".join(inked)}</p>'


def full_size(figures: Iterable[str]) -> str:
    """Figures one below the other, each of their pixels shown; wider ones scroll together."""
    return f'<div class="full">{"".join(figures)}</div>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, Markup):
        return f"<td>{cell}</td>"
    if isinstance(cell, tuple):
        return f'<td class="{cell[1]}">{escape(cell[0])}</td>'
    return f"<td>{escape(cell)}</td>"
