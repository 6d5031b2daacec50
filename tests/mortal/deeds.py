"""What the forks of `tests.mortal` do. Each runs in a process of its own, on the data directory of the one that stands by."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.administration.errors import HandOverSettled
from leeward.administration.rules import handing
from leeward.administration.services import handing_over
from leeward.audit.models import AuditRow
from leeward.audit.queries import chains, log_of, verdict
from leeward.audit.services import hotline_transaction
from leeward.casework import services
from leeward.casework.bulk.models import BulkItem, BulkRun
from leeward.casework.merging.models import Merging
from leeward.casework.models import Assessment, Case, Draft, PendingAction
from leeward.casework.rules.states import OPEN_STATES
from leeward.clocks.models import Clock, Escalation
from leeward.demo.staff import email_of
from leeward.demo.whole import prepare
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hashbank.models import Import, LiveSource, Record, SourceFeedback, Vote
from leeward.hashbank.services import say
from leeward.hashbank.sources.services import agreeing, feeding_back, pulling
from leeward.hosting.services import open_location
from leeward.intake.models import Report
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import receive_report
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle, work
from leeward.notices.models import Contact, Message, NoticeCase
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services import ContactDetails, act_on, add_contact, set_webhook
from leeward.notices.services.ladder import place
from leeward.notices.services.outbox import DELIVER
from leeward.oncall.services import put_on_call
from leeward.people.models import Hotline, Portal, User
from leeward.people.queries import portal as people_portal
from leeward.site.start import prepare_database
from leeward.web.portals import forget_portals
from leeward.web_security.keys import new_form_key
from tests.having_read import confirm_agreement

type Deed = Callable[..., Any]
DEEDS: dict[str, Deed] = {}


def deed[D: Deed](function: D) -> D:
    DEEDS[function.__name__] = function
    return function


def actor_called(who: str) -> Actor:
    user = User.objects.get(email=email_of(who))
    return Actor("staff", user.pk, user.name, user.hotline_id, frozenset(user.roles))


def within() -> Any:
    return scope(hotline=Portal.objects.get().hotline_id)


@deed
def open_the_desk() -> None:
    """A new installation with the demonstration's hotline and people."""
    prepare()


@deed
def have_much_to_tell(*, count: int, webhook: str = "") -> list[str]:
    """A new installation with cases about each of which the police are to be told, or a host of its own by its webhook; return the
    webhooks' secrets."""
    prepare_database()
    secrets: list[str] = []
    hotline = Hotline.objects.create(slug="jm", name="Hotline of Jamaica", country="JM", email="desk@jm.example")
    police = {"police_email": "police@constabulary.example"}
    portal = Portal.objects.create(hotline=hotline, slug="jm", name="Jamaica", country="JM", **police)
    with within():
        for number in range(1, count + 1):
            url = f"http://pictures.harbour-host.example/{number}"
            location = open_location(hotline_id=hotline.pk, kind="url", display=url, comparable=url)
            brief = CaseBrief(
                case_id=number,
                reference=f"2026-{number:04d}",
                hotline_id=hotline.pk,
                portal_id=portal.pk,
                location_id=location,
                address=url,
                judged="person",
                received_at=datetime.now(UTC),
                country="JM",
            )
            act_on(brief, plan=Plan(police=not webhook, host=False), actor=SYSTEM)
            if webhook:
                contact = add_contact(
                    ContactDetails("host", "", "", f"abuse-{number}@host.example"), hotline_id=hotline.pk, actor=SYSTEM
                )
                secrets.append(set_webhook(contact, webhook, actor=SYSTEM))
                with hotline_transaction():
                    here = Contact.objects.get(pk=contact), "host"
                    place(NoticeCase.objects.get(case_id=number), *here, step=1, now=datetime.now(UTC))
    return secrets


@deed
def sign_in(who: str) -> str:
    """Return the cookie of a session."""
    client = Client()
    client.force_login(User.objects.get(email=email_of(who)))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@deed
def report(*, addresses: list[str]) -> list[tuple[int, str]]:
    """Report some addresses and let the worker prepare their cases; return these with their references."""
    portal = Portal.objects.get()
    with within():
        before = set(Case.objects.values_list("pk", flat=True))
        told = ReportDraft(items=item_drafts("\n".join(addresses), {}), kind="page", text="I found a bad page.")
        ids = {"hotline_id": portal.hotline_id, "portal_id": portal.pk}
        receive_report(told, **ids, language="en", form_key=new_form_key())
    run_until_idle()
    with within():
        return sorted(Case.objects.exclude(pk__in=before).values_list("pk", "reference"))


@deed
def receive(*, addresses: list[str]) -> None:
    """A report of each of these addresses; no worker is there yet."""
    portal = Portal.objects.get()
    with within():
        for address in addresses:
            told = ReportDraft(items=item_drafts(address, {}), kind="page", text="I found a bad page.")
            ids = {"hotline_id": portal.hotline_id, "portal_id": portal.pk}
            receive_report(told, **ids, language="en", form_key=new_form_key())


@deed
def press(*, session: str, path: str, values: dict[str, Any]) -> list[Any]:
    """One request to the web process: status and where it leads."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = client.post(path, values)
    return [answer.status_code, answer.headers.get("Location", "")]


@deed
def see(*, session: str, path: str) -> list[Any]:
    """One page of the web process: status and text."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = client.get(path)
    return [answer.status_code, answer.content.decode()]


@deed
def preview(*, session: str, path: str, values: dict[str, Any]) -> list[Any]:
    """One form that changes nothing yet: status and the page that it leads to."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = client.post(path, values)
    return [answer.status_code, answer.content.decode()]


@deed
def give(*, to: str, case: int) -> None:
    """Give a waiting case to somebody, who has not looked at it by that."""
    with within():
        services.reassign(case, actor_called(to).id or 0, actor=actor_called("carl"))


@deed
def assess(*, who: str, case: int, facts: dict[str, Any]) -> str:
    """Take a case and call it illegal."""
    with within():
        services.claim_case(case, actor=actor_called(who))
        return services.assess(case, facts, outcome="illegal", actor=actor_called(who))


@deed
def tell_an_office(*, case: int, email: str) -> str:
    """Tell an office for child protection of a child that a case is about; again, if somebody isn't sure that it was told."""
    here = Portal.objects.get()
    with within():
        office, _ = Contact.objects.get_or_create(
            email=email,
            kind="protection",
            defaults={"hotline_id": here.hotline_id, "name": "Office", "country": here.country},
        )
        if AuditRow.objects.filter(event="case.protection_told", subject=f"case:{case}").exists():
            return "told already"
        services.claim_case(case, actor=actor_called("ana"))
        services.tell_protection(
            case, office_id=office.pk, child="A girl of ten.", place="Harbour.", actor=actor_called("ana")
        )
        return "told"


@deed
def start_and_work() -> int:
    """The worker after a start: what it left behind when it died is taken back, then it does everything that is due."""
    Job.objects.filter(leased_by="here").update(leased_until=None, leased_by="")  # at once, however often it died
    return run_until_idle()


@deed
def work_for_ever(*, threads: int) -> None:
    """The worker as `serve` runs it."""
    work(lambda: False, threads=threads)


@deed
def run_out(*, case: int, kind: str) -> None:
    """Let the time of a clock have run out an hour ago."""
    with scopes_disabled():
        row = Clock.objects.get(case_id=case, kind=kind)
        row.due_at = datetime.now(UTC) - timedelta(hours=1)
        row.started_at = row.due_at - timedelta(days=1)
        row.save()
    Job.objects.filter(kind="clocks.escalate", subject_id=row.pk).update(due_at=datetime.now(UTC))


@deed
def let_time_pass() -> None:
    """What waits so that it can be undone waits no longer, nor does a run that was left to whoever began it."""
    now = datetime.now(UTC)
    Job.objects.filter(kind__in=("casework.settle_act", "casework.assess_in_bulk"), due_at__gt=now).update(due_at=now)


@deed
def give_up_hope() -> None:
    """Whoever had a message under way when they died has been gone for so long that nothing of it is heard any more."""
    now = datetime.now(UTC)
    with scopes_disabled():
        Message.objects.filter(state="sending").update(sending_since=now - timedelta(days=1))
    Job.objects.filter(kind=DELIVER).update(due_at=now)


@deed
def tell() -> dict[str, Any]:
    """How everything stands."""
    with scopes_disabled():
        events: Counter[str] = Counter()
        for case in Case.objects.all():
            events.update(f"{case.pk} {line.event}" for line in log_of(case.hotline_id, f"case:{case.pk}", 500))
        for run in BulkRun.objects.all():
            events.update(f"bulk {line.event}" for line in log_of(run.hotline_id, f"bulk:{run.pk}", 500))
        return {
            "cases": {
                str(row.pk): [row.reference, row.state, row.claimed_by.name if row.claimed_by else ""]
                for row in Case.objects.select_related("claimed_by")
            },
            "looks": Counter(str(pk) for pk in Assessment.objects.values_list("case_id", flat=True)),
            "drafts": Draft.objects.count(),
            "graces": PendingAction.objects.count(),
            "unfinished": BulkRun.objects.filter(finished_at=None).count(),
            "mergings": sorted(Merging.objects.values_list("case_id", "other_id", "pk")),
            "items": sorted(BulkItem.objects.values_list("case_id", "state", "refusal")),
            "steps": Counter(f"{case} {act}" for case, act in Escalation.objects.values_list("clock__case_id", "act")),
            "messages": dict(Message.objects.values_list("message_id", "state")),
            "events": events,
            "failed": list(Job.objects.exclude(problem="").filter(dead=False).values_list("kind", "problem")),
            "dead": list(Job.objects.filter(dead=True).values_list("kind", "problem")),
            "faults": [str(fault) for fault in (verdict(chain).fault for chain in chains()) if fault],
        }


@deed
def agree_on_a_source(*, url: str, secrets: dict[str, str]) -> None:
    """A new installation with a source of known images that two people have agreed on."""
    prepare()
    with within():
        said = {"protocol": "ncmec", "url": url, "source": "Clearing House", "own_name": "us", "secrets": secrets}
        agreeing.add_source("feed", **said, actor=actor_called("carl"))
        agreeing.agree("feed", terms="Memorandum", agreed_on=datetime.now(UTC).date(), actor=actor_called("carl"))
        confirm_agreement("feed", actor=actor_called("adam"))


@deed
def pull_from_the_source() -> str:
    """One pull; return what stopped it, "" for nothing."""
    with within():
        why = pulling.pull(LiveSource.objects.get().pk, actor=SYSTEM).why
    return "" if why is None else str(why)


@deed
def confirm_every_record() -> None:
    """The hotline says itself that each record is illegal, and somebody looks at what goes back."""
    with within():
        for record_id in Record.objects.values_list("id", flat=True):
            say(record_id, "confirm", reason="Seen again.", actor=actor_called("carl"))
        feeding_back.preview_feedback("feed", actor=actor_called("carl"))


@deed
def say_it_back() -> str:
    """Send what waits; return what stopped it, "" for nothing."""
    with within():
        why = feeding_back.send_feedback("feed", actor=actor_called("carl")).why
    return "" if why is None else str(why)


@deed
def tell_of_the_source() -> dict[str, Any]:
    """What was counted and what is there."""
    with within():
        row, run = LiveSource.objects.get(), Import.objects.get()
        return {
            "counted": [row.rows, row.added, row.joined, row.withdrawn],
            "import": [run.rows, run.added, run.joined, run.finished_at is not None],
            "there": [Record.objects.count(), Vote.objects.exclude(foreign_id="").count()],
            "words": dict(Counter(SourceFeedback.objects.values_list("state", flat=True))),
        }


def _in_small_pieces() -> None:
    handing_over.AT_ONCE = handing.PIECE = 2


@deed
def offer_a_portal(*, reports: int) -> list[Any]:
    """A new installation with two hotlines, one of which offers its portal; return the offer, and the receipts of its open
    reports, the last of which is about the same address as the first."""
    prepare()
    here = Portal.objects.get()
    there = Hotline.objects.create(slug="bb", name="Hotline of Barbados", country="BB", email="desk@bb.example")
    face = Portal.objects.create(hotline=there, slug="bb", name="Barbados", country="BB", languages=["en"])
    dora = User.objects.create_user("dora@bb.example", None, name="Dora", hotline=there, roles=["supervisor"])
    by_command, receipts = Actor("command"), []
    with scope(hotline=there.pk):
        put_on_call(face.pk, dora.pk, actor=Actor("command", hotline_id=there.pk))
    with scope(hotline=here.hotline_id):
        for number in range(reports):
            url = f"http://pictures.harbour-host.example/{number % (reports - 1)}"
            told = ReportDraft(items=item_drafts(url, {}), kind="page", text="I found a bad page.")
            ids = {"hotline_id": here.hotline_id, "portal_id": here.pk}
            received = receive_report(told, **ids, language="en", form_key=new_form_key())
            services.take_in(received.report_id)
            receipts.append(received.receipt)
        offer = handing_over.offer_portal(people_portal(here.pk), there.pk, keys=(), actor=by_command)
    return [offer, here.slug, receipts]


def leave_room(pages: int | None) -> None:
    """Let the database grow by so many pages and no further, as on a full disk; None: as far as it likes."""
    if pages is not None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # no pages may be free within
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0] + pages}")


@deed
def accept_the_portal(*, offer: int, room: int | None = None) -> str:
    """Take it over, or find that it is, or that the disk is full."""
    _in_small_pieces()
    leave_room(room)
    try:
        handing_over.accept_offer(offer, like=None, actor=Actor("command"))
    except HandOverSettled:
        return "settled"
    except OperationalError:
        return "full"
    return "done"


@deed
def bring_the_rest(*, offer: int, room: int | None = None) -> int | str:
    """What the worker does for what follows a portal, in pieces as small as when it was taken over."""
    _in_small_pieces()
    leave_room(room)
    try:
        return handing_over.bring_after(offer)
    except OperationalError:
        return "full"


@deed
def tell_of_the_portal(*, slug: str, receipts: list[str]) -> dict[str, Any]:
    """Where its reports are, whether each receipt opens one, and what is wrong."""
    forget_portals()  # another process sees a change after a second at most
    client = Client()
    opened = [client.post(f"/{slug}/receipt", {"receipt": one}).status_code for one in receipts]
    with scopes_disabled():
        rows = list(Report.objects.order_by("pk").values_list("hotline__slug", "formerly", "handed_over_at", "text"))
        return {
            "of": Portal.objects.get(slug=slug).hotline.slug,
            "opened": opened,
            "words": Counter(row[0] for row in rows if row[3]),
            "twice": [number for number, times in Counter(row[1] for row in rows if row[1]).items() if times > 1],
            "open": Counter(Case.objects.filter(state__in=OPEN_STATES).values_list("hotline__slug", flat=True)),
            "dead": list(Job.objects.filter(dead=True).values_list("kind", "problem")),
            "faults": [str(fault) for fault in (verdict(chain).fault for chain in chains()) if fault],
        }
