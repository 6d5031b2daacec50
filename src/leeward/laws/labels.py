"""The wording of facts and of the grounds of an opinion, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from leeward.laws.rules.basis import Base, Grounds
from leeward.laws.rules.citing import CitedLaw
from leeward.laws.rules.jurisdiction import Jurisdiction
from leeward.laws.rules.provisions import CriterionToday

FACTS: dict[str, Promise] = {
    "real_person": _("whether a real person is shown"),
    "age_band": _("the age band"),
    "known_age": _("the person's true age"),
    "apparent_age": _("how old the person looks"),
    "pubertal_stage": _("the stage of puberty"),
    "sex": _("the sex"),
    "medium": _("the medium"),
    "act": _("the act shown"),
    "self_generated": _("whether the person made it themselves"),
    "commercial": _("whether it is commercial"),
    "payments": _("the kinds of payment"),
    "site_type": _("the type of site"),
    "victim": _("whether the victim is known"),
    "exploitative": _("whether the relationship or context is exploitative"),
    "presented_as_child": _("whether the material presents the person as under 18"),
    "actor_age": _("the age of whoever made the approach"),
    "child_age": _("the age of the child"),
    "child_is_real": _("whether the other side was a real child"),
    "by_ict": _("whether it was done by means of communication technology"),
    "prior_contacts": _("how often they were in contact before"),
    "proposal_to_meet": _("a proposal to meet"),
    "material_act": _("an act towards the meeting, such as travelling"),
    "sexual_purpose": _("the purpose of a sexual offence"),
    "sexual_communication": _("a sexual communication"),
}

MEDIA: dict[str, Promise] = {
    "photograph": _("photograph"),
    "video": _("video"),
    "photo_realistic": _("photo-realistic image"),
    "ai_generated": _("AI-generated image"),
    "edited": _("edited picture"),
    "drawing": _("drawing"),
    "text": pgettext_lazy("medium", "text"),
    "audio": _("audio"),
}

STYLE_NAMES: dict[str, Promise] = {
    "uk": _("United Kingdom"),
    "caribbean": _("Caribbean"),
    "pacific": _("Pacific and New Zealand"),
    "australia": _("Australia"),
    "africa": _("Africa"),
    "south_asia": _("India, Pakistan and Bangladesh"),
    "malaysia_singapore": _("Malaysia, Singapore and Brunei"),
    "canada": _("Canada"),
    "malta_cyprus": _("Malta and Cyprus"),
    "civil": _("Civil law, as instructions for the drafter"),
}

TOPICS: dict[str, Promise] = {
    "specific_law": _("A separate offence"),
    "definition": _("What the material is"),
    "age_of_child": _("Age of a child"),
    "pseudo_images": _("Edited, generated or drawn pictures"),
    "computer_facilitated": _("Computer-facilitated offences"),
    "production": _("Production"),
    "distribution": _("Distribution"),
    "possession": _("Possession"),
    "access": _("Access"),
    "grooming": _("Solicitation of a child"),
    "provider_duty": _("Duty of providers to report"),
    "mandatory_reporting": _("Duty of others to report"),
    "preservation": _("Preservation of data"),
    "jurisdiction": _("Reach abroad"),
    "host_liability": _("Liability of hosts"),
    "blocking": _("Blocking"),
    "takedown": _("Removal"),
}
TOPIC_WORDS: dict[str, Promise] = {**TOPICS, "searched_nothing_found": _("Searched, nothing found")}
VALUES: dict[str, Promise] = {
    "yes": _("yes"),
    "partial": _("in part"),
    "no": _("no"),
    "unknown": _("unknown"),
}
STATUSES: dict[str, Promise] = {
    "in_force": _("in force"),
    "not_commenced": _("not yet in force"),
    "bill": _("a bill: no effect until it is in force"),
    "lapsed": _("a bill that lapsed: it has no effect"),
    "repealed": _("repealed"),
    "unknown": _("whether it is in force is not known"),
}
SEEN: dict[str, Promise] = {
    "yes": _("read"),
    "heading": _("reported, not read: only a heading was seen"),
    "no": _("reported, not read"),
}
SOURCE_KINDS: dict[str, Promise] = {
    "statute_text": _("The text of the law"),
    "official_site": _("An official site that says what the law holds"),
    "secondary": _("Somebody else’s account of the law"),
    "own_knowledge": _("Memory"),
}
STANDINGS: dict[str, Promise] = {
    "met": pgettext_lazy("criterion", "met"),
    "partly": pgettext_lazy("criterion", "met in part"),
    "not_found": _("read, and not found"),
    "unknown": _("unknown"),
}
STANDINGS_BY_ACCOUNT: dict[str, Promise] = {
    "met": _("reported as met"),
    "partly": _("reported as met in part"),
    "not_found": _("reported as not met"),
    "unknown": _("unknown"),
}

BASES: dict[str, Promise] = {
    "own_law": _("The law of this country"),
    "host_law": _("The law of the country where it is hosted"),
    "baseline": _("The international baseline"),
    "operators": _("The operators’ agreement"),
    "terms": _("The host’s terms of service"),
}

ACTS: dict[str, Promise] = {
    "undetermined": _("not determined"),
    "none": _("No sexual content or context"),
    "indicative": _("Indicative"),
    "nudist": _("Nudist"),
    "surreptitious": _("Surreptitious"),
    "posing": _("Posing"),
    "erotic_posing": _("Erotic posing"),
    "explicit_posing": _("Focus on the genital or anal region"),
    "witnessing": _("Witnessing a sexual act"),
    "act_no_adult": _("Sexual act without an adult, no penetration"),
    "act_with_adult": _("Sexual act with an adult, no penetration"),
    "penetration_no_adult": _("Penetrative act without an adult"),
    "penetration_with_adult": _("Penetrative act with an adult"),
    "sadism": _("Sadism"),
    "animal": _("Act with an animal"),
    "sap_none": _("SAP: none"),
    "sap_1": _("SAP level 1"),
    "sap_2": _("SAP level 2"),
    "sap_3": _("SAP level 3"),
    "sap_4": _("SAP level 4"),
    "sap_5": _("SAP level 5"),
    "uk_a": _("UK category A"),
    "uk_b": _("UK category B"),
    "uk_c": _("UK category C"),
}

VERDICTS: dict[str, Promise] = {
    "likely": _("likely illegal"),
    "unlikely": _("unlikely to be illegal"),
    "undetermined": _("undetermined"),
    "no_law_recorded": _("no law recorded"),
}

FAILS: dict[str, Promise] = {
    "real_person": _("no real person is shown"),
    "age": _("the age is outside it"),
    "act": _("the act is outside it"),
    "exploitative": _("the context is not exploitative"),
    "medium": _("the medium is outside it"),
    "actor_age": _("the person who made the approach is below the age limit"),
    "child_age": _("the child is above the age limit"),
    "child_is_real": _("it needs a real child"),
    "by_ict": _("it needs communication technology"),
    "prior_contacts": _("it needs earlier contact"),
    "proposal_to_meet": _("it needs a proposal to meet"),
    "material_act": _("it needs an act towards the meeting"),
    "sexual_purpose": _("it needs the purpose of a sexual offence"),
    "sexual_communication": _("it needs a sexual communication"),
}

_OPEN_LAW: dict[str, Promise] = {
    "unrecorded": _("the law on this medium is not recorded: %(detail)s"),
    "part": _("only the law of the whole state is recorded, not this part’s own: %(detail)s"),
    "commencement": _("the date on which the provision came into force is not recorded"),
    "person": _("whether the law needs a real person is not recorded"),
    "age": _("the age that the law sets is not recorded"),
    "act": _("whether the law covers this act is not recorded: %(detail)s"),
    "solicitation": _("no offence of soliciting a child is recorded for this jurisdiction"),
    "other_offences": _("whether another offence here, or an attempt, covers it is not recorded"),
    "element": _("the full elements of the offence are not recorded"),
    "none": _("no law on this material is recorded for this jurisdiction"),
}


def settle_words(entry: str, jurisdiction: Jurisdiction | None = None) -> str:
    """Return the words for one entry of `would_settle`: a fact, or a question of law."""
    if not entry.startswith("law:"):
        return str(FACTS.get(entry, entry))
    kind, _colon, detail = entry.removeprefix("law:").partition(":")
    if kind not in _OPEN_LAW:
        return entry.removeprefix("law:")
    if kind in ("unrecorded", "part"):
        detail = str(MEDIA.get(detail, detail))
    if kind == "act":
        detail = str(ACTS.get(detail, detail))
    return str(_OPEN_LAW[kind]) % {"detail": detail}


def standing_label(row: CriterionToday) -> Promise:
    """What the register knows of a criterion today; an account of somebody else is named as a report."""
    return (STANDINGS_BY_ACCOUNT if row.by_account else STANDINGS)[row.standing]


def law_sentence(law: CitedLaw, verdict: str) -> str:
    """The sentence on a country's law: that the material is likely illegal under it only where that is how it was judged."""
    citation = f"{law.citation} ({SOURCE_KINDS['secondary']})" if law.by_account else law.citation
    values = {"country": law.country, "citation": citation}
    if law.is_judged and verdict == "likely":
        return gettext("In %(country)s this material is likely illegal under %(citation)s.") % values
    if law.is_judged or law.is_reviewed or law.by_account:
        return gettext("The law of %(country)s on such material: %(citation)s.") % values
    return (
        gettext("The law of %(country)s on such material, as read by a person who is not a lawyer there: %(citation)s.")
        % values
    )


def basis_sentence(base: Base, grounds: Grounds, *, own: CitedLaw, host: CitedLaw) -> str:
    """The sentence of one basis, true of these grounds."""
    match base:
        case "own_law":
            return law_sentence(own, grounds.own.verdict)
        case "host_law":
            return law_sentence(host, grounds.host.verdict)
        case "terms":
            return gettext("Your own terms of service apply; you can enforce them whatever the law says.")
        case "baseline":
            return gettext(
                "What was assessed meets the international baseline that INTERPOL uses: a real child before puberty, in a "
                "sexual act, witnessing one, or with focus on the genital or anal region."
            )
        case "operators":
            return agreement_sentence(grounds.agreement)


def agreement_sentence(agreement: str) -> str:
    """The sentence on what the operators of a list agreed."""
    sentence = gettext(
        "The operators who load this list agreed to block what meets the international baseline: %(agreement)s."
    )
    return sentence % {"agreement": agreement.rstrip(".")}
