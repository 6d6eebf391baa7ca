"""What can go wrong, in the words of the domain.

    CairnError
    ├── BadRequest        400  the request cannot be read
    ├── SignInNeeded      401  nobody is signed in
    │   ├── LoginNotFresh 401  their password was typed too long ago for this
    │   └── FactorNeeded  401  it is right, and something else is asked for as well
    ├── Forbidden         403  known, visible, but not allowed
    │   ├── Deactivated   403  nothing is allowed to them any more
    │   └── FactorMissing 403  nothing is, before they have a second factor
    ├── NotFound          404  not there, or not to be known of
    │   ├── Gone          410  in the trash
    │   └── Over          410  it held for a time, which is over
    ├── Conflict          409  taken, or not as things stand
    │   └── Overtaken     409  changed meanwhile
    │       └── Stale     412  the same, told to a client that sent If-Match
    ├── TooLarge          413  a file has too many bytes
    │   └── BodyTooLarge  413  all of it together has
    ├── Invalid           422  a field is wrong
    ├── TooMany           429  try again later
    └── Unavailable       503  the server cannot now
        └── Unreached     503  something beside it cannot, that only this needs

Nothing here knows a page or JSON; `webapp/http/problems.py` tells each of them to whoever asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.i18n import N_, _, ngettext
from webapp.quotas import Quota

FieldErrors = Mapping[str, Sequence[str]]


class CairnError(Exception):
    """Something went wrong that the caller should hear about.

    `errors` maps a field to sentences about it; the key "" speaks of the whole input. `type` is for programs that
    have to know one from others of its status, and `more` is what these are told beside.
    """

    status = 500
    type = "about:blank"
    more: Mapping[str, Any] = {}
    title = N_("Something went wrong")
    detail = ""

    def __init__(self, detail: str = "", *, errors: FieldErrors | None = None) -> None:
        super().__init__(detail or self.detail or self.title)
        self.detail = detail or self.detail
        self.errors: FieldErrors = errors or {}


class BadRequest(CairnError):
    status, title = 400, N_("The request could not be read")


class SignInNeeded(CairnError):
    status, title, detail = 401, N_("Log in first"), N_("Log in to go on.")


class LoginNotFresh(SignInNeeded):
    """Somebody is signed in, but has not shown for a while that it is them who asks."""

    title, detail = N_("Confirm that it is you"), N_("Enter your password again to go on.")


class FactorNeeded(SignInNeeded):
    """The password is right, and the account has a second factor: by which `methods` it is shown, and the token of
    who has come so far.
    """

    type = "urn:cairn:factor_required"
    title, detail = N_("One more step"), N_("Show your second factor to go on.")

    def __init__(self, methods: Sequence[str], factor_token: str) -> None:
        super().__init__()
        self.more = {"methods": methods, "factor_token": factor_token}


class Forbidden(CairnError):
    status, title, detail = 403, N_("You can't do this"), N_("Your account does not have this right.")


class Deactivated(Forbidden):
    detail = N_("This account has been deactivated. Ask an administrator.")


class FactorMissing(Forbidden):
    """Somebody is signed in who must have a second factor here, and has none yet."""

    type = "urn:cairn:factor_setup_required"
    title, detail = N_("A second factor is needed"), N_("Set up a second factor at /auth/factors to go on.")


class NotFound(CairnError):
    status, title, detail = (
        404,
        N_("Page not found"),
        N_("There is nothing at this address, or it is not visible to you."),
    )


class Moved(NotFound):
    """An issue is in another project now; `project` and `number` say where."""

    def __init__(self, project: str, number: int) -> None:
        super().__init__(_("This is %(key)s-%(number)s now.", key=project, number=number))
        self.project, self.number = project, number


class Gone(NotFound):
    """It was deleted, and can still be restored. `project`, `number` and `comment` say where it was."""

    status, title = 410, N_("This was deleted")

    def __init__(self, detail: str, project: Any, number: int, comment: int | None = None) -> None:
        super().__init__(detail)
        self.title = N_("This comment was deleted") if comment else N_("This issue was deleted")
        self.project, self.number, self.comment = project, number, comment


class Over(NotFound):
    """What held for a time, or for one use, and holds no longer; `what` it was leads to where there is another."""

    status, title = 410, N_("This is no longer valid")

    def __init__(self, detail: str, what: str = "") -> None:
        super().__init__(detail)
        self.what = what


class Conflict(CairnError):
    status, title = 409, N_("Something is in the way")

    @classmethod
    def on(cls, field: str, sentence: str) -> "Conflict":
        """A value that is already somebody else's."""
        return cls(sentence, errors={field: [sentence]})


class Overtaken(Conflict):
    """Somebody else was faster: what the caller had before their eyes is no longer so."""

    title = N_("This was changed meanwhile")


class Stale(Overtaken):
    status = 412


class TooLarge(CairnError):
    status, title = 413, N_("The file is too large")


class BodyTooLarge(TooLarge):
    title = N_("This is too large")


class Invalid(CairnError):
    """The input was refused, field by field."""

    status, title = 422, N_("There is a problem")

    def __init__(self, errors: FieldErrors) -> None:
        field, sentences = next(iter(errors.items()))
        super().__init__(f"{field}: {sentences[0]}" if field else sentences[0], errors=errors)

    @classmethod
    def on(cls, field: str, sentence: str) -> "Invalid":
        return cls({field: [sentence]})


class TooMany(CairnError):
    status, title = 429, N_("Too many attempts")

    def __init__(self, retry_after: int, quota: Quota | None = None) -> None:
        """`retry_after` is in seconds; `quota` is what was used up."""
        super().__init__(_("Try again in %(time)s.", time=_span(retry_after)))
        self.retry_after = retry_after
        self.quota = quota


class Unavailable(CairnError):
    status, title, detail = 503, N_("Cairn is not available"), N_("Try again in a moment.")

    def __init__(self, detail: str = "", *, retry_after: int = 2) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unreached(Unavailable):
    """What this needs is away, and Cairn itself is not: a page can tell so in words."""


def _span(seconds: int) -> str:
    if seconds < 90:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    return ngettext("%(num)s minute", "%(num)s minutes", round(seconds / 60))
