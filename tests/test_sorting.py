"""Names are sorted as people count and spell, in every list, field and column, on pages and as JSON."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, bindparam, func, select, text

from webapp.access import Role
from webapp.db import db, transacting
from webapp.models.projects import Membership, Project
from webapp.text.sorting import natural_key

ORDER = [
    "1.9", "1.10", "2", "10", "Apfel", "äpfel", "apfel b", "echo", "éclair", "Straße", "Strassen", "Zebra", "Ωmega",
    "Ж", "я", "🪨",
]  # fmt: skip
# As somebody may add them, who has not sorted them.
ADDED = ORDER[1::3] + ORDER[::3] + ORDER[2::3]
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cn", "Cc", "Co")), max_size=30) | st.lists(
    st.sampled_from(["1", "00", "9", "a", "A", "Ä", "ß", "é", ".", " ", "Ж", "🪨", "-", "9" * 25]), max_size=8
).map("".join)


@pytest.fixture
def wall(app, api, ada, make):
    """Labels, milestones and members of each name, one issue that has them all, and one with each milestone."""
    project, ours, people = make.project(ada, key="WALL"), api(ada), []
    for number, name in enumerate(ADDED):
        person = make.person(name, email=f"s{number}@example.com", handle=f"s{number}")
        people.append(person.id)
        with app.app_context(), transacting() as session:
            session.add(Membership(project_id=project.id, user_id=person.id, role=Role.MEMBER))
        ours.post("/projects/WALL/labels", {"name": name, "color": "#338392"})
        ours.post("/projects/WALL/labels", {"name": f"kind::{name}", "color": "#338392"})
        ours.post("/projects/WALL/milestones", {"title": name})
        ours.post("/projects/WALL/views", {"name": name, "query": "is:open", "pinned": True})
    ours.post("/projects/WALL/issues", {"title": "All", "labels": ADDED, "assignees": people})
    return project


def ours(names):
    """Those of some names that are ours, in their order."""
    return [name for name in names if name in ORDER]


def shown(page, names=ORDER):
    """The names as they stand on a page, each where it stands first."""
    words = [word.strip() for word in page.words]
    return sorted((name for name in names if name in words), key=words.index)


def offered(get, field):
    """What a query can say of a field."""
    return next(one["values"] for one in get("issues/query")["items"] if one["name"] == field)


LISTS = {
    "labels": lambda get: [one["name"] for one in get("labels")["items"]],
    "milestones": lambda get: [one["title"] for one in get("milestones")["items"]],
    "members": lambda get: [one["user"]["name"] for one in get("members")["items"]],
    "views": lambda get: [one["name"] for one in get("views")["items"]],
    "an issue's labels": lambda get: [one["name"] for one in get("issues/1")["labels"]],
    "an issue's assignees": lambda get: [one["name"] for one in get("issues/1")["assignees"]],
    "a listed issue's labels": lambda get: [one["name"] for one in get("issues")["items"][0]["labels"]],
    "a listed issue's assignees": lambda get: [one["name"] for one in get("issues")["items"][0]["assignees"]],
    "a found issue's labels": lambda get: [one["name"] for one in get("issues?q=All")["items"][0]["labels"]],
    "the labels of queries": lambda get: offered(get, "label"),
    "the milestones of queries": lambda get: offered(get, "milestone"),
    "columns of people": lambda get: [one["name"] for one in get("board?by=assignee")["columns"]],
    "columns of milestones": lambda get: [one["name"] for one in get("board?by=milestone")["columns"]],
    "columns of labels": lambda get: [one["name"] for one in get("board?by=label:kind")["columns"]],
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_names_is_in_their_order(wall, api, ada, name):
    assert ours(LISTS[name](lambda at: api(ada).get(f"/projects/WALL/{at}"))) == ORDER


@pytest.mark.parametrize("kind", ["label", "milestone", "person"])
def test_what_is_offered_is_the_beginning_of_that_order(wall, api, ada, kind):
    first = [one["name"] for one in api(ada).get(f"/projects/WALL/choices?of={kind}")["items"]]
    assert len(ours(first)) > 8
    assert ours(first) == ORDER[: len(ours(first))]


@pytest.mark.parametrize(
    "page",
    ["labels", "milestones", "members", "views", "issues/1", "board?by=milestone"],
)
def test_a_page_shows_them_in_that_order(wall, browser, ada, page):
    assert shown(browser(ada).get(f"/projects/WALL/{page}")) == ORDER


@pytest.mark.parametrize("page", ["issues/new", "issues/1/labels", "issues/1/assignees", "issues/1/milestone"])
def test_a_form_offers_them_in_that_order(wall, browser, ada, page):
    offered = shown(browser(ada).get(f"/projects/WALL/{page}"))
    assert len(offered) > 10
    assert offered == ours(sorted(offered, key=ORDER.index))


def test_projects_are_listed_in_that_order_page_by_page(api, browser, ada, make):
    for number, name in enumerate(ADDED):
        make.project(ada, key=f"P{number}", name=name)
    found, at = [], "/projects?limit=3"
    while at:
        part = api(ada).get(at)
        found += [one["name"] for one in part["items"]]
        at = part["next"]
    assert ours(found) == ORDER
    assert shown(browser(ada).get("/projects")) == ORDER
    assert shown(browser(ada).get(f"/users/{ada.id}")) == ORDER


def test_pages_lead_back_the_way_that_they_came(browser, ada, make):
    for number, name in enumerate(ADDED):
        make.project(ada, key=f"P{number}", name=name)
    someone, seen = browser(ada), []
    page = someone.get("/projects?limit=4")
    while True:
        seen.append(shown(page))
        following = [link for link in page.links if "cursor" in link]
        if len(seen) > 1 and len(following) < 2:
            break
        page = someone.get(following[-1])
    assert [name for part in seen for name in part] == ORDER
    back = next(link for link in page.links if "cursor" in link)
    assert shown(someone.get(back)) == seen[-2]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=20))
def test_the_database_and_a_process_sort_alike(app, names):
    with app.app_context():
        made = select(func.natural_key(bindparam("name", names[0], type_=Text)))
        assert db.session.scalar(made) == natural_key(names[0])
        statement = text('SELECT name FROM unnest(:names) AS name ORDER BY natural_key(name) COLLATE "C"')
        assert list(db.session.scalars(statement, {"names": names})) == sorted(names, key=natural_key)


def test_the_order_follows_a_name_whoever_writes_it(app, ada, make):
    project = make.project(ada, key="WALL", name="Zebra")
    with app.app_context():
        db.session.execute(text("UPDATE projects SET name = '1.10' WHERE id = :id"), {"id": project.id})
        kept = db.session.scalar(select(Project.sort_key).where(Project.id == project.id))
        assert kept == natural_key("1.10")
