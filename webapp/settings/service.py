"""How a process comes to know of settings that another one changed."""

from collections.abc import Mapping

from webapp import keeping
from webapp.config import stored as config
from webapp.db import transaction
from webapp.settings import repository


def refresh() -> None:
    """Read them anew: where a request brings another counter than `config.at`, and where none brings any."""
    counter, values = repository.stored()
    if counter != config.at or values != config.stored():
        config.take(counter, values)
        keeping.forget()


@transaction
def put(values: Mapping[str, str | None]) -> None:
    """Store some values, or none in their place. They are checked already."""
    repository.lock()
    for name, value in values.items():
        repository.put(name, value)
