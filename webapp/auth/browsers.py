"""How a browser is signed in."""

from webapp.auth import service as auth
from webapp.auth.service import Login
from webapp.http import devices, identity, unsent


def sign_in(login: Login) -> str:
    """Let this browser be signed in from now on, and known later; returns the CSRF token of its cookie.

    What it held until now ends, so that a copy of that cookie is worth nothing any more; and what somebody else
    typed into it when their login was over is not for this person.
    """
    held = identity.held()
    if held is not None and held != login.sid:
        auth.log_out(held)
    if devices.is_of_another(login.viewer.email):
        unsent.forget()
    devices.remember(login.viewer.email)
    return identity.hold(login.viewer, sid=login.sid, epoch=login.epoch, end=login.end, lasts=login.idle)
