"""Whatever something is called, it can be asked for: typed in quotation marks, and by every link of the product."""

from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.scene import *  # noqa: F403
from webapp.access import Role
from webapp.db import transacting
from webapp.lists.vocabulary import FIELDS
from webapp.models.projects import Membership
from webapp.text.query import Term, parse, parts

URL = "/projects/WALL"
NAMES = [
    "none", "any", "me", "@me", "open", "*", "today", "a,b", "a", "x:y", '"quoted"', '"', "back\\slash", "\\", "#12",
    "#1", ">3", "3", "..", "1..2", "-bug", "OR", "AND", "NOT", "(x)", "label:none", "is:open", " around ", "two  blanks",
    "🪨", "👩‍💻 emoji", "שלום עולם", "Größe", "l" * 100, "=1", "@ada", "/path", "a&b=c%20+d?", "<b>", "'",
]  # fmt: skip
KINDS = ("label", "status", "milestone", "assignee")


def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def kept(name):
    """As it is stored: without blanks around it, and single ones between its words."""
    return " ".join(name.split())


@pytest.fixture(scope="module", autouse=True)
def wall(app, api, ada, make):
    """An issue for each name, whose label, status, milestone and assignee are called so, and one that has nothing."""
    project, ours = make.project(ada, key="WALL"), api(ada)
    made = {"statuses": {}, "labels": {}, "milestones": {}, "people": {}}
    for number, name in enumerate(NAMES, start=1):
        person = make.person(kept(name), email=f"h{number}@example.com", handle=f"h{number}")
        with app.app_context(), transacting() as session:
            session.add(Membership(project_id=project.id, user_id=person.id, role=Role.MEMBER))
        ours.post(f"{URL}/statuses", {"name": name, "category": "started"})
        made["labels"][number] = ours.post(f"{URL}/labels", {"name": name, "color": "#338392"})["id"]
        milestone = made["milestones"][number] = ours.post(f"{URL}/milestones", {"title": name})["id"]
        draft = {"title": f"Number {number}", "labels": [name], "status": name, "milestone": milestone}
        ours.post(f"{URL}/issues", {**draft, "assignees": [person.id]})
    made["statuses"] = {one["name"]: one["id"] for one in ours.get(f"{URL}/statuses")["items"]}
    ours.post(f"{URL}/issues", {"title": "Nothing"})
    return made


def numbers(client, address):
    """Those of the issues behind the address of a list."""
    return [one["number"] for one in client.get(f"{address}&limit=100")["items"]]


def asked(link):
    """Which of the names a link asks for, and as what."""
    said = parse_qs(urlsplit(link).query)
    found = [(kind, name) for kind in ("label", "status") for name in said.get(kind, ())]
    for node in parts(parse(said.get("q", [""])[0], FIELDS)):
        if isinstance(node, Term) and node.name in KINDS:
            found += [(node.name, value.text) for value in node.values]
    return [(kind, name) for kind, name in found if name in map(kept, NAMES)]


def is_list(link):
    return urlsplit(link).path in (f"{URL}/issues", "/issues") and "?" in link


def test_each_name_is_found_as_it_is_typed(wall, api, ada):
    ours = api(ada)
    for number, name in enumerate(NAMES, start=1):
        for kind in KINDS:
            q = f"{kind}:{quoted(kept(name))}"
            found = [one["number"] for one in ours.get(f"{URL}/issues", query_string={"q": q})["items"]]
            assert found == [number], q
            was = ours.get(f"{URL}/issues", query_string={"q": f"was:{q}"})["items"]
            assert [one["number"] for one in was] == [number], q


def test_a_special_word_without_quotation_marks_still_means_more(wall, api, ada):
    nothing = len(NAMES) + 1
    for kind in ("label", "milestone", "assignee"):
        assert numbers(api(ada), f"{URL}/issues?q={kind}:none") == [nothing]
        assert len(numbers(api(ada), f"{URL}/issues?q={kind}:*")) == len(NAMES)


def test_each_link_of_each_page_leads_to_what_it_names(wall, api, browser, ada):
    someone, ours, seen = browser(ada), api(ada), set()
    leads_to = cache(lambda link: numbers(ours, link))  # most pages have the same links
    pages = [f"{URL}/labels", f"{URL}/statuses", f"{URL}/charts", f"{URL}/board", f"{URL}/milestones", URL, "/"]
    for number, name in enumerate(NAMES, start=1):
        term = f"label:{quoted(kept(name))}"
        pages += [f"{URL}/issues/{number}", f"{URL}/milestones/{wall['milestones'][number]}"]
        pages += [f"{URL}/milestones/{wall['milestones'][number]}/burn-up"]
        for kind, id in (("labels", wall["labels"][number]), ("statuses", wall["statuses"][kept(name)])):
            to = someone.get(f"{URL}/{kind}/{id}", status=303).location
            assert leads_to(to) == [number], to
            pages.append(to)
        query = {"q": f"{term} -label:nothing", "limit": 1}
        page = someone.get(f"{URL}/issues", query_string=query)
        for link in filter(is_list, page.links):
            if ("label", kept(name)) in asked(link):
                assert leads_to(link) in ([number], []), link
    for at in pages:
        for link in filter(is_list, someone.get(at).links):
            for kind, name in asked(link):
                assert leads_to(link) in ([list(map(kept, NAMES)).index(name) + 1], []), f"{at}: {link}"
                seen.add((kind, name))
    missing = {(kind, kept(name)) for kind in ("label", "status", "milestone") for name in NAMES} - seen
    assert not missing


def test_the_fields_beside_a_list_keep_and_choose_each_name(wall, api, browser, ada):
    someone, ours = browser(ada), api(ada)
    for number, name in enumerate(NAMES, start=1):
        for kind in ("label", "milestone"):
            offers = ours.get(f"{URL}/choices", query_string={"of": kind, "q": kept(name)[:100]})["items"]
            [said] = [one["said"] for one in offers if one["name"] == kept(name)]
            to = someone.get(f"{URL}/issues/filter", query_string={"q": "", kind: said}, status=303).location
            assert numbers(ours, to) == [number], to
            page = someone.get(to)
            assert page.fields[kind] == said
            again = {"q": page.fields["q"], "was": page.fields["was"], kind: said}
            assert someone.get(f"{URL}/issues/filter", query_string=again, status=303).location == to


def test_what_a_query_can_say_is_found_as_it_is_offered(wall, api, ada):
    ours = api(ada)
    fields = {one["name"]: one["values"] for one in ours.get(f"{URL}/issues/query")["items"]}
    for kind in ("label", "status", "milestone"):
        assert len(set(fields[kind]) & {"none", "*"}) == 0
        assert {'"none"', '"*"', '"#12"', '"\\"quoted\\""', "a,b", "-bug"} <= set(fields[kind])


def test_a_view_and_a_change_of_many_keep_to_a_name(wall, api, browser, ada):
    ours, someone = api(ada), browser(ada)
    for number, name in enumerate(NAMES, start=1):
        q = f"label:{quoted(kept(name))}"
        view = ours.post(f"{URL}/views", {"name": f"View {number}", "query": q})
        to = someone.get(f"{URL}/views/{view['id']}", status=303).location
        assert numbers(ours, to) == [number], to
        ours.patch(f"{URL}/issues", {"estimate": number}, query_string={"q": q})
        assert numbers(ours, f"{URL}/issues?q=estimate:{number}") == [number]


def test_a_project_is_found_by_its_key_and_by_its_name(api, ada, make):
    for number, name in enumerate(NAMES, start=1):
        make.issue(make.project(ada, key=f"P{number}", name=kept(name)), ada)
    for number, name in enumerate(NAMES, start=1):
        found = api(ada).get("/issues", query_string={"q": f"project:{quoted(kept(name))}"})["items"]
        assert [one["key"] for one in found] == [f"P{number}-1"], name
    assert [one["key"] for one in api(ada).get("/issues?q=project:p3")["items"]] == ["P3-1"]
