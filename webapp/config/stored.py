"""Settings that administrators change while Cairn runs: which, and what they come to. The environment wins."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from webapp.config import Settings

log = logging.getLogger("cairn")

# Those that are read whenever they are needed. What is read once, at the start, needs a start.
CHANGEABLE = (
    "approve_first_posts", "audit_days", "backup_hour", "backup_keep", "limit_factor", "registration",
    "require_second_factor",
)  # fmt: skip
# The counter at which this process has them. Each request compares it, and a call for that would be too many.
at = 0
# Who keeps some of them elsewhere, and is told of others.
listeners: list[Callable[[Settings], None]] = []


class Combined(Settings):
    """Settings that are known already: no variable is read for them, and no file, which may be gone by now."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, alone."""
        return (init_settings,)


def given() -> Settings:
    """The settings as the environment has them, with which the application was made, or was given since."""
    known = current_app.config
    is_ours = known["SETTINGS"] is known.get("SETTINGS_TAKEN")
    settings: Settings = known["SETTINGS_GIVEN"] if is_ours else known["SETTINGS"]
    return settings


def is_fixed(name: str) -> bool:
    """Whether the environment says it, so that nothing here changes it."""
    return name in given().model_fields_set


def stored() -> Mapping[str, str]:
    """What is stored and counts here, by name."""
    values: Mapping[str, str] = current_app.config.get("SETTINGS_STORED", {})
    return values


def take(counter: int, values: Mapping[str, str]) -> None:
    """Have the application work with these from here on, as far as the environment does not say otherwise."""
    global at
    base, counting = given(), {}
    for name, value in values.items():
        if name not in CHANGEABLE or name in base.model_fields_set:
            continue
        try:
            combined(base, {name: value})
        except ValidationError:  # of another release, which allowed it
            log.warning("setting_refused", extra={"fields": {"setting": name}})
        else:
            counting[name] = value
    settings = combined(base, counting) if counting else base
    current_app.config.update(
        SETTINGS_GIVEN=base, SETTINGS=settings, SETTINGS_TAKEN=settings, SETTINGS_STORED=counting
    )
    for listener in listeners:
        listener(settings)
    at = counter  # last, so that what fails is tried again


def combined(base: Settings, values: Mapping[str, Any]) -> Settings:
    """The environment's settings with some more. Raises pydantic's ValidationError for a value that is none."""
    own = {name: getattr(base, name) for name in base.model_fields_set}
    return Combined(**{**values, **own})
