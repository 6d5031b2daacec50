"""A hotline where something is set in every part of the settings file, and nothing of it by the file itself."""

import pysequoia
from django_scopes import scope

from leeward.blocklist.publishing.queries import SettingsRow
from leeward.blocklist.publishing.services.settings import change_settings
from leeward.blocklist.publishing.services.subscribers import Contract, add_subscriber
from leeward.blocklist.services import open_list
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import set_rates
from leeward.clocks.rules.due import Rule, Step
from leeward.clocks.services.ruling import set_on_call, set_rule
from leeward.foundation.actor import Actor
from leeward.intake.services.asking import keep_question, switch_question
from leeward.notices.rules.wordings import needed
from leeward.notices.services.contacts import ContactDetails, add_contact
from leeward.notices.services.keys import set_key
from leeward.notices.services.wordings import save_wording
from leeward.people.services import change_account, change_calendar, change_portal, invite
from leeward.people.services.tokens import issue_token
from tests.personas import Cast

CANARIES = "quiet-harbour.example"


def furnish(cast: Cast) -> list[str]:
    """Set something everywhere in Jamaica's hotline; return the secrets that came of it."""
    adam, here = cast["adam"].actor, cast.hotline_id
    with scope(hotline=here):
        rule = Rule(36, "open_hours", (), (Step("remind", 6), Step("page", -1.5)))
        set_rule(cast.portal_id, "first_assessment", rule, actor=adam)
        server = Actor("command", hotline_id=here)  # staff change this only two together
        set_on_call(cast.portal_id, "night@desk.example", actor=server)
        change_calendar(cast.portal_id, follows=True, added=[], worked=[], actor=adam)
        change_portal(cast.portal_id, police_on_danger="after_look", police_on_urgent="at_once", actor=server)
        who = {"run_by": "Harbour Trust", "accountable_to": "Ministry of Justice", "reached_at": "1 Harbour Street"}
        change_portal(cast.portal_id, **who, police_for_hosts="Constabulary, 555 0119", actor=server)
        change_account(cast["ana"].account_id, languages=["en", "ur"], countries=["JM"], actor=adam)
        invite(here, email="eve@staff.example", name="Eve", roles=["analyst"], languages=["en"], actor=adam)
        body = " ".join(f"{{{name}}}" for name in needed("host"))
        for country in ("", "CA"):
            save_wording(kind="host", language="fr", country=country, subject="Avis", body=f"Bonjour {country}. {body}",
                         hotline_id=here, actor=adam)  # fmt: skip
        secret = pysequoia.Tsk.generate("abuse@harbour-host.example")
        details = ContactDetails("host", "JM", "Harbour Host", "abuse@harbour-host.example", ("en", "fr"))
        number = add_contact(details, hotline_id=here, actor=adam)
        set_key(number, str(secret.extract_certificate()), actor=adam)
        set_rates(Rates(20, 30, 40), actor=adam)
        keep_question("which-school", texts={"en": "Which school?", "fr": "Quelle école ?"}, form="words",
                      hotline_id=here, actor=adam, is_new=True)  # fmt: skip
        switch_question("password", is_off=True, hotline_id=here, actor=adam)
        chosen = SettingsRow(test_domain="test.example", canary_domains=(CANARIES,), stop_addresses=("192.0.2.7",))
        change_settings(here, chosen, actor=adam)
        extra = open_list("far-shore", title="Far shore", kind="partner", source="Far", hotline_id=here, actor=adam)
        contract = Contract("Island Access", "access", [extra.id], ["hashes"], contact="noc@island.example")
        _number, key = add_subscriber("island", contract, hotline_id=here, actor=adam)
        police = issue_token(name="Look-ups", scopes=["police"], agency="Constabulary", actor=adam)
        return [key, police, str(secret).splitlines()[5], CANARIES, "JBSWY3DPEHPK3PXP", "pbkdf2", "test-password"]
