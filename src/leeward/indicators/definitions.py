"""Every indicator as data: its name, formula, unit, source, counterpart elsewhere and caveat. `rules/formulas.py` reads it."""

from leeward.foundation.lazy_text import LazyText as _
from leeward.indicators.rules.formulas import COUNT, CURVE, MEDIAN, SHARE, SPREAD, TYPED, Definition

_REPORTS = "reports as they came in, test reports left out"
_CASES = "cases as they were opened, merged and test cases left out, with where they stand now"
_FACTS = "the last assessment of each illegal case"
_APPEALS = (
    "requests for review of decisions about cases, and of blocks made at a portal, with what came of them until now"
)
_PROVIDERS = "first reports of providers, those of the sandbox and those withdrawn left out"
_BLOCKED = "entries of our own lists as they were first approved, with where they stand now; partners’ lists left out"
_STILL_UP = "product over the spans until 24 h, 48 h, 72 h, 7 days of (1 - removed in it / still watched) * 100"
_TYPED = "typed in on the desk, each with its source and date"
_DECIDED = ("cases", "-outcome:open")
_SAMPLE = _("What is reported is no measure of what exists: more reports can mean more crime, or more trust.")
_JUDGED = _("It is what an assessor saw and judged, not a measured age or sex.")
_STATED = _("The share is of all illegal cases, those where nobody stated it too.")
_VOLUME = _("Volume is not prevalence: it grows with how many people use a service, and with how well services look.")
_OURS = _("One country’s word for it can mean more or less than another’s.")
_KNOWN_VICTIM = _("Known to whoever assessed it, not to every police force.")
_PER_CASE = _("A case can hold many pictures; it counts once.")
_CURVE = _("Counted by spans: what went within one counts at its end. Hosts that are told are not drawn at random.")
_LAW = _("One hotline’s reports are a biased sample, and other things than the law differ between countries.")
_WHOIS = f"{_FACTS}, with the network and registrar last found"
_LISTED = "entries of our own lists that were ever approved; partners’ lists left out"
_KNOWS_ITSELF = _("For the desk only: each of them knows its own number, so nothing beside it could be hidden from it.")
_TIES = _("For the desk only: the size of a list ties the years together.")
_LISTS = _("A list belongs to a hotline; its entries count at the portal of the list’s country, else at the oldest.")
_ONLY_ENDED = _("Only those that ended count; where many still wait, it looks better than it is.")

DEFINITIONS = (
    Definition(
        "reports", COUNT, "reports", _("Reports"),
        _("Reports that came in during the year."),
        "count(reports)", _REPORTS, ("reports",), counterpart="INHOPE: received", caveat=_SAMPLE,
    ),
    Definition(
        "reports_by_month", SPREAD, "reports", _("Reports by month"),
        _("Reports by the month in which they came in (UTC)."),
        "count(reports) by month", _REPORTS, ("reports_by_month",), caveat=_SAMPLE,
    ),
    Definition(
        "reports_by_channel", SPREAD, "reports", _("Reports by channel"),
        _("How reports came in."),
        "count(reports) by channel", _REPORTS, ("channel",),
    ),
    Definition(
        "reports_by_kind", SPREAD, "reports", _("Reports by kind"),
        _("What reporters said that it is about."),
        "count(reports) by kind", _REPORTS, ("kind",),
    ),
    Definition(
        "reports_by_language", SPREAD, "reports", _("Reports by language"),
        _("In which language the report was made."),
        "count(reports) by language", _REPORTS, ("language",),
    ),
    Definition(
        "cases", COUNT, "cases", _("Cases"),
        _("Addresses that were reported for the first time in the year."),
        "count(cases)", _CASES, ("cases",), caveat=_SAMPLE,
    ),
    Definition(
        "cases_by_month", SPREAD, "cases", _("Cases by month"),
        _("Cases by the month in which they were opened (UTC)."),
        "count(cases) by month", _CASES, ("cases_by_month",),
    ),
    Definition(
        "reported_again", COUNT, "reports", _("Reported again"),
        _("Further reports of the year’s cases."),
        "sum(reports of a case - 1)", _CASES, ("again",), counterpart="INHOPE: duplicates",
    ),
    Definition(
        "cases_by_outcome", SPREAD, "cases", _("Cases by outcome"),
        _("What was decided about the year’s cases so far."),
        "count(cases) by outcome", _CASES, ("outcome",),
    ),
    Definition(
        "illegal_cases", COUNT, "cases", _("Illegal cases"),
        _("Cases of the year that were decided as illegal so far."),
        "count(cases where outcome = illegal)", _CASES, ("outcome:illegal",),
        counterpart="INHOPE: CSAM and CSEM", caveat=_PER_CASE,
    ),
    Definition(
        "illegal_share", SHARE, "%", _("Illegal share"),
        _("Of 100 decided cases, how many are illegal."),
        "illegal / decided * 100", _CASES, ("outcome:illegal",), _DECIDED, "INHOPE: share of actionable reports",
        _SAMPLE,
    ),
    Definition(
        "known_share", SHARE, "%", _("Known images"),
        _("Of 100 illegal cases, in how many a known image was found."),
        "known / illegal * 100", _CASES, ("known:yes",), ("outcome:illegal",), caveat=_PER_CASE,
    ),
    Definition(
        "illegal_by_country", SPREAD, "cases", _("Illegal cases by hosting country"),
        _("In which country illegal content was hosted."),
        "count(illegal) by country", _CASES, ("country",), counterpart="INHOPE: hosting country",
        caveat=_("One hotline’s reports are a biased sample of what is hosted where."),
    ),
    Definition(
        "illegal_by_site", SPREAD, "cases", _("Illegal cases by kind of site"),
        _("On what kind of site illegal content was."),
        "count(illegal) by site type", _FACTS, ("site_type",), counterpart="ICCAM: site type",
    ),
    Definition(
        "illegal_by_age", SPREAD, "cases", _("Illegal cases by age"),
        _("How old the child in it appears to be."),
        "count(illegal) by age band", _FACTS, ("age_band",), counterpart="ICCAM: age group", caveat=_JUDGED,
    ),
    Definition(
        "illegal_by_sex", SPREAD, "cases", _("Illegal cases by sex"),
        _("The sex of the children in it."),
        "count(illegal) by sex", _FACTS, ("sex",), counterpart="ICCAM: gender", caveat=_JUDGED,
    ),
    Definition(
        "illegal_by_medium", SPREAD, "cases", _("Illegal cases by medium"),
        _("What illegal content is: a photograph, a video, made by AI …"),
        "count(illegal) by medium", _FACTS, ("medium",),
    ),
    Definition(
        "self_generated_share", SHARE, "%", _("Self-generated"),
        _("Of 100 illegal cases, how many a child made, alone or under pressure."),
        "self-generated / illegal * 100", _FACTS, ("self_generated:yes",), ("outcome:illegal",),
        "INHOPE: self-generated", _STATED,
    ),
    Definition(
        "ai_share", SHARE, "%", _("Made by AI"),
        _("Of 100 illegal cases, how many were made by AI."),
        "AI-generated / illegal * 100", _FACTS, ("medium:ai_generated",), ("outcome:illegal",),
        "INHOPE: computer-generated", _STATED,
    ),
    Definition(
        "commercial_share", SHARE, "%", _("Commercial"),
        _("Of 100 illegal cases, in how many somebody asks for money."),
        "commercial / illegal * 100", _FACTS, ("commercial:yes",), ("outcome:illegal",), "ICCAM: commerciality",
        _STATED,
    ),
    Definition(
        "first_assessment", MEDIAN, "hours", _("Hours to the first assessment"),
        _("Half of the cases were assessed within so many hours."),
        "median(first assessment - received)", _CASES, ("first_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "first_assessment_times", SPREAD, "cases", _("Time to the first assessment"),
        _("How long cases waited for their first assessment."),
        "count(cases) by hours", _CASES, ("first_hours",),
    ),
    Definition(
        "police_told", MEDIAN, "hours", _("Hours until the police were told"),
        _("Half of the illegal cases went to the police within so many hours of the decision."),
        "median(police told - decided)", _CASES, ("police_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "police_told_times", SPREAD, "cases", _("Time until the police were told"),
        _("From the decision until the police were told."),
        "count(illegal) by hours", _CASES, ("police_hours",),
    ),
    Definition(
        "host_told", MEDIAN, "hours", _("Hours until the host was told"),
        _("Of the illegal cases whose host was told, half were told within so many hours of the decision."),
        "median(host told - decided)", _CASES, ("host_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "host_told_times", SPREAD, "cases", _("Time until the host was told"),
        _("From the decision until the host was told; “not until now” also where another hotline tells it."),
        "count(illegal) by hours", _CASES, ("host_hours",),
    ),
    Definition(
        "hosts_told", COUNT, "cases", _("Hosts told"),
        _("Illegal cases of the year whose host was told."),
        "count(illegal where host told)", _CASES, ("hosts_told",),
    ),
    Definition(
        "removed", MEDIAN, "hours", _("Hours until removal"),
        _("Of what was removed, half was gone within so many hours after its host was told."),
        "median(removed - host told)", _CASES, ("up_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "removal_times", SPREAD, "cases", _("Time until removal"),
        _("From the notice to the host until removal; “not until now”: still there, or not seen gone."),
        "count(hosts told) by hours", _CASES, ("up_hours",),
        counterpart="INHOPE: removed on the same day, within 72 hours",
    ),
    Definition(
        "removal_times_by_law", SPREAD, "cases", _("Time until removal, by law"),
        _("By how many of ICMEC’s five criteria the law of the country met on 1 July of the year in which the case was opened."),
        "count(hosts told) by law and hours", f"{_CASES}; the law register", ("law_hours",), caveat=_LAW,
    ),
    Definition(
        "removed_share", SHARE, "%", _("Removed"),
        _("Of 100 cases whose host was told, how many were seen to be gone."),
        "removed / hosts told * 100", _CASES, ("hosts_told", "-up_hours:never"), ("hosts_told",),
    ),
    Definition(
        "still_up", CURVE, "%", _("Still up"),
        _("Of 100 cases whose host was told, how many were still up after so long, those not watched so long allowed for."),
        _STILL_UP, _CASES, ("middle",), caveat=_CURVE,
    ),
    Definition(
        "still_up_at_least", CURVE, "%", _("Still up, at least"),
        _("The lower end of the 95 % interval of what is still up."),
        "log(-log) interval with Greenwood’s variance", _CASES, ("lower",), caveat=_CURVE,
    ),
    Definition(
        "still_up_at_most", CURVE, "%", _("Still up, at most"),
        _("The upper end of the 95 % interval of what is still up."),
        "log(-log) interval with Greenwood’s variance", _CASES, ("upper",), caveat=_CURVE,
    ),
    Definition(
        "known_images", COUNT, "cases", _("Cases with a known image"),
        _("Illegal cases of the year in which a known image was found."),
        "count(illegal where known)", _CASES, ("known:yes",), caveat=_PER_CASE,
    ),
    Definition(
        "illegal_by_victim", SPREAD, "cases", _("Illegal cases by victim"),
        _("Whether the child in it was identified before."),
        "count(illegal) by victim", _FACTS, ("victim",), caveat=_KNOWN_VICTIM,
    ),
    Definition(
        "urgent_cases", COUNT, "cases", _("Urgent cases"),
        _("Cases of the year that were urgent at some time."),
        "count(cases where urgent)", _CASES, ("urgent:yes",),
    ),
    Definition(
        "urgent_passed", MEDIAN, "hours", _("Hours until urgent cases were passed on"),
        _("Half of the urgent cases were with the police within so many hours; 0 is less than one."),
        "median(passed on - urgent)", _CASES, ("urgent_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "urgent_passed_times", SPREAD, "cases", _("Time until urgent cases were passed on"),
        _("From when a case became urgent until everything urgent in it was with the police."),
        "count(urgent) by hours", _CASES, ("urgent_hours",),
    ),
    Definition(
        "peers_told", COUNT, "cases", _("Other hotlines told"),
        _("Cases of the year about which another hotline was told."),
        "count(cases where a hotline was told)", _CASES, ("peer:yes",),
    ),
    Definition(
        "peers_answered", MEDIAN, "hours", _("Hours until another hotline answered"),
        _("Half of the answers of other hotlines came within so many hours."),
        "median(first answer - first told)", _CASES, ("peer_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "peers_answered_times", SPREAD, "cases", _("Time until another hotline answered"),
        _("From when another hotline was first told until one first answered."),
        "count(hotlines told) by hours", _CASES, ("peer_hours",),
    ),
    Definition(
        "appeals", COUNT, "appeals", _("Requests for review"),
        _("Requests of the year to look at a decision or a block again."),
        "count(requests)", _APPEALS, ("appeals",),
    ),
    Definition(
        "appeals_by_outcome", SPREAD, "appeals", _("Requests for review by outcome"),
        _("What came of the year’s requests so far."),
        "count(requests) by outcome", _APPEALS, ("appeal",),
    ),
    Definition(
        "appeals_answered", MEDIAN, "hours", _("Hours until a request for review was answered"),
        _("Half of the answers to requests took so many hours or less."),
        "median(answered - asked)", _APPEALS, ("appeal_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "appeals_answered_times", SPREAD, "appeals", _("Time until a request for review was answered"),
        _("From the request until its answer; “not until now” also where it was withdrawn."),
        "count(requests) by hours", _APPEALS, ("appeal_hours",),
    ),
    Definition(
        "provider_reports", COUNT, "reports", _("Reports of providers"),
        _("Reports of the year by those who must report."),
        "count(first reports)", _PROVIDERS, ("provider_reports",), caveat=_VOLUME,
    ),
    Definition(
        "provider_reports_by_priority", SPREAD, "reports", _("Reports of providers by priority"),
        _("The priority that the provider gave; P1 is the most urgent."),
        "count(first reports) by priority", _PROVIDERS, ("provider_priority",), caveat=_VOLUME,
    ),
    Definition(
        "addresses_blocked", COUNT, "addresses", _("Addresses blocked"),
        _("Addresses that were put on a blocking list during the year."),
        "count(entries)", _BLOCKED, ("blocked",), caveat=_LISTS,
    ),
    Definition(
        "blocked_by_state", SPREAD, "addresses", _("Blocked addresses by what became of them"),
        _("Which of the year’s addresses are still blocked, and why the others are not."),
        "count(entries) by state", _BLOCKED, ("block_state",), caveat=_LISTS,
    ),
    Definition(
        "blocked", MEDIAN, "hours", _("Hours on the list"),
        _("Half of the addresses that were taken off a list had been on it for so many hours or less."),
        "median(taken off - approved)", _BLOCKED, ("block_hours",), caveat=_ONLY_ENDED,
    ),
    Definition(
        "blocked_times", SPREAD, "addresses", _("Time on the list"),
        _("From when an address was put on a list until it was taken off."),
        "count(entries) by hours", _BLOCKED, ("block_hours",), caveat=_LISTS,
    ),
    Definition(
        "illegal_by_host", SPREAD, "cases", _("Illegal cases by host"),
        _("In whose network illegal content was found."),
        "count(illegal) by network", _WHOIS, ("host",), caveat=_KNOWS_ITSELF, is_public=False,
    ),
    Definition(
        "illegal_by_registrar", SPREAD, "cases", _("Illegal cases by registrar"),
        _("Whose customer the domain is under which illegal content was found."),
        "count(illegal) by registrar", _WHOIS, ("registrar",), caveat=_KNOWS_ITSELF, is_public=False,
    ),
    Definition(
        "list_size", COUNT, "addresses", _("Addresses on lists"),
        _("Addresses on blocking lists at the end of the year, or now."),
        "count(entries at the end)", _LISTED, ("on_list",), caveat=_TIES, is_public=False,
    ),
    Definition(
        "list_age", MEDIAN, "hours", _("Age of addresses on lists"),
        _("Half of the addresses on lists at the end of the year had been there for so many hours or less; 366 days stand for longer."),
        "median(end of the year - approved)", _LISTED, ("list_age",), caveat=_TIES, is_public=False,
    ),
    Definition(
        "list_ended", COUNT, "addresses", _("Addresses taken off lists"),
        _("Addresses that were taken off a blocking list during the year."),
        "count(entries that ended)", _LISTED, ("list_ended",), caveat=_TIES, is_public=False,
    ),
    Definition(
        "list_churn", SHARE, "%", _("Churn of lists"),
        _("For 100 addresses on lists at the end of the year, how many were put on or taken off during it."),
        "(added + taken off) / on lists * 100", _LISTED, ("blocked", "list_ended"), ("on_list",), caveat=_TIES,
        is_public=False,
    ),
    Definition(
        "victims_identified", TYPED, "people", _("Victims identified"),
        _("Children in such material whom the police identified."),
        "as typed", _TYPED, ("victims_identified",), caveat=_OURS,
    ),
    Definition(
        "convictions", TYPED, "people", _("Convictions"),
        _("People convicted of an offence about child sexual abuse material."),
        "as typed", _TYPED, ("convictions",), caveat=_OURS,
        first_rows=("people cautioned or proceeded against",),
    ),
    Definition(
        "arrests", TYPED, "people", _("Arrests"),
        _("People arrested for such an offence."),
        "as typed", _TYPED, ("arrests",), caveat=_OURS,
    ),
    Definition(
        "trained_officers", TYPED, "people", _("Trained officers"),
        _("Police officers who finished a course about such offences."),
        "as typed", _TYPED, ("trained_officers",), caveat=_OURS,
    ),
    Definition(
        "broadband_subscribers", TYPED, "subscribers", _("Broadband subscribers"),
        _("Subscribers of fixed broadband, as a denominator."),
        "as typed", _TYPED, ("broadband_subscribers",), counterpart="ITU: fixed-broadband subscriptions",
        caveat=_OURS,
        first_rows=("households with internet access (upper bound)", "households with internet access",
            "share of those households with broadband (%)"),
    ),
    Definition(
        "ncmec_referrals", TYPED, "reports", _("Referrals from NCMEC"),
        _("Reports that NCMEC made available to the country, by half-year."),
        "as typed", _TYPED, ("ncmec_referrals",), counterpart="NCMEC: CyberTipline reports by country",
        caveat=_VOLUME,
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in DEFINITIONS}
