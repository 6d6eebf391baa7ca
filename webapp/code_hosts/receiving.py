"""Taking what hosts send: its signature is checked, it is written down, and the worker does the rest."""

from urllib.parse import parse_qs
from uuid import uuid4

from webapp import clock
from webapp.code_hosts import arrivals, repository, signatures
from webapp.code_hosts.rows import Host
from webapp.db import transaction
from webapp.errors import CairnError, NotFound
from webapp.i18n import N_
from webapp.jobs import service as jobs
from webapp.models.code_hosts import HostKind
from webapp.webhooks import signing
from webapp.webhooks.signing import Headers

# More than the largest push that has a sense here; hosts themselves leave out commits long before.
LARGEST = 5 * 1024 * 1024
# Where hosts number what they send: each the first of these that it sent. GitLab's others are shared by several.
NUMBERED = {
    HostKind.GITHUB: ("X-GitHub-Delivery",),
    HostKind.GITLAB: ("webhook-id", "Idempotency-Key", "X-Gitlab-Event-UUID"),
    HostKind.GITEA: ("X-Gitea-Delivery", "X-Forgejo-Delivery"),
    HostKind.PLAIN: ("webhook-id",),
}
NAMED = {
    HostKind.GITHUB: ("X-GitHub-Event",),
    HostKind.GITLAB: ("X-Gitlab-Event",),
    HostKind.GITEA: ("X-Gitea-Event", "X-Forgejo-Event"),
    HostKind.PLAIN: (),
}
# What a program sends that names no event.
UNNAMED = "push"
LONGEST = 200


class Unsigned(CairnError):
    """A request that nobody signed who knows the secret."""

    status, title = 401, N_("The signature is not right")
    detail = N_("Sign what you send with the secret of this address.")


def host_at(address: str) -> Host:
    """The repository whose address ends so. Raises NotFound."""
    host = repository.addressed(address)
    if host is None:
        raise NotFound()
    return host


def receive(host: Host, headers: Headers, body: bytes, *, is_form: bool) -> bool:
    """Write down what a host sent, to be taken by the worker; False if it came before. Raises Unsigned."""
    by_id = _signer(host, headers, body)
    kind = HostKind(host.kind)
    message_id = _first(headers, NUMBERED[kind]) or str(uuid4())
    payload = _payload(body) if is_form else body
    return _keep(host, by_id, message_id, _first(headers, NAMED[kind]) or UNNAMED, payload)


@transaction
def _keep(host: Host, by_id: int, message_id: str, event: str, payload: bytes) -> bool:
    made = arrivals.add(host.id, by_id, message_id, event, payload)
    if made is not None:
        jobs.enqueue("take_code", {"id": made})
    return made is not None


def _signer(host: Host, headers: Headers, body: bytes) -> int:
    """Whose secret it was signed with."""
    known = [(host.salt, host.connector.id)]
    if host.former_salt is not None and host.former_until is not None and host.former_until > clock.now():
        known.append((host.former_salt, host.former_by or 0))
    for salt, person_id in known:
        if any(signatures.is_signed(host.kind, headers, body, secret) for secret in signing.secrets_of(salt)):
            return person_id
    raise Unsigned()


def _first(headers: Headers, names: tuple[str, ...]) -> str:
    sent = next((one for name in names if (one := headers.get(name, ""))), "")
    return "".join(one for one in sent if one.isprintable())[:LONGEST]


def _payload(body: bytes) -> bytes:
    """What a form says in its one field, as GitHub sends it where nobody chose JSON."""
    try:
        fields = parse_qs(body.decode(), max_num_fields=10)
    except ValueError:
        return b""
    return fields.get("payload", [""])[0].encode(errors="replace")
