"""Whom a provider lets in, and what its groups are worth here: the part that all kinds of providers share."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

ADMINISTRATOR = "administrator"
# What an owner is, only owners say.
ROLES = ("maintainer", "member", "reporter", "viewer")


class Rules(BaseModel):
    """A provider. `groups` say what each group there gives here: "KEY:role", or "administrator"."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    # Whether who is new gets an account, and with addresses of which domains; of any, if none is named.
    provision: bool = False
    domains: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}
    # Who has a second factor here shows it `here` as well, unless the login `there` suffices, or says by `amr` that
    # it asked for several.
    second_factor: Literal["here", "there", "amr"] = "here"

    @field_validator("domains")
    @classmethod
    def _small(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one.strip().removeprefix("@").lower() for one in value)

    @field_validator("groups")
    @classmethod
    def _known(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for group, given in value.items():
            for one in given:
                key, _, role = one.partition(":")
                if one != ADMINISTRATOR and (not key or role not in ROLES):
                    raise ValueError(
                        f'{group}: must be like "CORE:member" (one of {", ".join(ROLES)}) or "{ADMINISTRATOR}"'
                    )
        return value

    def welcomes(self, email: str) -> bool:
        """Whether somebody new with this address gets an account."""
        return self.provision and (not self.domains or email.rpartition("@")[2].lower() in self.domains)
