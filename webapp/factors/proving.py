"""Whether somebody shows the second factor of an account.

Who tries holds the account's row meanwhile: so guesses that come at once are counted one after the other, and a code
that two bring at once is taken from one.
"""

import hmac

from webapp import clock
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import throttle
from webapp.auth.service import Source
from webapp.auth.throttle import Proof
from webapp.db import transaction
from webapp.errors import Invalid
from webapp.factors import ceremonies, challenges, codes, repository, sealing, totp
from webapp.factors.keys import keys
from webapp.factors.rows import Answer, Purpose, Site
from webapp.i18n import Whole, _
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.models.factors import Passkey


def about(user_id: int) -> str:
    """What the seed of an app is sealed for."""
    return f"seed {user_id}"


def show_code(user_id: int, typed: str, *, source: Source) -> None:
    """Go on only with a code that the person's app shows, or one of their recovery codes. Each is taken once.

    Raises Invalid, TooMany after failures.
    """
    if not typed.strip():
        raise Invalid.on("code", _("is required."))
    if not _takes_code(user_id, codes.plain(typed), Proof(user_id, source.device)):
        raise Invalid.on("code", _("is not right, or was used already."))


def show_passkey(
    user_id: int, answer: Answer, site: Site, purpose: Purpose, *, source: Source, alone: bool = False
) -> None:
    """Go on only with the answer of one of the person's passkeys to a challenge of this purpose.

    `alone`: it stands for the password too, so the device has to say that it knows who holds it. Raises Invalid,
    TooMany after failures.
    """
    if not _takes_passkey(user_id, answer, site, purpose, Proof(user_id, source.device), alone=alone):
        raise wrong_passkey()


def wrong_passkey() -> Invalid:
    """What is told of an answer that is not right, whatever is wrong with it."""
    return Invalid.on("credential", Whole(_("This passkey was not accepted, or it took too long. Try again.")))


@transaction
def _takes_code(user_id: int, code: str, proof: Proof) -> bool:
    user = repository.locked(user_id)
    throttle.require_patience(proof)
    right = user is not None and (_takes_step(user, code) if totp.is_like_one(code) else _takes_paper(user, code))
    return _counted(proof, user, right=right)


@transaction
def _takes_passkey(user_id: int, answer: Answer, site: Site, purpose: Purpose, proof: Proof, *, alone: bool) -> bool:
    user = repository.locked(user_id)
    throttle.require_patience(proof)
    # Of a login with a passkey alone nobody knew whose it would be.
    challenge = challenges.use(purpose, None if purpose is Purpose.LOGIN else user_id, answer.token)
    passkey = repository.presented(ceremonies.credential_of(answer) or b"")
    right = challenge is not None and passkey is not None and passkey.user_id == user_id
    if right and challenge is not None and passkey is not None:
        right = _is_whose(answer, user_id, alone=alone) and _uses(passkey, answer, challenge, site, alone=alone)
    return _counted(proof, user, right=right)


def _counted(proof: Proof, user: User | None, *, right: bool) -> bool:
    if right:
        throttle.succeeded(proof)
    else:
        throttle.count(proof)
        audit.note(Kind.FACTOR_FAIL, target=audit.person(user) if user else None, refused=True)
    return right


def _takes_step(user: User, code: str) -> bool:
    """A code of the person's app: of this half minute or the one before, if none of that or a later one was taken."""
    app = repository.authenticator(user.id)
    secret = sealing.opened(app.seed, about(user.id), keys().seeds) if app else None
    step = totp.step_of(code, secret, clock.now()) if secret else None
    return step is not None and repository.advance(user.id, step)


def _takes_paper(user: User, code: str) -> bool:
    """A recovery code. Whose it was hears of it: what lies on paper may have been found."""
    if not repository.use_code(user.id, codes.summed(code)):
        return False
    audit.note(Kind.CODE_USED, target=audit.person(user))
    mail.post("factor", user, {"what": "code_used", "left": repository.codes_left(user.id)})
    return True


def _is_whose(answer: Answer, user_id: int, *, alone: bool) -> bool:
    """Whether the device means this account: it has to say so where nobody else does, and may not say another."""
    said = ceremonies.handle_of(answer)
    if said is None:
        return not alone
    return hmac.compare_digest(said, ceremonies.handle(user_id))


def _uses(passkey: Passkey, answer: Answer, challenge: bytes, site: Site, *, alone: bool) -> bool:
    known = passkey.public_key, passkey.sign_count
    count = ceremonies.asserted(answer, challenge, site, known, verified=alone)
    if count is None:
        return False
    repository.use_passkey(passkey.id, count)
    return True
