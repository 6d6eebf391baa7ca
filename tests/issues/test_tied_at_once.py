"""The ids that an issue keeps of its labels and people, when several tie and untie at once."""

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.committed import Kept, committed
from webapp.config import Settings

TIE = "INSERT INTO issue_labels (issue_id, label_id) VALUES ({}, {}) ON CONFLICT DO NOTHING"
UNTIE = "DELETE FROM issue_labels WHERE issue_id = {} AND label_id = {}"
TAKE = "SELECT FROM issues WHERE id = {} FOR NO KEY UPDATE"
ASTRAY = """
SELECT count(*) FROM issues i WHERE label_ids <> array(SELECT label_id FROM issue_labels WHERE issue_id = i.id ORDER BY 1)
OR assignee_ids <> array(SELECT user_id FROM issue_assignees WHERE issue_id = i.id ORDER BY 1)
"""


@pytest.fixture(scope="module")
def kept(database: str, settings: Settings) -> Iterator[Kept]:
    with committed(database, settings) as there:
        yield there


def labels(kept: Kept, count: int) -> list[int]:
    made = "INSERT INTO labels (project_id, name, color) SELECT {}, 'l' || n, '#d34467' FROM generate_series(1, {}) n"
    kept.run(made.format(kept.values["project"], count))
    return kept.run("SELECT array_agg(id) FROM labels WHERE name LIKE 'l%'")


def test_two_who_untie_leave_what_is_left(kept):
    """Neither takes the issue first, and the second waits for the first within its own statement."""
    issue, ids = kept.values["issue"], labels(kept, 3)
    kept.run(*(TIE.format(issue, id) for id in ids))
    with kept.connect() as one, one.cursor() as cursor:
        one.autocommit = False
        cursor.execute(UNTIE.format(issue, ids[0]))
        other = Thread(target=kept.run, args=[UNTIE.format(issue, ids[1])])
        other.start()
        other.join(timeout=0.3)
        assert other.is_alive()
        one.commit()
        other.join()
    assert kept.run(f"SELECT label_ids FROM issues WHERE id = {issue}") == [ids[2]]
    kept.run("DELETE FROM labels WHERE name LIKE 'l%'")
    assert kept.run(f"SELECT label_ids FROM issues WHERE id = {issue}") == []


def test_many_at_once_leave_nothing_astray(kept):
    """Each takes the issue first, as all of the application do."""
    ids, failures = labels(kept, 4), []
    issues = [kept.values["issue"], kept.values["other"]]

    def work(seed: int) -> None:
        try:
            for step in range(40):
                issue, id = issues[(seed + step) % 2], ids[(seed + step // 2) % 4]
                kept.run(TAKE.format(issue), (UNTIE if (seed + step) % 3 else TIE).format(issue, id))
        except Exception as error:
            failures.append(error)

    workers: list[Any] = [Thread(target=work, args=[seed]) for seed in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert (failures, kept.run(ASTRAY)) == ([], 0)
