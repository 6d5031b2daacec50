"""A lost second factor takes two persons."""

import pytest
from allauth.mfa.models import Authenticator

from leeward.audit.queries import verdict
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people import queries, services
from leeward.people.errors import AccountIsClosed, NeedsAnotherPerson, NothingToSettle, SecondFactorUnreadable
from leeward.people.sign_in.sealing import seal, unseal
from tests.people.signing import events
from tests.personas import Cast


@pytest.mark.django_db
def test_one_asks_and_another_approves(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)
    with pytest.raises(NeedsAnotherPerson):
        services.settle_second_factor_reset(request, approve=True, actor=cast["adam"].actor)
    with pytest.raises(NotFound):
        services.settle_second_factor_reset(request, approve=True, actor=cast["dora"].actor)
    with pytest.raises(NotAllowed):
        services.settle_second_factor_reset(request, approve=True, actor=cast["bela"].actor)
    services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    with pytest.raises(NothingToSettle):
        services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    assert events(cast.hotline_id) == ["second_factor.reset_approved", "second_factor.reset_asked"]
    assert verdict(cast.hotline_id).fault is None


@pytest.mark.django_db
def test_a_refused_one_stays(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)
    services.settle_second_factor_reset(request, approve=False, actor=cast["carl"].actor)
    assert Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    assert queries.resets_waiting(cast.hotline_id) == 0


@pytest.mark.django_db
def test_whom_it_is_about_cannot_approve(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["carl"].account_id, actor=cast["adam"].actor)
    with pytest.raises(NeedsAnotherPerson):
        services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)


@pytest.mark.django_db
def test_asking_twice_is_asking_once(cast: Cast) -> None:
    first = services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)
    assert services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["carl"].actor) == first
    assert events(cast.hotline_id) == ["second_factor.reset_asked"]


@pytest.mark.django_db
def test_a_closed_account_has_nothing_to_reset(cast: Cast) -> None:
    services.close_account(cast["ana"].account_id, actor=cast["adam"].actor)
    with pytest.raises(AccountIsClosed):
        services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)


@pytest.mark.django_db
def test_in_a_hotline_of_two_whoever_runs_the_server_is_the_second_person(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)
    services.settle_second_factor_reset(request, approve=True, actor=Actor(kind="command"))
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    with pytest.raises(NotAllowed):
        services.ask_second_factor_reset(cast["bela"].account_id, actor=Actor(kind="command"))


def test_secrets_are_sealed_and_a_wrong_secret_says_so() -> None:
    kept = seal("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in kept
    assert unseal(kept) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(SecondFactorUnreadable):
        unseal(kept[:-4] + "AAA=")
