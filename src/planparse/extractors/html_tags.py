"""What HTML elements are to a reader of text (HTML Living Standard 15, rendering)."""

# Not text at all.
SUNK = frozenset(["script", "style", "head", "noscript", "template"])
BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "xmp",
        "listing",
    ]
)
BLOCK_DISPLAYS = frozenset(["block", "flex", "grid", "list-item", "table", "table-row", "flow-root"])
# Forms and pictures: their words are buttons and labels of the page.
CONTROLS = frozenset(
    [
        "select",
        "button",
        "textarea",
        "option",
        "datalist",
        "svg",
        "canvas",
        "iframe",
        "object",
        "audio",
        "video",
        "map",
        "frameset",
        "applet",
    ]
)
MARKUP = frozenset(["title", "xml"])
