"""The settings as they are told to whoever looks after this installation: what each is, and where that was said."""

import os
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values

from webapp.config import ROOT, Settings
from webapp.config.secret_settings import SECRETS

# `file` is one that NAME_FILE names, `dotenv` the `.env` in the checkout, `program` what no line of either says.
# `database` is what administrators changed.
Origin = Literal["environment", "dotenv", "file", "database", "program", "default"]


@dataclass(frozen=True, slots=True)
class Told:
    """A setting under the name that it is set by. Of a secret there is no value, whether it is set or not."""

    name: str
    value: str | None
    is_secret: bool
    origin: Origin


def told(settings: Settings, dotenv: Path = ROOT / ".env", *, stored: Container[str] = ()) -> Sequence[Told]:
    """All settings, by name; `stored` are those that administrators changed."""
    said = _named(dotenv_values(dotenv) if os.access(dotenv, os.R_OK) else {})
    known = _named(os.environ)
    return [
        Told(
            name.upper(),
            _value(name, settings),
            name in SECRETS,
            "database" if name in stored else _origin(name, settings, known, said),
        )
        for name in sorted(type(settings).model_fields)
    ]


def _named(variables: Any) -> set[str]:
    """The names that say something: an empty variable is as if it were not there."""
    return {name.lower() for name, value in variables.items() if value}


def _origin(name: str, settings: Settings, known: set[str], said: set[str]) -> Origin:
    if name not in settings.model_fields_set:
        return "default"
    if name in known:
        return "environment"
    if name in said:
        return "dotenv"
    return "file" if f"{name}_file" in known | said else "program"


def _value(name: str, settings: Settings) -> str | None:
    value = getattr(settings, name)
    if value is None or name in SECRETS:
        return None
    return ", ".join(value) if isinstance(value, tuple) else str(value)
