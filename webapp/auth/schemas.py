import json
from datetime import datetime
from typing import Annotated, Any, Literal

import email_validator
from pydantic import AfterValidator, AliasChoices, BeforeValidator, EmailStr, Field, validate_email
from pydantic_core import PydanticCustomError

from webapp import zones
from webapp.accounts.handles import FORM
from webapp.i18n import N_, _
from webapp.types import UNSET, Formed, In, Name, Out, Wrong, clean, example

# Names like .local and .test are real in many an intranet; whether mail arrives, only mail can tell.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def _sendable(value: object) -> object:
    """Only what is not text at all is refused here; a password is never trimmed."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Wrong(_("must not contain half a character (a lone surrogate)")) from None
    return value


def as_registered(typed: str) -> str:
    """An address in the spelling that a registration gives it; what is none stays as it is."""
    try:
        return validate_email(typed)[1]
    except PydanticCustomError:
        return typed


def _known_zone(value: str) -> str:
    if not zones.is_known(value):
        raise Wrong(_("must be the name of a time zone, like Europe/Zurich"))
    return value


Email = Annotated[EmailStr, BeforeValidator(clean), Field(max_length=254)]
Password = Annotated[str, BeforeValidator(_sendable), Field(min_length=8, max_length=256)]
TypedPassword = Annotated[str, BeforeValidator(_sendable), Field(max_length=1024)]
TimeZone = Annotated[
    str, BeforeValidator(clean), Field(max_length=64, examples=["Europe/Zurich"]), AfterValidator(_known_zone)
]
Language = Annotated[
    str,
    Field(max_length=8, description="The code of a language, like en; null for what the browser asks for."),
]
# What a browser says of itself in a field that nobody sees: a zone that is not known here refuses no account.
OwnZone = Annotated[
    str,
    BeforeValidator(clean),
    Field(max_length=64, description="One that is not known counts as UTC.", examples=["Europe/Zurich"]),
    AfterValidator(lambda value: value if zones.is_known(value) else "UTC"),
]
# Whatever was typed as an address; that it belongs to nobody is for the login to say, or rather not to say.
TypedEmail = Annotated[str, BeforeValidator(clean), Field(max_length=320), AfterValidator(as_registered)]


# Of the passwords in examples: long enough, and easily guessed by nobody.
WORDS, OTHER_WORDS = "eleven purple otters", "seven quiet lorries under pines"


def _parsed(value: object) -> object:
    """A form has it as text. What is no JSON stays as it is, and is no object then."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


Code = Annotated[
    str,
    BeforeValidator(clean),
    Field(max_length=100, description="What your authenticator app shows, or a recovery code."),
]
Credential = Annotated[
    dict[str, Any],
    BeforeValidator(_parsed),
    Field(description="What navigator.credentials gave, as its toJSON() has it."),
]
ChallengeToken = Annotated[str, Field(max_length=1000, description="What came with the options.")]
Next = Annotated[str, Field(max_length=2048, description="The path that a page goes on to when all is done.")]


class RegisterIn(In, json_schema_extra=example(name="Ada", email="ada@example.org", password=WORDS)):
    name: Name
    email: Email
    password: Password
    time_zone: OwnZone = "UTC"
    next: Next = ""


class LoginIn(In, json_schema_extra=example(email="ada@example.org", password=WORDS)):
    """E-mail and password. The password form of OAuth 2 calls the address `username`.

    `code` is for an account with a second factor; it may follow later.
    `cookie: true` lets a browser's script be signed in by the HttpOnly cookie instead of a bearer token;
    `remember` makes that cookie last; `next` is where a page goes on to.
    """

    email: TypedEmail = Field(validation_alias=AliasChoices("email", "username"))
    password: TypedPassword
    code: Code = ""
    remember: bool = False
    cookie: bool = False
    next: Next = ""


class RefreshIn(In, json_schema_extra=example()):
    """Without a token: the cookie is renewed."""

    refresh_token: Annotated[str, Field(max_length=200)] | None = None


Handle = Annotated[
    str,
    BeforeValidator(lambda value: clean(value).removeprefix("@").lower() if isinstance(value, str) else value),
    Formed(FORM, N_("must be one to 39 letters, digits, - and _, a letter or digit first")),
    Field(description="How texts name you, as in @ada: letters, digits, - and _."),
]


class ProfileIn(In, json_schema_extra=example(name="Ada", time_zone="Europe/Zurich")):
    name: Name = UNSET
    handle: Handle = UNSET
    time_zone: TimeZone = UNSET
    language: Language | None = UNSET


class PasswordIn(
    In,
    json_schema_extra=example(current_password=WORDS, new_password=OTHER_WORDS),
):
    current_password: TypedPassword
    new_password: Password
    revoke_tokens: Annotated[bool, Field(description="End your personal access tokens, too.")] = False


class SignInOut(Out):
    """A login: `agent` is what the browser or program calls itself, `current` the one that asks."""

    id: int
    agent: str | None
    created_at: datetime
    ends_at: datetime
    current: bool


class TokenOut(Out):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    refresh_token: str


class ConfirmIn(In, json_schema_extra=example(password=WORDS)):
    """Your own password, with a code if you have a second factor; or the answer of a passkey alone.

    `next` is where a page goes on to.
    """

    password: TypedPassword = ""
    code: Code = ""
    credential: Credential | None = None
    challenge_token: ChallengeToken = ""
    next: Next = ""


class AccessOut(Out):
    """The token that takes the place of the one that asks; the refresh token stays as it is."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int


class CookieOut(Out):
    """The cookie is set; `csrf_token` belongs into the X-CSRF-TOKEN header of every write."""

    token_type: Literal["cookie"] = "cookie"  # noqa: S105
    expires_in: int
    csrf_token: str


class UserOut(Out):
    id: int
    name: str
    email: str
    time_zone: str
    handle: str
    language: str | None
    created_at: datetime
