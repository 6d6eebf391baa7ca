"""The key of an installation that was given none, kept in its data folder."""

import os
import secrets
from pathlib import Path


def kept_key(folder: Path) -> str:
    """What to sign with where nothing is given. Exits with one line if it can be neither read nor made."""
    path = folder / "secret.key"
    try:
        return _kept(path)
    except OSError as error:
        raise SystemExit(
            f"cairn: {path} can be neither read nor made ({error.strerror}): "
            "set CAIRN_DATA to a folder of the account that runs Cairn, or set SECRET_KEY."
        ) from None


def _kept(path: Path) -> str:
    """Made with O_EXCL, so that of several processes starting at once exactly one writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        try:
            os.link(draft, path)  # whole or not at all, and never over another's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
