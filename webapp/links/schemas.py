from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.auth.schemas import OTHER_WORDS, Password, TypedEmail
from webapp.types import In, Out, example


class ForgottenIn(In, json_schema_extra=example(email="ada@example.org")):
    email: TypedEmail


class NewPasswordIn(In, json_schema_extra=example(new_password=OTHER_WORDS)):
    new_password: Password


class AddressOut(Out):
    email: str
    confirmed_at: Annotated[
        datetime | None, Field(description="Null until a link that was sent to the address was followed.")
    ]
