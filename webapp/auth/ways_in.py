"""Ways into an account that somebody else may have made: they end where whose it is takes it back."""

from collections.abc import Callable

from webapp.auth.service import end_tokens
from webapp.models.accounts import User

# Who takes back what those that are not known here have given, of a person by number.
settlers: list[Callable[[int], None]] = []
# Who ends those that are not known here, of a person whose row is locked: logins elsewhere.
enders: list[Callable[[User], None]] = []


def settle(user_id: int) -> None:
    """Take back what ways give that are about to end, before the person is locked.

    Rights are settled one by one, each in a transaction of its own that begins with the locks which come first.
    """
    for take_back in settlers:
        take_back(user_id)


def end_all_ways(user: User) -> None:
    """End all by which whoever had the account could come in again beside its password and its logins.

    What they gave is settled before. Raises Conflict where something was given meanwhile.
    """
    end_tokens(user)
    for end in enders:
        end(user)
