"""`flask mail-test ADDRESS`."""

import pytest

from webapp.mail.command import mail_test


@pytest.fixture
def run(app, mailing):
    return lambda address: app.test_cli_runner().invoke(mail_test, [address])


def test_it_prints_what_the_server_answers(run, sink):
    result = run("ada@example.com")
    assert result.output.splitlines() == [
        f"localhost:{sink.port}, from cairn@cairn.test:",
        "250 2.0.0 Taken as number 1",
    ]
    assert sink.mails[0].to == ["ada@example.com"]


@pytest.mark.parametrize(
    ("address", "said", "words"),
    [("ada@example.com", "550 No such person.", "550 No such person."), ("ada", "", "none that mail can be sent to")],
)
def test_a_refusal_is_a_line_and_a_status(run, sink, address, said, words):
    if said:
        sink.says["rcpt"] = said
    result = run(address)
    assert result.exit_code == 1
    assert words in result.output


def test_without_a_server_it_says_where_it_lies_or_what_to_set(run, mailing, tmp_path):
    mailing.by(None, cairn_data=tmp_path)
    assert run("ada@example.com").output.startswith(f"Lies in {tmp_path}/mail/")
    mailing.by(None, environment="production")
    assert "MAIL_URL is not set" in run("ada@example.com").output
