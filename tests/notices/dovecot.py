"""Debian's Dovecot as the IMAP server of a test: TLS, one user, a mailbox in a folder; nothing outside that folder is touched."""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from leeward.demo.world.certificate import make_certificate

CONFIGURATION = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/run
protocols = imap
listen = 127.0.0.1
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = required
auth_failure_delay = 0
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
passdb static {{
  password = a long one
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/mail
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    """A running Dovecot; `put` delivers to its inbox, `unseen` counts what nobody has read."""

    def __init__(self, folder: Path) -> None:
        # Its sockets want a short path that others may enter.
        self.folder = Path("/tmp") / f"leeward-dovecot-{os.getpid()}"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "mail").mkdir(parents=True)
        self.made = make_certificate(folder, name="localhost")
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.getuid())
        os.chown(self.folder / "mail", account.pw_uid, account.pw_gid)
        names = {"user": account.pw_name, "group": grp.getgrgid(account.pw_gid).gr_name, "port": self.port}
        made = {"certificate": self.made.certificate, "key": self.made.key, "folder": self.folder}
        (self.folder / "conf").write_text(CONFIGURATION.format(**names, **made), encoding="ascii")

    @property
    def setting(self) -> str:
        """The value for `LEEWARD_MAILBOX`."""
        return f"imaps://leeward:a%20long%20one@localhost:{self.port}/INBOX"

    def __enter__(self) -> Self:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self._process = subprocess.Popen([program, "-F", "-c", str(self.folder / "conf")])
        until = time.monotonic() + 20
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.02)
        raise RuntimeError((self.folder / "log").read_text() if (self.folder / "log").exists() else "no log")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, *mails: bytes) -> None:
        """Deliver mails to the inbox."""
        with self._line() as line:
            for mail in mails:
                assert line.append("INBOX", "", "", mail)[0] == "OK"

    def unseen(self) -> int:
        """How many mails of the inbox nobody has read."""
        with self._line() as line:
            line.select("INBOX", readonly=True)
            return len(line.uid("SEARCH", "UNSEEN")[1][0].split())

    def _line(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context(cafile=str(self.made.certificate))
        line = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context)
        line.login("leeward", "a long one")
        return line
