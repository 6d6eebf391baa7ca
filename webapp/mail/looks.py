"""How a mail's HTML looks. Mail programs load no style sheet, so that each element carries its own style.

The colours are those of static/css/tokens.css. Dark ones stand in a sheet that those programs heed which know about
it; they are laid over the others.
"""

from functools import cache

from markupsafe import Markup

LIGHT = {
    "canvas": "#FBFAF7", "surface": "#FFFFFF", "sunken": "#F2F0EA", "line": "#DEDAD1", "text": "#1F1D1A",
    "muted": "#5C574E", "accent": "#0E5A6B", "on-accent": "#FFFFFF",
}  # fmt: skip
DARK = {
    "canvas": "#161412", "surface": "#1E1C19", "sunken": "#100F0D", "line": "#3A362F", "text": "#ECE8E1",
    "muted": "#B3ACA0", "accent": "#7FC6D8", "on-accent": "#0B2026",
}  # fmt: skip
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
MONO = "font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace"
# What an element is: its style, and which colours it takes for what.
STYLES = {
    "body": ("margin:0;padding:0", {"background-color": "canvas", "color": "text"}),
    "outer": ("width:100%;border-collapse:collapse", {"background-color": "canvas"}),
    "around": ("padding:24px 12px", {}),
    "card": (
        "width:100%;max-width:600px;margin:0 auto;border-collapse:separate;border-spacing:0;border-radius:6px;"
        "border-width:1px;border-style:solid",
        {"background-color": "surface", "border-color": "line"},
    ),
    "inner": (f"padding:24px;{FONT};font-size:16px;line-height:1.5;overflow-wrap:anywhere", {"color": "text"}),
    "title": ("margin:0 0 8px;font-size:18px;line-height:1.3", {"color": "text"}),
    "heading": ("margin:24px 0 8px;font-size:18px;line-height:1.3", {"color": "text"}),
    "paragraph": ("margin:0 0 16px", {"color": "text"}),
    "aside": ("margin:0 0 16px;font-size:14px", {"color": "muted"}),
    "item": ("margin:0 0 8px;padding:0 0 0 16px;text-indent:-12px", {"color": "text"}),
    "quote": (
        "margin:0 0 16px;padding:4px 12px;border-inline-start-width:3px;border-inline-start-style:solid",
        {"border-color": "line", "color": "text"},
    ),
    "rich-p": ("margin:4px 0", {}),
    "rich-title": ("margin:8px 0 4px;font-weight:700", {}),
    "rich-ul": ("margin:4px 0;padding-inline-start:20px", {}),
    "rich-ol": ("margin:4px 0;padding-inline-start:24px", {}),
    "rich-li": ("margin:0", {}),
    "rich-pre": (
        f"margin:8px 0;padding:8px 12px;border-radius:3px;white-space:pre-wrap;font-size:13px;{MONO}",
        {"background-color": "sunken", "color": "text"},
    ),
    "rich-code": (f"font-size:13px;{MONO}", {"background-color": "sunken", "color": "text"}),
    "rich-blockquote": (
        "margin:4px 0;padding:0 12px;border-inline-start-width:2px;border-inline-start-style:solid",
        {"border-color": "line", "color": "muted"},
    ),
    "rich-table": ("margin:8px 0;border-collapse:collapse;font-size:14px", {}),
    "rich-th": ("padding:2px 8px;text-align:start;border-width:1px;border-style:solid", {"border-color": "line"}),
    "rich-td": ("padding:2px 8px;border-width:1px;border-style:solid", {"border-color": "line"}),
    "link": ("text-decoration:underline", {"color": "accent"}),
    "act": ("margin:24px 0", {}),
    "button": (
        "display:inline-block;padding:10px 18px;border-radius:6px;text-decoration:none;font-weight:600",
        {"background-color": "accent", "color": "on-accent"},
    ),
    "below": (
        f"padding:16px 24px;{FONT};font-size:13px;line-height:1.5;border-top-width:1px;border-top-style:solid;"
        "overflow-wrap:anywhere",
        {"color": "muted", "border-color": "line"},
    ),
    "small": ("margin:0 0 4px", {"color": "muted"}),
}


@cache
def look(name: str) -> Markup:
    """The attributes of an element of this kind."""
    style, colours = STYLES[name]
    whole = ";".join(filter(None, [style, *(f"{what}:{LIGHT[colour]}" for what, colour in colours.items())]))
    return Markup('class="{}" style="{}"').format(name, whole)


@cache
def sheet() -> Markup:
    """The style sheet for those who read in the dark."""
    rules = [
        f".{name}{{{';'.join(f'{what}:{DARK[colour]}!important' for what, colour in colours.items())}}}"
        for name, (_, colours) in STYLES.items()
        if colours
    ]
    dark = "@media (prefers-color-scheme:dark){" + "".join(rules) + "}"
    return Markup("<style>:root{{color-scheme:light dark}}{}</style>").format(Markup(dark))  # noqa: S704
