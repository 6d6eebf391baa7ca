import json
from collections.abc import Iterable
from datetime import timedelta

from webapp import hashing
from webapp.db import transaction
from webapp.drafts import repository

KEPT = timedelta(hours=24)
# Anybody can fill these, since nobody is logged in: together they stay below a quarter of a gigabyte.
LARGEST, MANY = 256 * 1024, 1_000
# A code that is typed at a login is one too, and so is what a passkey answered.
SECRET = ("password", "token", "secret", "credential")
# What a page puts into each form anew.
OURS = ("csrf_token", "form_key", "next")
# What a page says of its form's boxes: kept beside what was typed, so that none is ticked again.
BOXES = "boxes"

Fields = list[tuple[str, str]]


@transaction
def keep(token: str, path: str, typed: Iterable[tuple[str, str]]) -> bool:
    """Keep what was typed into the form of a page, for who holds the token; False if it is nothing, or too large."""
    fields = [(name, value) for name, value in typed if may_be_kept(name)]
    content = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(content) > LARGEST or not any(value.strip() for name, value in fields if name != BOXES):
        return False
    repository.trim(KEPT, MANY - 1)
    repository.add(hashing.of_token(token), path, content)
    return True


def kept(token: str, path: str) -> Fields | None:
    """What was typed into the form of this page, if it is kept."""
    content = repository.fields(hashing.of_token(token), path, KEPT)
    if content is None:
        return None
    return [(name, value) for name, value in json.loads(content.decode("utf-8", "surrogatepass"))]


@transaction
def forget(token: str, path: str | None = None) -> bool:
    """Forget what was typed, if it was on this page; whether there was such."""
    return repository.remove(hashing.of_token(token), path)


def may_be_kept(name: str) -> bool:
    """Whether a field of a form may be shown again: passwords and the like may not, and ours need not."""
    return name not in OURS and name != "code" and not any(word in name.lower() for word in SECRET)
