"""A chat room is told in one line, and nobody there is called by what somebody wrote."""

import json

import pytest

from webapp.webhooks import chat
from webapp.webhooks.chat import Line

BAD = Line(
    "Eve <!channel> @everyone closed",
    "KEY-1 <@U1> @here <at>all</at> [x](https://evil.example) *b* <https://evil.example|Log in> <script>",
    "https://cairn.example.org/projects/KEY/issues/1",
)


@pytest.mark.parametrize("form", ["slack", "discord", "teams", "matrix"])
def test_what_somebody_wrote_calls_nobody_and_is_no_link(form):
    payload = chat.payload(form, BAD)
    told = json.dumps(payload["html"] if form == "matrix" else payload, ensure_ascii=False)
    for call in ("@everyone", "@here", "<!", "<@", "<at>", "<https://evil", "<script", "](https://evil"):
        assert call not in told
    assert BAD.url in told


def test_discord_is_told_to_call_nobody():
    assert chat.payload("discord", BAD)["allowed_mentions"] == {"parse": []}


def test_a_title_is_seen_as_it_is():
    line = Line("Ada closed this", "KEY-1 A & B", "https://cairn.example.org/x")
    assert chat.payload("slack", line)["text"] == "Ada closed this: <https://cairn.example.org/x|KEY-1 A &amp; B>"
    assert chat.payload("matrix", line)["html"] == (
        'Ada closed this: <a href="https://cairn.example.org/x">KEY-1 A &amp; B</a>'
    )
    assert chat.payload("discord", line)["content"] == (
        r"Ada closed this: [KEY\-1 A & B](<https://cairn.example.org/x>)"
    )


def test_a_line_is_one_line():
    (card,) = chat.payload("teams", Line("a\nb", "c " * 1000, "https://x.example/"))["attachments"]
    (block,) = card["content"]["body"]
    assert "\n" not in block["text"]
    assert len(block["text"]) < 700


@pytest.mark.parametrize("form", ["slack", "discord", "teams", "matrix"])
def test_a_room_is_told_what_was_done(world, form):
    world.hook(form=form)
    world.api.patch("/projects/HOOK/issues/1", {"state": "closed"})
    ((_, body),) = world.hears()
    told = json.loads(body)
    assert "closed this" in json.dumps(told)
    assert "https://cairn.example.org/projects/HOOK/issues/1" in json.dumps(told)
