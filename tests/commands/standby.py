"""The process that stands by for commands: libraries are loaded, and Leeward's pure rules, which know no settings. It takes a line for
each command on its standard input, and answers with the exit code.

Before a fork nothing was read of settings, no thread begun, no database opened.
"""

import gc
import json
import os
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src"
# What commands load of others, without what Django loads of its applications.
LIBRARIES = (
    "asyncio", "concurrent.futures", "email.message", "multiprocessing", "sqlite3",
    "ada_url", "Crypto.Cipher.AES", "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.x509", "dns.asyncresolver", "httpcore2",
    "idna", "jsonschema", "numpy", "pydantic", "pydantic_settings", "pysequoia", "re2", "sqlparse", "typer", "yaml", "zstandard",
    "django.contrib.auth.hashers", "django.contrib.messages.api", "django.contrib.staticfiles.storage", "django.core.cache.backends.locmem",
    "django.core.checks", "django.core.mail", "django.core.management", "django.db.backends.sqlite3.base", "django.db.migrations.executor",
    "django.db.models", "django.forms", "django.template.backends.django", "django.template.loader", "django.test.signals",
    "django.utils.translation.trans_real", "django.views.generic", "django_scopes",
)  # fmt: skip


def load() -> None:
    """Load what no setting changes."""
    gc.disable()  # what is loaded stays: nothing of it is garbage
    for name in LIBRARIES:
        import_module(name)
    for path in sorted(SOURCE.glob("leeward/**/rules/*.py")):
        import_module(".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"))
    gc.freeze()
    gc.enable()


def stand_by() -> None:
    """Fork for each command, and return in the fork only; end when nobody asks any more."""
    asked, answers = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    print("ready", file=answers, flush=True)
    while line := asked.readline():
        assert threading.active_count() == 1
        pid = os.fork()
        if not pid:
            asked.close()
            answers.close()
            become(**json.loads(line))
            return
        _, ended = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(ended), file=answers, flush=True)
    os._exit(0)


def become(*, arguments: list[str], environment: dict[str, str], folder: str, stdout: str, stderr: str) -> None:
    """Be a process that was started with these."""
    for number, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = ["leeward", *arguments]


def main() -> Any:
    """Stand by; then, in a fork, be the command."""
    load()
    stand_by()
    from leeward.cli.main import main as command

    command()


if __name__ == "__main__":
    main()
