from contextlib import closing

from tests.databases import connected


def test_what_was_typed_is_not_in_the_log(server, ada):
    with closing(connected(server.database)) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE projects IN EXCLUSIVE MODE")
        assert server.ask("POST", "/projects", {"name": "A quiet merger"}, by=ada).status == 503
        cursor.execute("ROLLBACK")
    assert "A quiet merger" not in server.log.read_text()
