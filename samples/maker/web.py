"""Sample → .html, as a government site prints a document: navigation, breadcrumb, metadata, article, footer."""

from html import escape
from typing import Any

from maker.marks import plain
from maker.model import Box, PageBreak, Para, Sample, Table

STRONG = {"heading", "caption", "group"}


def print_web(sample: Sample) -> bytes:
    """A page in UTF-8 with the article between the site's own furniture."""
    options: dict[str, Any] = sample.formats["html"]
    web: dict[str, Any] = sample.web
    title = next(p for p in sample.pieces if isinstance(p, Para) and p.role in ("notice", "title"))
    name = escape(plain(title.words))
    body = "\n".join(_piece(piece, options) for piece in sample.pieces)
    links = "".join(f'<li><a href="/{k}/">{word}</a></li>' for k, word in enumerate(web["navigation"]))
    sizes = " ".join(f'<a href="javascript:size({size})">{word}</a>' for word, size in (("大", 18), ("中", 16), ("小", 14)))
    crumb = " &gt; ".join(f'<a href="/">{word}</a>' for word in web["crumb"])
    meta = "".join(f'<meta name="{key}" content="{escape(str(value))}">\n' for key, value in web.get("meta", {}).items())
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{name}_{web["site"]}</title>
{meta}<style>.article p{{text-indent:2em}} table{{border-collapse:collapse}} td{{border:1px solid #000}}</style>
<script>var site = "{web["site"]}"; function size(n) {{ document.body.style.fontSize = n + "px"; }}</script>
</head>
<body>
<div class="header"><div class="logo">{web["site"]}</div><ul class="nav">{links}</ul></div>
<div class="crumb">当前位置：{crumb} &gt; 正文</div>
{_metadata(web.get("metadata", {}))}<div class="tools">字号：{sizes}　<a href="javascript:print()">打印本页</a></div>
<div class="article" id="zoom">
{body}
</div>
<div class="share">分享到：<a href="#">微信</a></div>
<div class="footer"><p>主办单位：{web["host"]}</p><p>网站标识码：{web["code"]}　版权所有</p>
<p><a href="/map">网站地图</a> | <a href="/contact">联系我们</a></p></div>
</body>
</html>
""".encode()


def _metadata(rows: dict[str, str]) -> str:
    """The table over the article that names 索引号, 发布机构 and the like: two fields a row."""
    if not rows:
        return ""
    fields = [f"<th>{key}：</th><td>{escape(str(value))}</td>" for key, value in rows.items()]
    lines = "\n".join(f"<tr>{''.join(fields[i : i + 2])}</tr>" for i in range(0, len(fields), 2))
    return f'<table class="info">\n{lines}\n</table>\n'


def _piece(piece: Para | Table | Box | PageBreak, options: dict[str, Any]) -> str:
    if isinstance(piece, PageBreak):
        return "<p>&nbsp;</p>"
    if isinstance(piece, Table):
        return _table(piece)
    if isinstance(piece, Para):
        return _para(piece, options)
    inner = "\n".join(_piece(p, options) for p in piece.content)
    caption = _para(piece.caption, options)
    if piece.style == "plain" or any(isinstance(p, Table) for p in piece.content):
        return f"{caption}\n{inner}"
    if piece.style == "one":
        return f"<table><tbody><tr><td>{caption}\n{inner}</td></tr></tbody></table>"
    return f"<table><tbody><tr><td>{caption}</td></tr>\n<tr><td>{inner}</td></tr></tbody></table>"


def _para(para: Para, options: dict[str, Any]) -> str:
    breaks = "\n" if para.role in ("title", "notice", "heading") else ""
    words = plain(para.words, breaks=breaks)
    indent = {"emsp": "&emsp;&emsp;", "wide": "　　", "css": ""}[options.get("indent", "emsp")]
    if para.role in ("title", "notice"):
        tag = "h1" if options.get("heads") else "p"
        return f'<{tag} style="text-align:center">{_words(words)}</{tag}>'
    if para.role == "heading" and options.get("heads"):
        return f"<h{para.level + 1}>{_words(words)}</h{para.level + 1}>"
    if para.role == "toc":
        return f"<p>{'&nbsp;&nbsp;' * para.level}{_words(words)}{'…………' + para.page if para.page else ''}</p>"
    if para.role in ("centre", "caption", "draft", "number"):
        return f'<p style="text-align:center"><strong>{_words(words)}</strong></p>'
    if para.role in ("sign", "date"):
        return f'<p style="text-align:right">{_words(words)}</p>'
    if para.role == "run":
        return f"<p>{indent}<strong>{_words(words[: para.bold])}</strong><span>{_words(words[para.bold :])}</span></p>"
    if para.role == "to":
        return f"<p>{_words(words)}</p>"
    inner = _words(words)
    return f"<p>{indent}<strong>{inner}</strong></p>" if para.role in STRONG else f"<p>{indent}<span>{inner}</span></p>"


def _words(words: str) -> str:
    return escape(words, quote=False).replace("\n", "<br>")


def _table(table: Table) -> str:
    rows = []
    for number, row in enumerate(table.rows):
        tag = "th" if number < table.head else "td"
        cells = ""
        for cell in row:
            high = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
            wide = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
            cells += f"<{tag}{high}{wide}>{_words(plain(cell.words))}</{tag}>"
        rows.append(f"<tr>{cells}</tr>")
    return '<table border="1"><tbody>\n' + "\n".join(rows) + "\n</tbody></table>"
