from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from webapp.auth.schemas import ChallengeToken, Code, CookieOut, Credential, Next, TokenOut
from webapp.factors.rows import Purpose
from webapp.types import In, Name, Out, example

CODE = "492039"
TOLD = "…"  # what an answer before this one said
# As navigator.credentials tells one; what is in it only a device can make.
CREDENTIAL = {"id": "AQ", "rawId": "AQ", "type": "public-key", "response": {}}

Token = Annotated[str, Field(max_length=1000)]


class FactorIn(In, json_schema_extra=example(factor_token=TOLD, code=CODE)):
    """A code of your app, a recovery code, or what a passkey answered.

    `factor_token` is what the login with your password was answered; a browser's page has it in a cookie.
    """

    factor_token: Annotated[str, Field(max_length=1000)] = ""
    code: Code = ""
    credential: Credential | None = None
    challenge_token: ChallengeToken = ""
    next: Next = ""


class PasskeyLoginIn(In, json_schema_extra=example(credential=CREDENTIAL, challenge_token=TOLD)):
    """What a passkey answered; `cookie`, `remember` and `next` as with a password."""

    credential: Credential
    challenge_token: ChallengeToken
    remember: bool = False
    cookie: bool = False
    next: Next = ""


class OptionsIn(In, json_schema_extra=example(purpose="login")):
    """What a passkey is wanted for. After a password, `factor_token` says whose."""

    purpose: Purpose
    factor_token: Annotated[str, Field(max_length=1000)] = ""


class OptionsOut(Out):
    options: Annotated[
        dict[str, Any], Field(description="For navigator.credentials, with its binary values in base64url.")
    ]
    challenge_token: Annotated[str, Field(description="Send it along with the answer, within 5 minutes.")]


class SetupOut(Out):
    """A secret for an authenticator app. It is worth nothing before the app has shown a right code."""

    secret: str
    address: Annotated[str, Field(description="What a QR code of it says, as apps read it.")]
    setup_token: Annotated[str, Field(description="Send it along with the code, within 30 minutes.")]


class AuthenticatorIn(In, json_schema_extra=example(setup_token=TOLD, code=CODE)):
    """The first code that the app shows."""

    setup_token: Token
    code: Annotated[Code, Field(min_length=1)]


class PasskeyIn(In, json_schema_extra=example(name="My laptop", credential=CREDENTIAL, challenge_token=TOLD)):
    name: Name
    credential: Credential
    challenge_token: ChallengeToken


class PasskeyName(In, json_schema_extra=example(name="My laptop")):
    name: Name


class AuthenticatorOut(Out):
    created_at: datetime
    used_at: datetime | None


class PasskeyOut(Out):
    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


class FactorsOut(Out):
    """All that you have; `is_required`: without any, you can do nothing else here."""

    authenticator: AuthenticatorOut | None
    passkeys: list[PasskeyOut]
    codes_left: Annotated[int, Field(description="Recovery codes that were not used yet.")]
    is_required: bool

    @classmethod
    def of(cls, own: Any, *, is_required: bool) -> "FactorsOut":
        """All that somebody has, and whether they must have something."""
        parts = {name: getattr(own, name) for name in ("authenticator", "passkeys", "codes_left")}
        return cls.model_validate({**parts, "is_required": is_required}, from_attributes=True)


class ChangedOut(Out):
    """All your logins ended: `login` takes the place of the one that asked."""

    login: TokenOut | CookieOut
    recovery_codes: Annotated[list[str], Field(description="Told only now; empty unless there are new ones.")]
