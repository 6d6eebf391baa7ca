"""Addresses that stand for themselves in running text without a scheme: `www.example.org/a` and `ada@example.org`.

What they are, and what of them is only the sentence's, is as GitHub has it; but `git@example.org:a/b` is no mail.
"""

import re

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import running

_LONGEST = 2_000
_FOUND = re.compile(
    r"(?<![\w.+@/:#-])(?:"
    rf"(?P<site>[Ww]{{3}}\.[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,20}}(?![\w-])(?:[/?#:][^\s<]{{0,{_LONGEST}}})?)"
    r"|(?P<mail>[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,20}(?<![_-])(?![\w@-]|:[\w/~]))"
    r")"
)
# What ends a sentence, not an address. A bracket does if it was not opened in the address.
_ENDS = "?!.,:;*_~'\"[]。，、；：？！」』）】》"


def find(state: StateCore) -> None:
    """The parser's rule: make links of them."""
    for line in state.tokens:
        if line.type == "inline" and line.children and ("@" in line.content or "ww." in line.content.lower()):
            line.children = list(running.replaced(line.children, _FOUND, _link))


def _link(match: re.Match[str]) -> running.Made:
    if mail := match["mail"]:
        return running.link(f"mailto:{mail}", [Token("text", "", 0, content=mail)]), len(mail)
    site = _without_end(match["site"])
    host = re.split("[/?#:]", site, maxsplit=1)[0]
    if "_" in "".join(host.split(".")[-2:]) or host.count(".") < 2:
        return None
    return running.link(normalizeLink(f"http://{site}"), [Token("text", "", 0, content=site)]), len(site)


def _without_end(site: str) -> str:
    while site:
        if site[-1] in _ENDS or (site[-1] == ")" and site.count(")") > site.count("(")):
            site = site[:-1]
        else:
            break
    return site
