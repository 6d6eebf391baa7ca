"""What this installation sends mail by: read from the settings at start, the same for all that is sent."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from webapp.config import Settings
from webapp.config.keys import Ring
from webapp.config.mail_url import MailServer, Sender


@dataclass(frozen=True, slots=True)
class Office:
    """The server that takes mail, or the folder where mails lie in development; in production perhaps neither."""

    server: MailServer | None
    folder: Path | None
    sender: Sender
    site: str
    keys: Ring

    @property
    def host(self) -> str:
        """Whose mails these are: the name of this site."""
        return urlsplit(self.site).hostname or "localhost"

    @property
    def is_open(self) -> bool:
        return self.server is not None or self.folder is not None


_office: Office | None = None


def configure(settings: Settings, keys: Ring) -> None:
    """Read the settings; `keys` sign what stands in mails."""
    global _office
    server = settings.mail_server
    folder = None if server or settings.is_production else settings.cairn_data / "mail"
    _office = Office(server, folder, settings.sender, settings.address, keys)


def office() -> Office:
    """Raises RuntimeError before the settings were read."""
    if _office is None:
        raise RuntimeError("There is no application yet.")
    return _office
