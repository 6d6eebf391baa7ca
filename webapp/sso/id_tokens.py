"""Whether an ID token is one of this provider's, for us, for this login, and of now (OpenID Connect Core 3.1.3.7)."""

import hmac
from typing import Any

from webapp import clock
from webapp.config.sso import OidcProvider
from webapp.sso import discovery
from webapp.sso.talking import Broken

# By a key that only the provider has: whoever knows its public half, or our secret, signs nothing.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
LEEWAY = 60  # seconds by which clocks may differ
LONGEST = 64 * 1024


def read(provider: OidcProvider, token: object, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of a token that was given with an access token. Raises Broken, or ProviderFailed."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    if not isinstance(token, str) or len(token) > LONGEST:
        raise Broken("there is no ID token")
    header = _header(token)
    claims = _verified(provider, token, header)
    told = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    wanted = {"iss": {"essential": True, "value": provider.issuer}}
    checked = CodeIDToken(claims, header, wanted, told)
    try:
        checked.validate(int(clock.now().timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Broken(f"the ID token is not right: {error}") from None
    _require_ours(provider, claims, nonce)
    return claims


def _require_ours(provider: OidcProvider, claims: dict[str, Any], nonce: str) -> None:
    """What the library leaves to whoever calls it."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if provider.client_id not in audience:
        raise Broken("the ID token is for somebody else")
    if not isinstance(claims.get("nonce"), str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise Broken("the ID token is of another login")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255 or not claims["sub"].isprintable():
        raise Broken("the ID token says of nobody")


def _header(token: str) -> dict[str, Any]:
    from joserfc.errors import JoseError
    from joserfc.jws import extract_compact

    try:
        header = dict(extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError, AttributeError):
        raise Broken("the ID token is none") from None
    if header.get("alg") not in ALGORITHMS:
        raise Broken(f"the ID token is signed by {header.get('alg')!r:.20}")
    return header


def _verified(provider: OidcProvider, token: str, header: dict[str, Any]) -> dict[str, Any]:
    """The claims, if one of the provider's keys has signed them."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import import_key

    kid = header.get("kid")
    for one in discovery.keys(provider, kid if isinstance(kid, str) else None):
        try:
            return dict(jwt.decode(token, import_key(one), algorithms=[header["alg"]]).claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    raise Broken("no key of the provider has signed the ID token")
