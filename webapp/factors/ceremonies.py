"""What browsers and devices do with passkeys (WebAuthn): what is asked of them, and whether their answer is right.

Its library is loaded by who first needs it: 10 MB, which most processes never do.
"""

import logging
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from webapp.factors.rows import Answer, Site

T = TypeVar("T")
log = logging.getLogger("cairn.auth")

PATIENCE = 120_000  # milliseconds in which somebody finds their key
# What devices say of themselves is not asked, and with it comes code that reads certificates of many makes.
ATTESTATIONS = ("none", "packed")


class Registered(NamedTuple):
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def handle(user_id: int) -> bytes:
    """By what a device tells accounts apart: the same for one person for ever, and no word about them."""
    return sha256(f"cairn person {user_id}".encode()).digest()


def creating(challenge: bytes, site: Site, who: tuple[bytes, str, str], known: Sequence[bytes]) -> dict[str, Any]:
    """What navigator.credentials.create is asked for. `who` are the handle, the address and the name of a person,
    `known` the passkeys that they have.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    user_id, account, name = who
    wanted = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
    )
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Cairn",
        user_id=user_id,
        user_name=account,
        user_display_name=name,
        challenge=challenge,
        timeout=PATIENCE,
        authenticator_selection=wanted,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


def asking(challenge: bytes, site: Site, known: Sequence[bytes], *, verified: bool) -> dict[str, Any]:
    """What navigator.credentials.get is asked for: one of the `known` passkeys, or any of this site.

    `verified`: the device has to find out who holds it.
    """
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=PATIENCE,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement("required" if verified else "discouraged"),
    )
    return options_to_json_dict(options)


def registered(answer: Answer, challenge: bytes, site: Site) -> Registered | None:
    """The new passkey; None if the answer is not right."""
    return _judged(lambda: _registered(answer, challenge, site))


def asserted(
    answer: Answer, challenge: bytes, site: Site, passkey: tuple[bytes, int], *, verified: bool
) -> int | None:
    """How often the passkey was used by now; None if the answer is not right.

    `passkey` are its public half, and how often it was used when it was last seen.
    """
    return _judged(lambda: _asserted(answer, challenge, site, passkey, verified=verified))


def credential_of(answer: Answer) -> bytes | None:
    """Which passkey an answer says it is of."""
    from webauthn.helpers import parse_authentication_credential_json

    return _judged(lambda: parse_authentication_credential_json(dict(answer.credential)).raw_id)


def handle_of(answer: Answer) -> bytes | None:
    """Whose account the device says it is, if it says so."""
    from webauthn.helpers import parse_authentication_credential_json

    return _judged(lambda: parse_authentication_credential_json(dict(answer.credential)).response.user_handle)


def _registered(answer: Answer, challenge: bytes, site: Site) -> Registered | None:
    from webauthn import verify_registration_response
    from webauthn.helpers import parse_attestation_object, parse_registration_credential_json

    credential = parse_registration_credential_json(dict(answer.credential))
    if parse_attestation_object(credential.response.attestation_object).fmt not in ATTESTATIONS:
        return None
    found = verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
    )
    return Registered(found.credential_id, found.credential_public_key, found.sign_count)


def _asserted(answer: Answer, challenge: bytes, site: Site, passkey: tuple[bytes, int], *, verified: bool) -> int:
    from webauthn import verify_authentication_response

    public_key, sign_count = passkey
    found = verify_authentication_response(
        credential=dict(answer.credential),
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        credential_public_key=public_key,
        credential_current_sign_count=sign_count,
        require_user_verification=verified,
    )
    return found.new_sign_count


def _judged(judge: Callable[[], T]) -> T | None:
    """What the library finds. Whatever it stumbles over was sent by somebody, and is not right."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return judge()
    except (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        log.info("passkey_refused why=%s", type(error).__name__)
        return None
