"""The cookies of our own beside the token's: always HttpOnly and Lax, Secure outside development.

Browsers share cookies between the ports of a host. So that two installations there do not take each other's away,
each adds a mark to the names, which follows from its key.
"""

from flask import Response, current_app, request


def marked(name: str) -> str:
    """The name as browsers know it."""
    return f"{name}-{mark(current_app.config['KEYS'])}"


def mark(keys: dict[str, str]) -> str:
    """What tells the cookies of this installation from another's."""
    return keys["cookies"][:8]


def cookie(name: str) -> str | None:
    """What the browser has sent under this name."""
    return request.cookies.get(marked(name))


def put_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    secure = current_app.config["JWT_COOKIE_SECURE"]
    response.set_cookie(marked(name), value, seconds, secure=secure, httponly=True, samesite="Lax")


def drop_cookie(response: Response, name: str) -> None:
    secure = current_app.config["JWT_COOKIE_SECURE"]
    response.delete_cookie(marked(name), secure=secure, httponly=True, samesite="Lax")
