"""What every kind of event has to say for itself."""

import json
from types import SimpleNamespace

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from tests.events.samples import SAMPLES
from webapp.events import inverse, kinds, writing
from webapp.events.happening import DECIDED, NOTHING, Happening
from webapp.events.words import below, plain

EACH = pytest.mark.parametrize("happened", [one for one, *_ in SAMPLES], ids=lambda one: one.kind)
DECISIONS = {
    "kind": "shaken", "touches": frozenset(), "lasting": "It is not.", "erases": NOTHING,
    "effect": lambda self: {}, "words": lambda self: [], "link": lambda self: "",
}  # fmt: skip


def test_each_kind_has_a_sample():
    assert {one.kind for one, *_ in SAMPLES} - {"unheard_of"} == set(kinds.KINDS)


def test_each_kind_is_known_wherever_its_class_stands():
    """A module that nobody looks through would have its events told as some change."""

    def below(one):
        return {one} | {kind for each in one.__subclasses__() for kind in below(each)}

    known = {
        one for one in below(Happening) if one.__module__.startswith("webapp.") and not one.__dict__.get("is_base")
    }
    names = {one.__name__ for one in known} - {"Happening", "Other"}
    assert names == {one.__name__ for one in kinds.KINDS.values()}


@EACH
def test_what_is_stored_is_read_back(happened):
    stored = json.loads(json.dumps(happened.data()))
    again = kinds.of(happened.kind, stored)
    assert type(again) is type(happened)
    assert again.data() == stored


@pytest.mark.parametrize(("happened", "html", "text"), SAMPLES, ids=lambda one: getattr(one, "kind", ""))
def test_a_page_and_a_plain_text_have_the_same_words(app, happened, html, text):
    with app.test_request_context("/"):
        told = app.jinja_env.get_template("issues/_event.html").make_module().event_words
        event = SimpleNamespace(happened=happened)
        assert str(told(event, SimpleNamespace(number=1), SimpleNamespace(key="WALL"))).strip() == html
    assert plain(happened.words()) == (text or html)


@EACH
def test_its_link_and_those_of_its_words_lead_somewhere(app, happened):
    paths = app.url_map.bind("localhost")
    for at in (happened.link(), *(part.at for part in happened.words())):
        if at.startswith("https://x.test/"):
            continue  # another site's
        address = below("/projects/WALL/issues/1", at).partition("#")[0]
        try:
            paths.match(address)
        except (NotFound, RequestRedirect):
            pytest.fail(f"{happened.kind} leads to {address}, which there is not")


def test_with_all_decided_a_kind_is_made():
    assert type("Shaken", (Happening,), DECISIONS).kind == "shaken"  # type: ignore[attr-defined]


@pytest.mark.parametrize("missing", DECIDED)
def test_a_kind_that_has_not_decided_something_is_refused(missing):
    decided = {name: value for name, value in DECISIONS.items() if name != missing}
    with pytest.raises(TypeError, match=f"Shaken has to decide: {missing}"):
        type("Shaken", (Happening,), decided)


def test_a_kind_says_how_it_is_taken_back_or_why_not_and_not_both():
    for lasting, back in (("", {}), ("It is not.", {"inverse": lambda self: {}})):
        with pytest.raises(TypeError, match="taken back"):
            type("Shaken", (Happening,), {**DECISIONS, "lasting": lasting, **back})


@EACH
def test_what_can_be_taken_back_tells_every_field_that_it_touches(happened):
    back = happened.inverse()
    assert (back is None) == bool(happened.lasting)
    assert set(happened.effect()) <= happened.touches
    if back is not None and happened.touches:
        assert set(back) == set(happened.effect()) == happened.touches


def test_an_old_row_that_lacks_ids_is_read_and_cannot_be_taken_back():
    told = kinds.of("labelled", {"added": ["bug"], "removed": []})
    assert told.data() == {"added": ["bug"], "removed": [], "added_ids": [None], "removed_ids": []}
    assert told.inverse() is None
    assert inverse.of([kinds.Renamed("x", "y"), told]) is None


def test_several_are_taken_back_together():
    happened = kinds.MovedStatus("Todo", "Done", 1, 2), kinds.Closed("completed"), kinds.Renamed("x", "y")
    todo = kinds.Ref(1, "Todo")
    assert inverse.of(happened) == {"status": todo, "state": "open", "close_reason": None, "title": "x"}


@pytest.mark.parametrize(
    ("done", "since", "too_late"),
    [
        ({"renamed"}, {"renamed"}, True),
        ({"renamed"}, {"prioritised", "commented"}, False),
        ({"closed"}, {"moved_status"}, True),
        ({"moved_status"}, {"reclosed"}, True),
        ({"labelled", "assigned"}, {"labelled", "assigned"}, False),
        ({"labelled"}, {"moved"}, True),
    ],
)
def test_whoever_changed_the_same_since_is_not_overruled(done, since, too_late):
    assert inverse.is_overtaken(done, since) is too_late


def test_what_must_be_forgotten_is_blotted_and_the_rest_stays():
    ticked = kinds.Ticked(["Mix", "The secret"], ["Look"], 5)
    assert ticked.blotted(["The secret"]) == kinds.Ticked(["Mix", "…"], ["Look"], 5)
    assert ticked.blotted() == kinds.Ticked(["…", "…"], ["…"], 5)
    assert kinds.Closed("completed").blotted() == kinds.Closed("completed")


def test_a_person_who_must_be_forgotten_is_named_no_more():
    assigned = kinds.Assigned(["Ada", "Eve"], ["Bob"], [1, 3], [2])
    assert assigned.without(3) == kinds.Assigned(["Ada", "…"], ["Bob"], [1, 3], [2])
    moved = kinds.Moved("WALL-1", "SCREE-2", kinds.LeftBehind(assignees=[kinds.Ref(3, "Eve"), kinds.Ref(1, "Ada")]))
    assert [one.name for one in moved.without(3).left_behind.assignees] == ["…", "Ada"]


@EACH
def test_whatever_names_a_person_knows_how_to_forget_them(happened):
    """An event that says a name which stands in its words as that of a person says so in `erases`."""
    names = {"Eve", "Ada", "<Bob>"} & {part.text for part in happened.words()}
    assert not names or happened.erases.people


def test_what_is_only_told_is_not_written():
    with pytest.raises(ValueError, match="is told, and not stored"):
        writing.given([(1, kinds.Mentioned("WALL", 2, "Like it", None))])
