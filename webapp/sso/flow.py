"""A login at a provider, from the first redirect to what it told (OpenID Connect, code flow with PKCE).

What goes out and has to come back is signed, holds for ten minutes and once, and only in the browser that it went out
from: nonce and code verifier follow from its cookie, so that nothing is kept meanwhile, and two windows do not
disturb each other.
"""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from itsdangerous import BadData, URLSafeTimedSerializer

from webapp import clock
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.config import of_this_app
from webapp.config.sso import OidcProvider
from webapp.errors import BadRequest, CairnError, NotFound
from webapp.factors import challenges
from webapp.i18n import N_, _
from webapp.sso import discovery, id_tokens, talking
from webapp.sso.keys import key
from webapp.sso.rows import Errand, Identity
from webapp.sso.talking import Broken, ProviderFailed

LASTS = 600  # seconds
LONGEST_WAY = 512


class LoginOver(BadRequest):
    """What came back is of no login that this browser began a short while ago."""

    title = N_("The login elsewhere did not work")
    detail = N_("This login was begun too long ago, in another browser, or is done already. Begin again.")


class LoginRefused(CairnError):
    """The provider says no, or somebody did not agree there."""

    status, title = 403, N_("The login elsewhere did not work")


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that went out: `number` tells it from others, `began` is in Unix seconds."""

    number: str
    provider: str
    purpose: Errand
    onward: str
    began: int


@dataclass(frozen=True, slots=True)
class Came:
    """Whom a provider has logged in. `suffices`: no second factor is asked for here beside; `is_proved`: they showed
    there just now who they are, and did not only come back to a browser that was left open.
    """

    identity: Identity
    provider: OidcProvider
    purpose: Errand
    onward: str
    suffices: bool
    is_proved: bool


def provider(name: str) -> OidcProvider:
    """The provider of this name. Raises NotFound."""
    found = next((one for one in of_this_app().providers if one.id == name), None)
    if found is None:
        raise NotFound()
    return found


def begin(there: OidcProvider, purpose: Errand, onward: str, *, browser: str, back: str) -> str:
    """Where a browser goes to log in: `back` is where it comes back to, `browser` what tells it from others.

    Raises ProviderFailed.
    """
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    known = discovery.metadata(there)
    way = onward if len(onward) <= LONGEST_WAY else "/"
    begun = Begun(secrets.token_urlsafe(16), there.id, purpose, way, int(clock.now().timestamp()))
    asked = {
        "response_type": "code",
        "client_id": there.client_id,
        "redirect_uri": back,
        "scope": " ".join(there.scopes),
        "state": _written(begun),
        "nonce": _secret("nonce", begun.number, browser),
        "code_challenge": create_s256_code_challenge(_secret("verifier", begun.number, browser)),
        "code_challenge_method": "S256",
    }
    if prompt := "login" if purpose is Errand.CONFIRM else there.prompt:
        asked["prompt"] = prompt
    if purpose is Errand.CONFIRM:
        asked["max_age"] = "0"
    return f"{known.authorization}{'&' if '?' in known.authorization else '?'}{urlencode(asked, quote_via=quote)}"


def finish(there: OidcProvider, answer: Mapping[str, str], *, browser: str, back: str) -> Came:
    """Who came back. Raises LoginOver, LoginRefused, ProviderFailed; each is noted."""
    try:
        return _finished(there, answer, browser, back)
    except Broken as error:
        _note(there, str(error))
        raise talking.failed(there, str(error)) from None
    except (LoginOver, LoginRefused, ProviderFailed) as error:
        _note(there, type(error).__name__)
        raise


def _finished(there: OidcProvider, answer: Mapping[str, str], browser: str, back: str) -> Came:
    begun = _read(answer.get("state", ""))
    if begun.provider != there.id:
        raise LoginOver()
    _require_issuer(there, answer.get("iss"))
    if answer.get("error"):
        raise LoginRefused(_("%(label)s did not log you in, or you did not agree to it.", label=there.label))
    code = answer.get("code", "")
    if not code or not challenges.use_once(f"sso {begun.number} {browser}"):
        raise LoginOver()
    tokens = _exchanged(there, code, _secret("verifier", begun.number, browser), back)
    access = tokens.get("access_token")
    access = access if isinstance(access, str) else ""
    nonce = _secret("nonce", begun.number, browser)
    claims = id_tokens.read(there, tokens.get("id_token"), nonce, access)
    is_proved = _is_of_now(claims, begun)
    if begun.purpose is Errand.CONFIRM and not is_proved:
        raise Broken("they did not log in again")
    told = {**_userinfo(there, claims, access), **claims}
    return Came(_identity(there, told), there, begun.purpose, begun.onward, _suffices(there, claims), is_proved)


def _require_issuer(there: OidcProvider, said: str | None) -> None:
    """That it is this provider who answers, and no other that somebody mixed in (RFC 9207)."""
    if said != there.issuer and (said is not None or discovery.metadata(there).tells_issuer):
        raise LoginOver()


def _exchanged(there: OidcProvider, code: str, verifier: str, back: str) -> dict[str, Any]:
    """The tokens for a code."""
    known = discovery.metadata(there)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    headers = {}
    secret = there.client_secret.get_secret_value() if there.client_secret else ""
    if secret and not known.by_post:
        pair = f"{quote(there.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form["client_id"] = there.client_id
        form |= {"client_secret": secret} if secret else {}
    return talking.send(there, known.token, urlencode(form).encode(), headers)


def _userinfo(there: OidcProvider, claims: Mapping[str, Any], access: str) -> dict[str, Any]:
    """What the ID token does not say of somebody, if the provider tells it elsewhere."""
    wanted = ["email", *([there.groups_claim] if there.groups else [])]
    address = discovery.metadata(there).userinfo
    if not address or not access.isascii() or not access or all(name in claims for name in wanted):
        return {}
    told = talking.fetch(there, address, {"Authorization": f"Bearer {access}"})
    if told.get("sub") != claims["sub"]:
        raise Broken("what is told of somebody is of another")
    return told


def _identity(there: OidcProvider, told: Mapping[str, Any]) -> Identity:
    email, name = told.get("email"), told.get("name") or told.get("preferred_username")
    return Identity(
        there.id,
        told["sub"],
        email[:320] if isinstance(email, str) else None,
        is_email_verified=told.get("email_verified") is True or (there.trust_email and "email_verified" not in told),
        name=name if isinstance(name, str) else "",
        groups=_groups(there, told),
    )


def _groups(there: OidcProvider, told: Mapping[str, Any]) -> tuple[str, ...]:
    """Those that are worth something here. Many leave the claim out for who is in none."""
    groups = told.get(there.groups_claim) or []
    groups = groups if isinstance(groups, list) else [groups]
    return tuple(one for one in there.groups if one in groups)


def _is_of_now(claims: Mapping[str, Any], begun: Begun) -> bool:
    """Whether they logged in there since they were sent, and not the day before."""
    at = claims.get("auth_time")
    return isinstance(at, int | float) and not isinstance(at, bool) and at >= begun.began - id_tokens.LEEWAY


def _suffices(there: OidcProvider, claims: Mapping[str, Any]) -> bool:
    methods = claims.get("amr")
    by_several = isinstance(methods, list) and "mfa" in methods
    return there.second_factor == "there" or (there.second_factor == "amr" and by_several)


def _written(begun: Begun) -> str:
    return str(_signer().dumps([begun.number, begun.provider, begun.purpose, begun.onward, begun.began]))


def _read(state: str) -> Begun:
    try:
        number, name, purpose, onward, began = _signer().loads(state, max_age=LASTS)
    except (BadData, ValueError):
        raise LoginOver() from None
    return Begun(number, name, Errand(purpose), onward, began)


def _secret(what: str, number: str, browser: str) -> str:
    """What only this browser's login knows until it is back; 43 characters."""
    digest = hmac.digest(key().present.encode(), f"{what} {number} {browser}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _note(there: OidcProvider, why: str) -> None:
    audit.note(Kind.LOGIN_FAIL, after={"provider": there.id, "why": why[:100]}, refused=True)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key().oldest_first, salt="sso state")
