"""People who come and go at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

ROUNDS = 5


def at_once(server, *requests):
    """The answers to (method, address, body, person), which are all sent at the same moment."""
    with ThreadPoolExecutor(len(requests)) as threads:
        sent = [threads.submit(server.ask, method, url, body, by=who) for method, url, body, who in requests]
        return [one.result() for one in sent]


def number_of(server, person):
    return server.ask("GET", "/auth/me", by=person).json["id"]


def test_of_two_owners_who_leave_at_once_one_stays(server, ada):
    bob = server.person("Bob")
    numbers = {who: number_of(server, who) for who in (ada, bob)}
    for _ in range(ROUNDS):
        members = f"{server.project(ada)}/members"
        server.ask("POST", members, {"email": bob.email, "role": "owner"}, by=ada)
        answers = at_once(server, *[("DELETE", f"{members}/{numbers[who]}", None, who) for who in (ada, bob)])
        assert sorted(answer.status for answer in answers) == [204, 409]


def test_a_link_that_two_use_at_once_lets_one_in(server, ada):
    people = [server.person("Bob"), server.person("Eve")]
    for _ in range(ROUNDS):
        invited = server.ask("POST", f"{server.project(ada)}/members", {"email": "new@example.com"}, by=ada).json
        link = urlsplit(invited["link"]).path
        answers = at_once(server, *[("POST", link, None, who) for who in people])
        assert sorted(answer.status for answer in answers) == [200, 410]


def test_an_address_that_is_added_twice_at_once_is_added_once(server, ada):
    project = server.project(ada)
    for number in range(ROUNDS):
        body = {"email": f"twice{number}@example.com"}
        answers = at_once(server, *[("POST", f"{project}/members", body, ada)] * 2)
        assert sorted(answer.status for answer in answers) == [201, 409]
