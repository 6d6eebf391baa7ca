"""Which projects a token that somebody makes is limited to, as it is said."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from webapp.types import COMMA, In, clean, example

MOST = 50  # projects
Keys = list[Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=20)]]


class Limited(In):
    """Keys of projects, those that are named in a text too."""

    projects: Annotated[
        Keys | None,
        Field(min_length=1, max_length=MOST, description="The keys of those that it is limited to; null are all."),
    ] = None

    projects_named: Annotated[
        str,
        BeforeValidator(clean),
        Field(max_length=1000, description="More of them, with commas between: as forms say it."),
    ] = ""

    @property
    def keys(self) -> list[str] | None:
        """The keys of the projects that it is limited to; None are all."""
        named = [key.strip() for key in COMMA.split(self.projects_named) if key.strip()]
        return [*(self.projects or ()), *named] if named else self.projects


class Limits(Limited, json_schema_extra=example(projects=["DEMO"])):
    """Other projects for a token that there is; `projects` is sent, null for all."""

    everywhere: Annotated[bool, Field(description="All: as forms say it, which have no null.")] = False

    @property
    def is_said(self) -> bool:
        """Whether it says any: a form in which nothing is ticked must not widen a token."""
        return self.everywhere or self.keys is not None or "projects" in self.model_fields_set

    @property
    def keys(self) -> list[str] | None:
        """The keys of the projects that it is limited to from now on; None are all."""
        return None if self.everywhere else super().keys
