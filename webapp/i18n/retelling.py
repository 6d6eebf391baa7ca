"""What is written down once, in English, by a worker that does not know who will read it: said again to each reader.

`kept(N_("%(host)s did not answer."))` at the top of a module is a message with gaps for that; whoever reads what was
made of it hears the same in their language, with what stands in the gaps. What has no gaps is found as it is.
"""

import re

from webapp.i18n.saying import _

_GAP = re.compile(r"%\((\w+)\)s")
# A reason is a sentence, and a place may be. Whatever else is told of has no blanks: so what others said is not taken
# for one of ours.
_SENTENCES, _WORD = {"why": ".*", "place": ".*"}, r"\S+"
_kept: dict[str, re.Pattern[str]] = {}


def kept(message: str) -> str:
    """Remember that this is written down, with its gaps filled. Is the message itself."""
    parts = _GAP.split(message)
    form = "".join(
        f"(?P<{part}>{_SENTENCES.get(part, _WORD)})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    _kept[message] = re.compile(form, re.DOTALL)
    return message


def again(told: str) -> str:
    """What was written down, in the language that is spoken now; what others said stays as they said it."""
    said = _(told)
    if said != told:
        return said
    for message, form in _kept.items():
        if found := form.fullmatch(told):
            return _(message, **{name: again(value) for name, value in found.groupdict().items()})
    return told
