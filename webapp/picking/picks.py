"""Words in a page's form that stand for people, labels or a milestone: read before the form is checked.

A field offers a few. Beside it stands a text, called as the field is with `_named` behind, for the rest: names or
handles, which become what the field holds. Its button looks them up, and shows the form again with what was found.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from webapp.errors import Invalid
from webapp.http.form import Form, ShownAgain
from webapp.http.identity import me, viewer
from webapp.i18n import N_, _
from webapp.i18n.formats import listed
from webapp.picking import service as picking
from webapp.picking.rows import Kind, Option
from webapp.picking.service import Offer, Read
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

NAMED, LOOK_UP = "_named", "look_up"
NOTHING = {
    Kind.PERSON: N_("has nobody called %(names)s to choose from."),
    Kind.LABEL: N_("has no label named %(names)s to choose from."),
    Kind.MILESTONE: N_("has no milestone named %(names)s to choose from."),
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a field of a form names, and whether it holds names or ids, several or one."""

    kind: Kind
    holds_names: bool = False
    several: bool = True

    def value(self, option: Option) -> str:
        """What the field holds for one that was chosen."""
        return option.name if self.holds_names else str(option.id)


_PEOPLE, _LABELS = Field(Kind.PERSON), Field(Kind.LABEL, holds_names=True)
FIELDS: Mapping[str, Field] = {
    "assignees": _PEOPLE,
    "add_assignees": _PEOPLE,
    "remove_assignees": _PEOPLE,
    "user_id": Field(Kind.PERSON, several=False),
    "labels": _LABELS,
    "add_labels": _LABELS,
    "remove_labels": _LABELS,
    "into": Field(Kind.LABEL, several=False),
    "milestone": Field(Kind.MILESTONE, several=False),
    "move_to": Field(Kind.MILESTONE, several=False),
}


def _typed(sent: Mapping[str, str]) -> dict[str, str]:
    """The names that were typed. Most forms have none, and `get` would find that out by an exception for each."""
    return {name: text for name in FIELDS if (key := name + NAMED) in sent and (text := sent[key].strip())}


def read_names(path: Mapping[str, Any]) -> None:
    """Put what the form names into its fields, as if it had been ticked.

    Raises Invalid for a name that means nothing, or more than one, and ShownAgain if that was all that was wanted.
    What may be meant is offered on the page that is shown again.
    """
    sent = request.form
    typed = _typed(sent)
    looks = LOOK_UP in sent
    if "project" not in path or (not typed and not looks):
        return
    project, form = projects.get(path["project"], viewer()), MultiDict(sent)
    g.near = {}
    errors: dict[str, list[str]] = {}
    for name, text in typed.items():
        if sentences := _read(project, form, name, text, looks=looks):
            errors[name] = sentences
    request.form = ImmutableMultiDict(form)
    if errors:
        raise Invalid(errors)
    if looks:
        raise ShownAgain()


def _read(project: ProjectRow, form: MultiDict[str, str], name: str, text: str, *, looks: bool) -> list[str]:
    """Choose what a field's text names, and remember what it may mean; returns what is wrong with it."""
    try:
        answer = picking.read(project, FIELDS[name].kind, text)
    except ValueError as error:
        return [str(error)]
    _choose(form, name, answer.meant)
    form[name + NAMED] = ", ".join(answer.unknown)
    g.near[name] = [option for options in answer.near.values() for option in options]
    return _complaints(answer, FIELDS[name].kind, looks=looks)


def offers(project: ProjectRow, form: Form, *names: str, find: str = "") -> dict[str, Offer]:
    """What these fields of a form offer, by field: with what is chosen, and what was found for what was typed.

    To `find` something leaves what is called so, and what is chosen.
    """
    held = {name: form.values(name) if FIELDS[name].several else [form.value(name)] for name in names}
    chosen: dict[Kind, list[str]] = {}
    for name, values in held.items():
        chosen.setdefault(FIELDS[name].kind, []).extend(values)
    found, near = picking.offered(project, chosen, me()), g.get("near", {})
    offered = {name: _with(found[FIELDS[name].kind], near.get(name, ())) for name in names}
    return (
        {name: _only(project, name, offer, held[name], find) for name, offer in offered.items()} if find else offered
    )


def _only(project: ProjectRow, name: str, offer: Offer, held: Sequence[str], find: str) -> Offer:
    """Of an offer what is chosen; and whatever is called like that, offered or not."""
    chosen = [option for option in offer.options if FIELDS[name].value(option) in held]
    return replace(offer, options=list(dict.fromkeys([*chosen, *picking.choices(project, offer.kind, find, me())])))


def _with(offer: Offer, near: Sequence[Option]) -> Offer:
    return replace(offer, options=list(dict.fromkeys([*offer.options, *near])))


def _choose(form: MultiDict[str, str], name: str, meant: Sequence[Option]) -> None:
    field = FIELDS[name]
    values = [field.value(option) for option in meant]
    if field.several:
        form.setlist(name, list(dict.fromkeys([*form.getlist(name), *values])))
    elif values:
        form[name] = values[0]


def _complaints(answer: Read, kind: Kind, *, looks: bool) -> list[str]:
    """What is wrong with typed names. Who only looks one up sees what may be meant, and need not be told."""
    complaints = [_(NOTHING[kind], names=listed(answer.unknown))] if answer.unknown else []
    if answer.near and not looks:
        complaints.append(
            _("could be several for %(names)s: choose from what was found.", names=listed(list(answer.near)))
        )
    return complaints
