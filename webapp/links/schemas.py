from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.auth.schemas import OTHER_WORDS, WORDS, Email, Next, Password, TypedPassword
from webapp.types import In, Out, example


class ForgottenIn(In, json_schema_extra=example(email="ada@example.org")):
    email: Email
    next: Next = ""


class NewPasswordIn(In, json_schema_extra=example(new_password=OTHER_WORDS)):
    new_password: Password


class AddressOut(Out):
    email: str
    confirmed_at: Annotated[
        datetime | None, Field(description="Null until a link that was sent to the address was followed.")
    ]


class AddressIn(In, json_schema_extra=example(email="ada@example.net")):
    email: Email


class FinishIn(In, json_schema_extra=example(password=WORDS)):
    """The password that was chosen when the account was asked for."""

    password: TypedPassword


class SentOut(Out):
    sent_to: Annotated[str, Field(description="Where a mail is on its way to. Its link makes the account.")]


class UndoneOut(Out):
    email: str
    reset: Annotated[
        str | None,
        Field(
            description="POST `new_password` there, within 30 minutes: another password. Null for who has none here."
        ),
    ]
