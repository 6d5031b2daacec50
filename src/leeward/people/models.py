"""Hotlines (the tenants), portals (their public faces) and accounts."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from leeward.people.rules.helplines import CHARGES, WHOM
from leeward.people.rules.modes import ASSESS, POST_BOX
from leeward.people.rules.own_picture import OFF, REMOVAL_WAYS, UNKNOWN, WAYS
from leeward.people.rules.police_moments import AFTER_READING, AT_ONCE, MOMENTS
from leeward.people.rules.reach import KINDS as CHANGE_KINDS
from leeward.people.rules.recordings import MEDIA_TYPES, PAGES

SLUG = RegexValidator(r"^[a-z][a-z0-9-]{1,30}$", _("Small letters, digits and hyphens; a letter first."))


def police_moments() -> list[tuple[str, str]]:
    """Return the choices for when the police are told of an urgent report."""
    return [(moment, moment) for moment in MOMENTS]


def own_picture_ways() -> list[tuple[str, str]]:
    """Return the choices for how a portal takes fingerprints of a person's own picture."""
    return [(way, way) for way in WAYS]


def removal_ways() -> list[tuple[str, str]]:
    """Return the choices for what the law lets a portal do about a picture that the person shown reports."""
    return [(way, way) for way in REMOVAL_WAYS]


class Hotline(models.Model):
    """One operator: its staff, its cases, its log."""

    slug = models.CharField(max_length=31, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True, default="")
    notify_foreign_hosts = models.BooleanField(default=False)
    # Cases whose page asks for money go before others in the queue.
    commercial_first = models.BooleanField(default=False)
    unused_parts = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Portal(models.Model):
    """The public face of a hotline for one country."""

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="portals")
    slug = models.CharField(max_length=31, unique=True, validators=[SLUG])
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    mode = models.CharField(
        max_length=10, choices=[(ASSESS, _("assesses")), (POST_BOX, _("passes on to the police"))], default=ASSESS
    )
    languages = models.JSONField(default=list)
    emergency_number = models.CharField(max_length=40, blank=True, default="")
    # The emergency number that somebody last confirmed, who and when; it counts only while it is still the number.
    emergency_confirmed = models.CharField(max_length=40, blank=True, default="")
    emergency_confirmed_by = models.ForeignKey(
        "User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    emergency_confirmed_at = models.DateTimeField(null=True, blank=True)
    police_name = models.CharField(max_length=120, blank=True, default="")
    police_email = models.EmailField(blank=True, default="")
    # What hosts and visitors are told in words; nothing of it is shown where it is empty.
    police_for_hosts = models.CharField(max_length=200, blank=True, default="")
    run_by = models.CharField(max_length=200, blank=True, default="")
    accountable_to = models.CharField(max_length=200, blank=True, default="")
    reached_at = models.CharField(max_length=200, blank=True, default="")
    police_on_danger = models.CharField(max_length=16, choices=police_moments(), default=AT_ONCE)
    police_on_urgent = models.CharField(max_length=16, choices=police_moments(), default=AFTER_READING)
    own_picture = models.CharField(max_length=10, choices=own_picture_ways(), default=OFF)
    own_removal = models.CharField(max_length=10, choices=removal_ways(), default=UNKNOWN)
    # What its police do: an answer to each question of `rules/police_words.py`, and who reviewed them; empty until then.
    police_words = models.JSONField(default=dict, blank=True)
    police_words_by = models.ForeignKey("User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    police_words_at = models.DateTimeField(null=True, blank=True)
    exit_url = models.URLField(default="https://www.bbc.com/weather")
    time_zone = models.CharField(max_length=60, default="UTC")
    working_days = models.JSONField(default=list)
    follows_holidays = models.BooleanField(default=False)
    holidays = models.JSONField(default=list, blank=True)
    worked_holidays = models.JSONField(default=list, blank=True)
    is_open = models.BooleanField(default=True)
    takes_reports = models.BooleanField(default=True)
    was_opened = models.BooleanField(default=False)
    # The portal of another hotline that had this one's name before; and since when this one is a record of the past.
    formerly = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Helpline(models.Model):
    """A helpline that a portal names, or may name once somebody has confirmed it.

    Visitors see it while `is_shown`. `confirmed_at` is when somebody last asked the helpline itself whether all of this
    is right; one that was shown before helplines had records of their own has no such day. Without `confirmed_by`,
    whoever runs the server confirmed it. `hours` are written as `rules/helplines.py` reads them, at the time of `zone`.
    """

    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="helplines")
    whom = models.CharField(max_length=8, choices=[(one, one) for one in WHOM])
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict, blank=True)
    number = models.CharField(max_length=40, blank=True, default="")
    text_number = models.CharField(max_length=40, blank=True, default="")
    whatsapp = models.CharField(max_length=40, blank=True, default="")
    chat_url = models.URLField(blank=True, default="")
    url = models.URLField(blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")
    zone = models.CharField(max_length=60, blank=True, default="")
    charge = models.CharField(max_length=8, blank=True, default="", choices=[(one, one) for one in CHARGES])
    languages = models.CharField(max_length=200, blank=True, default="")
    access = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True, default="")
    is_shown = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["portal", "name"], name="helpline_named_once")]

    def __str__(self) -> str:
        return self.name


class Recording(models.Model):
    """A page of a portal, read out: visitors can play it while `is_shown`. One more of the same page and language can
    wait beside it until it is shown in its place. Without `kept_by`, whoever runs the server kept it."""

    portal = models.ForeignKey(Portal, on_delete=models.PROTECT, related_name="recordings")
    page = models.CharField(max_length=8, choices=[(one, one) for one in PAGES])
    language = models.CharField(max_length=20)
    media_type = models.CharField(max_length=10, choices=[(one, one) for one in MEDIA_TYPES])
    sha256 = models.CharField(max_length=64)
    seconds = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    is_shown = models.BooleanField(default=False)
    kept_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["portal", "page", "language", "is_shown"], name="recording_once")
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class PortalChange(models.Model):
    """A change of whom a portal tells, where it leads its visitors or how the police are written to. One person asks
    for it and a second one confirms it; nothing changes until then.

    `what` is one of the kinds in `rules/reach.py`. Without a portal, the change is about something that all portals of
    the hotline share, and `about` says which contact or text. Without `asked_by`, whoever runs the server made the
    change, and nobody had to confirm it.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="+")
    portal = models.ForeignKey(Portal, null=True, on_delete=models.PROTECT, related_name="+")
    # Of a portal to be opened: the points of its checklist that were open, and that whoever asked knew of.
    missing = models.JSONField(default=list)
    what = models.CharField(max_length=16, choices=[(one, one) for one in CHANGE_KINDS])
    about = models.CharField(max_length=300, blank=True, default="")
    before = models.JSONField(default=dict)
    wanted = models.JSONField(default=dict)
    asked_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, blank=True, default="", choices=[(one, one) for one in ("", "confirmed", "refused", "replaced")]
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "-id"], name="portal_change_newest")]

    def __str__(self) -> str:
        return f"portal change {self.pk}"


class UserManager(BaseUserManager["User"]):
    """Creates accounts; e-mail addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A member of staff of one hotline.

    Without `made_by`, whoever runs the server made the account. `confirmed_at` is when a second administrator (or
    whoever runs the server) vouched for it; `own_factor_at` is since when its owner has had a second factor that they
    set up behind a password of their own. `roles` are the current roles; `RoleGrant` has them with their dates.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80)
    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="staff")
    roles = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    countries = models.JSONField(default=list, blank=True)
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    own_factor_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return Django's hash extended by the epoch: raising the epoch ends every session of the account without
        looking them up."""
        return salted_hmac(
            "leeward.people.session", f"{self.session_epoch}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()


class RoleGrant(models.Model):
    """A role that an account has or had: who gave it and when, who confirmed it, who took it away. Rows are never
    deleted.

    Without `given_by`, whoever runs the server gave it, or it is older than this table.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role"], condition=models.Q(ended_at__isnull=True), name="role_given_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["hotline", "-id"], name="role_grant_newest")]

    def __str__(self) -> str:
        return f"{self.role} of account {self.account_id}"


class SecondFactorReset(models.Model):
    """A request to remove a lost second factor: one person asks and another approves; then the account must set up a
    new one."""

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=10, blank=True, default="", choices=[("", "open"), ("approved", "approved"), ("refused", "refused")]
    )

    def __str__(self) -> str:
        return f"reset {self.pk}"


class ApiToken(models.Model):
    """A key with which an outside program uses the API; the key itself is not stored.

    `vouched_by`: the second person who confirmed that its holder is who it says; None with a date for whoever runs the
    server.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    agency = models.CharField(max_length=120, blank=True, default="")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    vouched_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    vouched_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """An invitation to join: a link by e-mail that works once, until it expires, is withdrawn or is sent again.

    The link isn't stored: it is derived from the row's number and `links`, which grows with every new link.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=80)
    roles = models.JSONField(default=list)
    languages = models.JSONField(default=list, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    links = models.PositiveIntegerField(default=1)
    mail_state = models.CharField(max_length=8, default="waiting")
    mail_problem = models.CharField(max_length=40, blank=True, default="")
    mail_code = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    account = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hotline", "-id"], name="invitation_newest")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class OutsideReview(models.Model):
    """An invitation to somebody from another hotline to be the second person for one subject: a case, a request for
    review, a block.

    Until they answer, or the invitation expires or is withdrawn, they may see and decide that one subject as the second
    person would, and nothing else of the hotline that invited them.
    """

    hotline = models.ForeignKey(Hotline, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=8, choices=[(one, one) for one in ("case", "appeal", "entry")])
    subject_id = models.BigIntegerField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hotline", "subject_kind", "subject_id"],
                condition=models.Q(state="open"),
                name="outside_review_one_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account", "state"], name="outside_review_mine")]

    def __str__(self) -> str:
        return f"outside review {self.pk}"
