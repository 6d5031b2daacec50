"""Every setting of an installation: one field, one sentence, one default (`docs/reference/settings.md` is generated from this)."""

import os
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from leeward.audit.errors import KeyUnusable
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.site.config_sources import Listed, SecretFiles, resolved
from leeward.site.faces import PUBLIC
from leeward.site.public_key import NAME, derived, parts, read
from leeward.site.secret_file import kept

_HOST = Pattern(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")


class Config(BaseSettings):
    """The installation's settings, from `LEEWARD_*` variables or `LEEWARD_*_FILE` for secrets."""

    model_config = SettingsConfigDict(env_prefix="LEEWARD_", frozen=True, extra="ignore")

    data: Path = Field(Path("var"), description="The data directory: database, keys, signed log heads.")
    volatile: str = Field(
        "",
        description="An in-memory directory for the salt of the day, which must not be in any backup; empty means systemd's "
        "RuntimeDirectory, else the data directory.",
    )
    public_database: str = Field(
        "",
        description="With SQLite, the file that the public face has in place of the database; empty means that all faces have one database "
        "(docs/how-to/faces.md).",
    )
    database_url: str = Field(
        "", description="postgresql://user:password@host/name?sslmode=…; empty means SQLite in the data directory."
    )
    public_role: str = Field(
        "",
        description="The PostgreSQL role that the public face signs in as; each start of another process gives it its rights "
        "(docs/reference/rights.md) and takes others away, or ends where it can’t. Empty means none.",
    )
    log_name: str = Field(
        "",
        description="The name that witnesses know the log by, before /audit/ and the hotline's number; empty means the host of BASE_URL. It is "
        "fixed at a log's first checkpoint.",
    )
    signer_dir: str = Field(
        "",
        description="The folder of the process that signs the log's checkpoints, best another user's; empty means `signer` in the data directory.",
    )
    decoder_socket: str = Field(
        "",
        description="The socket of the service that decodes files as a user of its own (leeward-decoder.socket of the Debian package); empty "
        "means that each process starts its decoders itself.",
    )
    log_policy: str = Field(
        "",
        description="The file that says whose keys `leeward audit verify` trusts (docs/how-to/log.md), where it isn't told another: one that the "
        "user of the service can't write. Empty means none.",
    )
    log_heads: str = Field(
        "", description="The folder of signed heads of the log that were kept: the nightly proof compares with each."
    )
    metrics_token: str = Field(
        "",
        description="The token with which /metrics and /health/ready may be read from elsewhere; empty means from this machine only, and not "
        "through a proxy.",
    )
    secret: str = Field(
        "",
        description="The installation's secret; empty means the file `secret` in the data directory, created at first use.",
    )
    base_url: str = Field(
        "http://127.0.0.1:8470", description="The address under which the public reaches this installation."
    )
    hosts: Listed = Field(
        (), description="More host names that may be served, separated by commas; for example an onion name."
    )
    bind: str = Field(
        "127.0.0.1:8470",
        description="Where `leeward serve` listens; empty, with DESK_BIND and API_BIND, means that the public face runs elsewhere.",
    )
    desk_bind: str = Field(
        "",
        description="Where a process of its own answers the desk; with API_BIND. Empty means that all pages are answered at BIND.",
    )
    api_bind: str = Field(
        "",
        description="Where a process of its own answers programs, and partners by their links; with DESK_BIND. Then only public pages are "
        "answered at BIND.",
    )
    face: Literal["", "public", "desk", "api"] = Field(
        "",
        description="Which pages this process answers; empty means all. `leeward serve` sets it for its processes.",
    )
    stop_bind: str = Field(
        "",
        description="Where `leeward serve` answers with the stop page for every name, and with nothing else; empty means nowhere.",
    )
    stop_portal: str = Field("", description="That page’s portal; empty means the only one, or a choice of countries.")
    matcher_list: str = Field("", description="The folder of a matcher’s signed list; empty means that none runs.")
    matcher_socket: str = Field("", description="The socket on which the matcher answers; with MATCHER_LIST.")
    matcher_key: str = Field("", description="The public key that must have signed that list; empty means any.")
    web_processes: int = Field(
        2,
        ge=1,
        le=16,
        description="Processes that answer requests, so that restarting one interrupts nothing.",
    )
    web_threads: int = Field(8, ge=1, le=64, description="Requests that each of them answers at the same time.")
    work_threads: int = Field(4, ge=1, le=64, description="Jobs that run at the same time by one worker.")
    caller_reports: int = Field(
        600,
        ge=20,
        description="Reports that are taken from one caller's address at once, and again every 30 seconds; then the page asks to press "
        "again. Many honest people can share an address.",
    )
    behind_proxy: bool = Field(False, description="A reverse proxy terminates TLS and sets X-Forwarded-Proto.")
    demonstration: bool = Field(
        False, description="This is the demonstration: log-ins without second factor, shown on every page."
    )
    run_by: str = Field(
        "",
        description="The short name of the hotline whose administrators may set on the desk what holds for every hotline here; "
        "empty means the first that was created, `nobody` means none.",
    )
    backup_to: str = Field(
        "",
        description="The folder of the nightly backups (or s3://bucket/folder, sftp://user@server/folder); empty: none are made here.",
    )
    backup_recipients: Listed = Field(
        (),
        description="The public keys (age1…) that backups are sealed to, with commas between; leeward backup key makes one.",
    )
    backup_keep: int = Field(
        30,
        ge=1,
        description="How many backups are kept. What a reporter withdrew is in backups until the last from before is gone.",
    )
    backup_keep_weeks: int = Field(0, ge=0, description="Of how many weeks the newest backup is kept beside these.")
    backup_keep_months: int = Field(0, ge=0, description="Of how many months the newest backup is kept beside these.")
    backup_hour: int | None = Field(
        None, ge=0, le=23, description="The hour (UTC) of backups; else a day after the last."
    )
    backup_key: str = Field(
        "",
        description="The key that opens backups, by LEEWARD_BACKUP_KEY_FILE, if each is to be verified here as soon as it is made; "
        "safer is another machine.",
    )
    words_passphrase: str = Field(
        "",
        description="The passphrase of `words.key`, by LEEWARD_WORDS_PASSPHRASE_FILE, if the file is sealed by one; without it "
        "`leeward serve` asks at the terminal, or takes systemd's credential `words-passphrase`.",
    )
    words_passphrase_command: str = Field(
        "", description="A command whose first line of output is that passphrase, such as `pass show leeward`."
    )
    pace: float = Field(1.0, ge=1.0, description="Divides the waiting times between automatic acts; 1 in production.")

    dns_resolvers: Listed = Field(
        (), description="Resolvers as address or address:port, with commas between; empty means the system's."
    )
    fetch_allowed_networks: Listed = Field(
        (), description="Private networks that fetching may reach, with commas between; empty in production."
    )
    fetch_proxy: str = Field(
        "", description="socks5://host:port for every fetch, to hide the hotline's address; it resolves names too."
    )
    onion_proxy: str = Field(
        "", description="socks5://host:port of a Tor client; empty means onion addresses are not fetched."
    )
    fetch_max_bytes: int = Field(
        20_000_000, ge=1000, description="The most bytes of one page or file, after unpacking."
    )
    fetch_seconds: float = Field(30.0, gt=0, description="The most seconds for one page or file, in total.")
    fetch_max_files: int = Field(200, ge=0, description="The most images and videos of one page that are hashed.")
    fetch_report_per_minute: int = Field(
        60, ge=2, description="The most requests a minute to one host for one report; the rest waits."
    )
    fetch_host_per_minute: int = Field(
        180, ge=2, description="The most requests a minute to one host for all reports together; the rest waits."
    )
    control_url: str = Field(
        "https://www.icann.org/", description="An address that must answer before a miss of another counts."
    )
    rdap_bootstrap_url: str = Field("https://data.iana.org/rdap/", description="Where the RDAP bootstrap files are.")
    rdap_allow_http: bool = Field(False, description="RDAP without TLS; for the demonstration only.")
    whois_server: str = Field(
        "whois.iana.org",
        description="The WHOIS server that knows those of the top-level domains without RDAP; empty means that none is asked.",
    )
    whois_port: int = Field(
        43, ge=1, le=65535, description="The port of WHOIS servers; another one is for the demonstration only."
    )
    registrant_days: int = Field(
        180,
        ge=1,
        le=3650,
        description="How many days the data of a name’s registrant are kept after they were last seen.",
    )

    webhook_allow_http: bool = Field(
        False, description="Notices may be posted to contacts' servers without TLS; for the demonstration only."
    )
    exchange_allow_http: bool = Field(
        False, description="Whether messages between hotlines may go without TLS; for trials on one machine."
    )

    smtp_host: str = Field("", description="The mail server; empty means no mail is sent and messages wait.")
    smtp_port: int = Field(587, ge=1, le=65535, description="The mail server's port.")
    smtp_user: str = Field("", description="The name for the mail server, if it wants one.")
    smtp_password: str = Field("", description="The password for the mail server, if it wants one.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="How the connection to the mail server is protected."
    )
    mail_from: str = Field("hotline@localhost", description="The sender of every message.")
    mail_replies: str = Field("", description="Where answers go; empty means the sender.")
    mail_bounces: str = Field(
        "",
        description="Where bounces go, for example bounces@hotline.example: each message is sent from an address of its "
        "own, bounces+…@hotline.example, which must reach the mailbox; empty means the sender.",
    )
    bounces_most: int = Field(
        3,
        ge=1,
        description="A contact counts as bad after this many hard bounces without a sign of life; at once if it is gone.",
    )
    mailbox: str = Field(
        "", description="Where answers are read: dir:/path, imaps://user:password@host/INBOX, or empty."
    )

    police_wait_hours: float = Field(
        24, gt=0, description="How long a notice to a host waits for the police to answer."
    )
    hold_most_days: int = Field(30, ge=1, description="The longest hold that the police can put on a notice.")
    ladder_hours: float = Field(24, gt=0, description="The time between two steps of the ladder of notices.")
    ladder_owner_step: int = Field(3, ge=1, description="The step at which the owner of the site is told.")
    ladder_upstream_step: int = Field(
        6, ge=1, description="The step at which the upstream network and the registrar are told."
    )
    notify_foreign_hosts: bool = Field(False, description="Hosts abroad get a notice directly as well.")
    undo_seconds: int = Field(
        10, ge=0, le=60, description="How long an act at the desk can be undone; until then nothing of it goes out."
    )
    claim_minutes: int = Field(
        30, ge=1, description="An analyst's claim on a case ends after this time without a sign of life."
    )
    known_sample_percent: int = Field(
        10, ge=0, le=100, description="Of a hundred cases that a known file decides unseen, how many a person checks."
    )
    check_first_days: int = Field(7, ge=1, description="Checks are hourly for this many days, then daily.")
    check_misses: int = Field(3, ge=1, description="Misses in a row after which a thing counts as removed.")
    check_miss_minutes: float = Field(3, gt=0, description="The least time between two misses.")
    unreachable_days: int = Field(30, ge=1, description="How long an unreachable address is checked again.")
    sms_answers_an_hour: int = Field(
        200, ge=2, description="Answers by text message of a portal in an hour, and as many about a child in danger."
    )
    contact_days: int = Field(
        90, ge=1, description="A reporter's contact is deleted this many days after the last case closed."
    )
    desk_days: int = Field(90, ge=1, description="How many days each person’s daily desk time and previews are kept.")
    draft_days: int = Field(30, ge=1, description="How many days unsent drafts are kept.")
    check_max_bytes: int = Field(
        25_000_000, ge=100_000, description="The most bytes of one upload check; everything of it is held in memory."
    )
    list_upload_max_bytes: int = Field(
        8_000_000_000,
        ge=1_000_000,
        description="The most bytes of a list of hashes that is sent from the desk; it is written to the data directory as it arrives.",
    )
    licensed_hashers: str = Field(
        "",
        description="Adapters for licensed picture hashes such as PhotoDNA, module:name with commas between; without one such hashes "
        "are found only when equal.",
    )
    hma: Literal["off", "loopback", "token"] = Field(
        "off",
        description="The routes of Meta's Hasher-Matcher-Actioner under /hma: for programs on this machine (loopback), "
        "or with a key in the header or the path (token).",
    )
    hma_hotline: str = Field(
        "", description="The short name of the hotline whose bank answers on loopback; empty where there is only one."
    )
    hma_url_hosts: Listed = Field(
        (),
        description="Hosts, with what lies below them, from which /hma fetches a picture or video whose address a program sends, with "
        "commas between; empty means that it fetches nothing.",
    )

    @field_validator("base_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("hosts", "hma_url_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _HOST.fullmatch(name):
                raise ValueError(f"{name[:100]!r} is not a host name; write it without http:// and without a port")
        return value

    @field_validator("fetch_allowed_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            ip_network(name, strict=False)  # has a message of its own
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls)

    @property
    def data_dir(self) -> Path:
        """Return the data directory as an absolute path."""
        return resolved(self.data) if self.data.is_absolute() else self.data.resolve()

    @property
    def public_file(self) -> Path | None:
        """Return the absolute path of the public face's own SQLite file; None where it has none."""
        is_file = self.public_database and not self.database_url
        return (self.data_dir / self.public_database).absolute() if is_file else None

    @property
    def is_split(self) -> bool:
        """Return whether the public face has a database, or rights in it, of its own, and so takes in without reading."""
        return bool(self.public_file or self.public_role)

    @property
    def volatile_dir(self) -> Path:
        """Return the absolute path where the salt of the day is stored."""
        given = self.volatile or os.environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
        return Path(given).resolve() if given else self.data_dir

    @property
    def onion_hosts(self) -> tuple[str, ...]:
        """Return the onion names under which this installation is served."""
        names = (*self.hosts, urlsplit(self.base_url).hostname or "")
        return tuple(name for name in names if name.lower().rstrip(".").endswith(".onion"))

    @property
    def secret_bytes(self) -> bytes:
        """Return the installation's secret. It is made and stored in the data directory at first use, but never if a
        database already exists. A process reads it once. Raises KeyUnusable in the public face, which never has it."""
        if self.face == PUBLIC:
            raise KeyUnusable(name="secret", what=_("is not for the public face"))
        return self._secret_bytes

    @cached_property
    def _secret_bytes(self) -> bytes:
        return self.secret.encode() if self.secret else kept(self.data_dir / "secret")

    @cached_property
    def public_key(self) -> bytes:
        """Return the content of `public.key`: read from its file in the public face, which has nothing else; elsewhere made from the
        secret. Raises KeyUnusable."""
        if self.face != PUBLIC:
            return derived(self.secret_bytes)
        return read(self.data_dir / NAME)

    @property
    def public_bytes(self) -> bytes:
        """Return the secret of the public face, which every face may use: form keys, receipts, pages just shown."""
        return parts(self.public_key)[0]

    @property
    def receipt_salt(self) -> bytes:
        """Return the salt of receipts’ hashes."""
        return parts(self.public_key)[1]


def read_config() -> Config:
    """Return the settings from the environment; raises BadInput naming the first invalid one, but not its value: it may be a secret."""
    try:
        return Config()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        why = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise BadInput(
            "Correct this setting and try again; leeward doctor and docs/reference/settings.md say what each means.",
            what=f"LEEWARD_{name.upper()}",
            why=f"{why[:1].lower()}{why[1:]}{more}",
        ) from None
