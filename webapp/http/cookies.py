"""The cookies of our own beside the token's: always HttpOnly and Lax, Secure outside development."""

from flask import Response, current_app


def put_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, seconds, secure=current_app.config["JWT_COOKIE_SECURE"], httponly=True, samesite="Lax"
    )


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, secure=current_app.config["JWT_COOKIE_SECURE"], httponly=True, samesite="Lax")
