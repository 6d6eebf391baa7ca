"""The settings that are secrets, and the files that they may stand in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource
from pydantic_settings.sources import EnvSettingsSource

from .strength import refuse_weak

# Each may be given by the file that holds it instead, which `NAME_FILE` names: that is how containers and systemd
# hand secrets out, and unlike a variable a file is not shown by `ps e` or `docker inspect`.
SECRETS = (
    "backup_passphrase", "database_url", "files_access_key_id", "files_secret_access_key", "ldap_bind_password",
    "mail_url", "metrics_token", "password_pepper", "password_pepper_fallbacks", "secret_key", "secret_key_fallbacks",
    "sso_providers",
)  # fmt: skip
LONGEST = 64 * 1024


class Secrets(BaseSettings):
    """What tokens are signed and passwords are hashed with."""

    secret_key: SecretStr | None = Field(
        None,
        description="Signs tokens; 32 random characters or more. Development generates one in the data folder.",
    )
    secret_key_fallbacks: Annotated[tuple[SecretStr, ...] | None, NoDecode] = Field(
        None, description="Former keys by which tokens are still verified, the latest first, comma-separated."
    )
    password_pepper: SecretStr | None = Field(
        None, description="Goes into the hashes of passwords; 32 random characters or more, kept apart from backups."
    )
    password_pepper_fallbacks: Annotated[tuple[SecretStr, ...] | None, NoDecode] = Field(
        None, description="Former peppers, comma-separated; who logs in gets a hash with the present one."
    )

    metrics_token: SecretStr | None = Field(
        None, description="What programs that watch Cairn bring to /metrics; unset: nothing is counted or told there."
    )

    @field_validator("secret_key_fallbacks", "password_pepper_fallbacks", mode="before")
    @classmethod
    def _parted(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _are_strong(self) -> "Secrets":
        for name in ("secret_key", "password_pepper", "metrics_token"):
            if (secret := getattr(self, name)) is not None:
                refuse_weak(name.upper(), secret.get_secret_value())
        return self

    @property
    def former_keys(self) -> list[str]:
        """Former keys, the latest first."""
        return [key.get_secret_value() for key in self.secret_key_fallbacks or ()]

    @property
    def peppers(self) -> list[str]:
        """The pepper, if there is one, and former ones. With none at present, the first is empty."""
        present = self.password_pepper.get_secret_value() if self.password_pepper else ""
        return [present, *(one.get_secret_value() for one in self.password_pepper_fallbacks or ())]


class FileSource(PydanticBaseSettingsSource):
    """Reads the secrets that are given by the names of their files."""

    def __init__(self, settings_cls: type[BaseSettings], *variables: EnvSettingsSource) -> None:
        super().__init__(settings_cls)
        self._known: Mapping[str, str | None] = {
            name: value for source in reversed(variables) for name, value in source.env_vars.items()
        }

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The secret of a setting, if it is given by a file. Raises ValueError, which names both."""
        path = self._known.get(f"{field_name}_file") if field_name in SECRETS else None
        if not path:
            return None, field_name, False
        name = field_name.upper()
        if self._known.get(field_name):
            raise ValueError(f"{name}_FILE: must not be set beside {name}")
        return _read(name, Path(path)), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def _read(name: str, path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(LONGEST).strip()
    except OSError as error:
        raise ValueError(f"{name}_FILE: {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name}_FILE: {path} is not text in UTF-8") from None
    if not secret:
        raise ValueError(f"{name}_FILE: {path} is empty")
    return secret
