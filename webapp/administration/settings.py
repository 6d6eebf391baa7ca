"""Settings that administrators change while Cairn runs."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import ValidationError

from webapp.access import Viewer, require_administrator
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.config import of_this_app, stored
from webapp.config.told import Told, told
from webapp.db import transaction
from webapp.errors import Invalid
from webapp.i18n import N_, _
from webapp.i18n.formats import one_of
from webapp.projects.standing import confirm
from webapp.settings import service as settings

REFUSAL = N_("Only administrators change how this Cairn is set up.")


def changeable(by: Viewer) -> Sequence[Told]:
    """Those that can be changed here, each with where it was said. Raises Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    settings.refresh()
    return listed()


def read() -> None:
    """Know what was changed by others: for commands, which nobody tells."""
    settings.refresh()


def listed() -> Sequence[Told]:
    """The same for who runs this Cairn."""
    return [one for one in told(of_this_app(), stored=stored.stored()) if one.name.lower() in stored.CHANGEABLE]


def choices() -> Mapping[str, Sequence[str]]:
    """The words that each may be; none where it is a number."""
    return {name: _words(name) for name in stored.CHANGEABLE}


def _words(name: str) -> Sequence[str]:
    annotation = type(stored.given()).model_fields[name].annotation
    parts = [one for part in (annotation, *get_args(annotation)) for one in get_args(part)]
    return [one for one in parts if isinstance(one, str)]


@transaction
def change(values: Mapping[str, str | None], by: Viewer) -> None:
    """Change some by name; None takes back what was changed here. Raises Forbidden, Invalid."""
    require_administrator(by, _(REFUSAL))
    confirm()  # before the row of counters, which whoever ends somebody's rights takes after the person's
    put(values)


@transaction
def put(values: Mapping[str, str | None]) -> None:
    """The same for who runs this Cairn. Raises Invalid for what is none, or cannot be changed here."""
    settings.refresh()
    known = stored.stored()
    wanted = {name: value for name, value in values.items() if known.get(name) != value}
    for name, value in wanted.items():
        _require(name, value)
    if wanted:
        settings.put(wanted)
        before, after = audit.differing({name: known.get(name) for name in wanted}, wanted)
        audit.note(Kind.INSTALLATION_SET, before=before, after=after)


def _require(name: str, value: str | None) -> None:
    if stored.is_fixed(name):
        raise Invalid.on(name, _("is set where Cairn is started, and cannot be changed here."))
    if value is None:
        return
    try:
        stored.combined(stored.given(), {name: value})
    except ValidationError:
        raise Invalid.on(name, _allowed(name)) from None


def _allowed(name: str) -> str:
    if words := _words(name):
        return _("must be one of %(codes)s", codes=one_of(words))
    least, most = _bounds(name)
    return _("must be a number from %(least)s to %(most)s", least=least, most=most)


def _bounds(name: str) -> tuple[Any, Any]:
    limits = type(stored.given()).model_fields[name].metadata
    least, most = (next((getattr(one, way) for one in limits if hasattr(one, way)), None) for way in ("ge", "le"))
    return least, most
