"""Calendars of what is due, read as strictly as RFC 5545 is written."""

import re

from webapp.feeds.ical import escaped, folded

LIST = "/projects/WALL/issues"
PROPERTY = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[A-Za-z0-9-]+)*):(.*)", re.S)


def events(response):
    """The events of a calendar; what breaks a rule of the grammar fails the test."""
    assert response.mimetype == "text/calendar"
    raw = response.get_data()
    assert raw.endswith(b"\r\n")
    pieces = raw[:-2].split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    assert not [piece for piece in pieces if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", piece) or not piece]
    assert all(piece.decode() for piece in pieces), "no character is cut in two"
    lines = raw[:-2].decode().replace("\r\n ", "").split("\r\n")
    found = [PROPERTY.fullmatch(line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return nested([(match[1], match[3]) for match in found])


def nested(pairs):
    assert pairs[0] == ("BEGIN", "VCALENDAR")
    assert pairs[-1] == ("END", "VCALENDAR")
    current: dict | None = None
    head, told = dict(pairs[1:3]), []
    assert set(head) == {"VERSION", "PRODID"}
    for name, value in pairs[1:-1]:
        if name == "BEGIN":
            assert (current, value) == (None, "VEVENT")
            current = {}
        elif name == "END":
            assert value == "VEVENT"
            assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(current or ())
            told.append(current)
            current = None
        elif current is not None:
            assert name not in current, f"{name} stands twice"
            current[name] = plain(value)
    assert current is None
    assert len({one["UID"] for one in told}) == len(told)
    return told


def plain(value):
    assert not re.search(r"(?<!\\)(?:\\\\)*\\[^\\;,nN]", value), f"an escape that there is not: {value}"
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def test_what_is_due_is_a_day(api, ada, make, project):
    make.issue(project, ada, title="Mend it", due_on="2026-12-24", assignees=[ada.id])
    make.issue(project, ada, title="No day")
    (event,) = events(api(ada).send("GET", f"{LIST}.ics", status=200))
    assert (event["SUMMARY"], event["DTSTART"]) == ("WALL-1 Mend it", "20261224")
    assert event["URL"] == f"http://localhost{LIST}/1"
    assert event["DESCRIPTION"].endswith("assigned to Ada")
    assert re.fullmatch(r"issue-\d+@localhost", event["UID"])
    assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])


def test_what_is_done_is_not_due(api, ada, make, project):
    make.issue(project, ada, due_on="2026-12-24")
    api(ada).patch(f"{LIST}/1", {"state": "closed"})
    assert events(api(ada).send("GET", f"{LIST}.ics?q=is:all")) == []


def test_what_is_done_is_gone_also_for_those_who_ask_by_time(api, ada, make, project):
    make.issue(project, ada, due_on="2026-12-24")
    sent = api(ada).send("GET", f"{LIST}.ics")
    assert "Last-Modified" not in sent.headers
    api(ada).patch(f"{LIST}/1", {"state": "closed"})
    now = {"If-Modified-Since": sent.headers.get("Date", "Mon, 23 Nov 2099 10:00:00 GMT")}
    assert events(api(ada).send("GET", f"{LIST}.ics", status=200, headers=now)) == []


def test_hostile_words_stay_words(api, ada, make, project):
    title = "a\\b;c,d: BEGIN:VEVENT é日本🪨 " + "x" * 120
    make.label(project, ada, "x;y")
    make.issue(project, ada, title=title, due_on="2026-12-24", labels=["x;y"])
    (event,) = events(api(ada).send("GET", f"{LIST}.ics"))
    assert event["SUMMARY"] == f"WALL-1 {title}"
    assert event["CATEGORIES"] == "x;y"


def test_the_first_day_of_all_is_written_whole(api, ada, make, project):
    make.issue(project, ada, due_on="0001-01-01")
    assert events(api(ada).send("GET", f"{LIST}.ics"))[0]["DTSTART"] == "00010101"


def test_milestones_are_days_too(api, ada, project):
    api(ada).post("/projects/WALL/milestones", {"title": "1.0", "due_on": "2026-12-31", "description": "a\nb"})
    api(ada).post("/projects/WALL/milestones", {"title": "Some day"})
    (event,) = events(api(ada).send("GET", f"{LIST}.ics"))
    assert (event["SUMMARY"], event["DTSTART"]) == ("Milestone 1.0 of WALL", "20261231")
    assert event["DESCRIPTION"] == "a\nb"


def test_a_narrowed_list_has_the_milestones_of_its_issues(api, ada, make, project):
    one, two = (
        api(ada).post("/projects/WALL/milestones", {"title": title, "due_on": "2026-12-31"})["id"]
        for title in ("1.0", "2.0")
    )
    make.issue(project, ada, title="Moss", milestone=one)
    make.issue(project, ada, title="Lichen", milestone=two)
    assert [event["SUMMARY"] for event in events(api(ada).send("GET", f"{LIST}.ics?q=Moss"))] == [
        "Milestone 1.0 of WALL"
    ]


def test_all_projects_that_one_sees_are_one_calendar(api, ada, eve, make, project, public):
    make.issue(project, ada, due_on="2026-12-24")
    make.issue(public, ada, due_on="2026-12-24")
    assert len(events(api(ada).send("GET", "/issues.ics"))) == 2
    assert [event["SUMMARY"][:6] for event in events(api(eve).send("GET", "/issues.ics"))] == ["OPEN-1"]


def test_a_line_is_folded_between_characters():
    for line in ("🪨" * 50, "a" * 75, "a" * 76, "é" * 38):
        pieces = folded(line).split("\r\n")
        assert max(len(piece.encode()) for piece in pieces) <= 75
        assert folded(line).replace("\r\n ", "") == line


def test_control_characters_are_left_out():
    assert escaped("a\x00\x07\rb\x7f\x85c\nd") == "abc\\nd"
