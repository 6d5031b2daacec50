"""How the values of settings are written: lists with commas, paths with links, and secrets in files of their own."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_settings import NoDecode, PydanticBaseSettingsSource

from leeward.foundation.errors import BadInput


def _listed(value: object) -> object:
    """Return the comma-separated parts; a JSON list is accepted as well."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("write a list with commas between its parts") from None
    return [part.strip() for part in value.split(",") if part.strip()]


@lru_cache(maxsize=8)
def resolved(path: Path) -> Path:
    """Return a path without links in it; asked several times a report."""
    return path.resolve()


type Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class SecretFiles(PydanticBaseSettingsSource):
    """Reads `LEEWARD_NAME_FILE`: the value is the content of that file; an unreadable file is an error and never means
    the default."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"LEEWARD_{field_name.upper()}_FILE")
        if path is None:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as error:
            raise BadInput(
                what=f"LEEWARD_{field_name.upper()}_FILE ({path})", why=str(error.strerror).lower()
            ) from error
        except UnicodeDecodeError as error:
            raise BadInput(
                "Keep it as one line of text: openssl rand -base64 48 makes a secret.",
                what=f"LEEWARD_{field_name.upper()}_FILE ({path})",
                why="it is not text in UTF-8",
            ) from error

    def __call__(self) -> dict[str, Any]:
        values = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                values[key] = value
        return values
