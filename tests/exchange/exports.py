"""Parts of exports, as GitHub writes them, with invented contents."""

from typing import Any


def issue(number: int, repository: str = "acme/wall", **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Issue {number}",
        "body": "Text",
        "state": "open",
        "user": {"login": "Octo"},
        "labels": [],
        "created_at": "2020-01-02T03:04:05Z",
        "updated_at": "2020-01-02T03:04:05Z",
        "closed_at": None,
        "html_url": f"https://github.com/{repository}/issues/{number}",
        **fields,
    }


def comment(id: int, number: Any = None, repository: str = "acme/wall", **fields: Any) -> dict[str, Any]:
    beside = {"issue_url": f"https://api.github.com/repos/{repository}/issues/{number}"} if number else {}
    at = {"created_at": "2020-02-02T00:00:00Z", "updated_at": "2020-02-02T00:00:00Z"}
    return {"id": id, "user": {"login": "mona"}, "body": f"Comment {id}", **at, **beside, **fields}


def closed(**fields: Any) -> dict[str, Any]:
    return {"state": "closed", "closed_at": "2020-03-03T00:00:00Z", **fields}


def milestone(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Stage {number}",
        "description": "Far away",
        "state": "open",
        "due_on": "2021-01-31T08:00:00Z",
        "created_at": "2020-01-01T00:00:00Z",
        "closed_at": None,
        **fields,
    }


def pull(number: int, **fields: Any) -> dict[str, Any]:
    """A file of an archive with timelines: what it calls a pull request is not called an issue."""
    address = f"https://github.com/acme/wall/pull/{number}"
    events = fields.pop("events", [])
    content = issue(number, html_url=address, **{"merged_at": None, **fields})
    return {"type": "pull", "pull": content, "events": events, "comments": []}
