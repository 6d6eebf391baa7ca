"""The columns that say who asks, for every statement that asks it."""

from sqlalchemy import bindparam, func

from webapp.models.accounts import ACTING, User
from webapp.models.auth import SignIn

# The person of a sign-in, and what may end it.
PERSON = (
    *ACTING, User.is_active, User.token_epoch, SignIn.revoked_at, SignIn.ends_at, func.now().label("now"),
)  # fmt: skip
OWN = SignIn.user_id == User.id
ASKING = (User.id == bindparam("user_id"), SignIn.id == bindparam("sid"))
