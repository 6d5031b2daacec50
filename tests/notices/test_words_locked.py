"""What a worker does that lost the key of words while it ran: letters with reporters' words wait, and lose none."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from leeward.jobs.models import Job
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase
from leeward.notices.queries import urgent_untold
from leeward.notices.queries.previews import preview_of_message
from leeward.sealing import keys, store
from leeward.site.health import current_alarms
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db(transaction=True)
WORDS, MINUTE = "The red boat left at nine.", timedelta(minutes=1)


@contextmanager
def lost(how: str) -> Iterator[None]:
    """A passphrase was set on words.key that this process doesn't have, or the file is away."""
    file = Path(settings.LEEWARD.data_dir, keys.KEY)
    held = file.read_bytes()
    if how == "passphrase":
        keys.write(list(keys.identities()), keys.public(), "correct horse battery")
    else:
        file.unlink()
    assert not keys.may_open()
    try:
        yield
    finally:
        file.write_bytes(held)
    assert keys.may_open()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["passphrase", "gone"])
def test_an_urgent_letter_waits_for_the_key_and_holds_up_no_other(office: Office, how: str) -> None:
    services.forward_to_police(office.case(urgent=True, judged="", reporter_texts=(WORDS,)), more="urgent")
    with lost(how):
        office.work()
        message = Message.objects.get()
        assert (message.state, message.attempts) == ("waiting", 0)
        shown = preview_of_message(message, office.reached)
        assert shown is not None
        assert "[These words are sealed" in shown.body, "a page shows it all the same"
        assert not Job.objects.filter(dead=True).exists()
        assert urgent_untold(office.reached) == 1
        assert "key" in {alarm.code for alarm in current_alarms(datetime.now(UTC))}
        services.forward_to_police(office.case(urgent=True, judged=""), more="urgent")
        office.work(2 * MINUTE)
        assert ["2026-0002" in mail.text for mail in office.mails(POLICE)] == [True]
    office.work(MINUTE)
    assert [WORDS in mail.text for mail in office.mails(POLICE)] == [False, True]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert office.mails(ABUSE) == []


def test_words_whose_own_key_is_gone_are_waited_for_by_nobody(office: Office) -> None:
    services.forward_to_police(office.case(urgent=True, judged="", reporter_texts=(WORDS,)), more="urgent")
    store.drop(NoticeCase.objects.values_list("reporter_texts", flat=True).get().names)
    office.work()
    assert ["[These words were sealed, and their key is gone.]" in mail.text for mail in office.mails(POLICE)] == [True]
