"""Labels of the desk, in the reader's language: outcomes, reasons, places, clocks and acts."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from leeward.casework.acting.labels import EVENTS_OF_EXPORTS, NEWS_FROM_OUTSIDE
from leeward.casework.names.labels import NEWS_OF_NAMES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

OUTCOMES: dict[str, Promise] = {
    "illegal": _("Illegal"),
    "not_illegal": _("Not illegal"),
    "not_found": _("Not found"),
    "out_of_scope": _("Out of scope"),
    "insufficient": _("Not enough to judge"),
    "unsure": _("Can’t tell"),
}

REASONS: dict[int, Promise] = {
    1: _("Another reason, in words"),
    2: _("The page is there, the content is not"),
    3: _("It opens only from a page that we don’t know"),
    4: _("We can’t reach it"),
    5: _("It needs a password that we don’t have"),
    6: _("The account was closed"),
    7: _("The law doesn’t let us open it"),
    8: _("The link has expired"),
    9: _("The page or the whole site is gone"),
    10: _("It is temporarily unavailable"),
    11: _("It needs a paid account"),
    12: _("Parts of the file are missing"),
    13: _("It was removed before we fetched it"),
    14: _("Only adults are shown"),
    15: _("Nudity that is not sexual"),
    16: _("It does not meet the legal threshold"),
    17: _("The pictures are too small to judge"),
    18: _("Drawn or made by computer, and not forbidden here"),
    19: _("It only links elsewhere"),
    20: _("The age can’t be determined"),
    21: _("Above the age that the law protects"),
}

PLACES: dict[str, Promise] = {
    "here": _("In our country"),
    "abroad": _("Abroad"),
    "cdn": _("Behind a CDN, true host unknown"),
    "no_host": _("No host"),
    "unknown": _("Unknown"),
}

THINGS: dict[str, Promise] = {
    "url": _("Web address"),
    "onion": _("Onion address"),
    "magnet": _("Magnet link"),
    "ed2k": _("eD2k link"),
    "file_hash": _("File hash"),
    "account": _("User name"),
    "group": _("Group"),
    "game": _("Game"),
    "newsgroup": _("Newsgroup"),
    "phone": _("Phone number"),
    "wallet": _("Wallet"),
    "words": _("In words only"),
    "own": _("Own picture"),
    "unknown": _("Not recognised"),
}

REPORT_KINDS: dict[str, Promise] = {
    "page": _("I saw a page or a file"),
    "contact": _("Someone contacts or threatens a child"),
    "me": _("It is about a picture of me"),
    "own": _("Fingerprints of a picture of me"),
    "danger": _("A child is in danger now"),
    "else": _("Something else"),
}

URGENCIES: dict[str, Promise] = {
    "danger": _("A child is in danger now."),
    "contact": _("Somebody contacts or threatens a child."),
    "threat": _("Somebody may be threatening to share a picture of the reporter."),
    "shown": _("Somebody says that they are the person shown."),
    "marked": _("Somebody here or a partner marked it as urgent."),
}

MOMENTS: dict[str, Promise] = {
    "at_once": _("This portal tells the police at once, without waiting for anybody here."),
    "after_look": _("This portal tells the police when somebody here has read it and passes it on."),
    "after_assessment": _("This portal tells the police only when it has been assessed."),
}

SOURCES: dict[str, Promise] = {
    "form": _("by the form"),
    "telephone": _("by telephone"),
    "letter": _("by letter"),
    "email": _("by e-mail"),
    "police": _("from the police"),
    "csv": _("from a list"),
    "appeal": _("with a request for review"),
    "rehearsal": _("a test report"),
    "peer": _("from another hotline"),
    "sms": _("by text message"),
    "partner": _("by another organisation’s form"),
    "tip": _("as a tip from abroad"),
    "provider": _("from a provider"),
}

# How close a case's address is to one that somebody asks about.
NEARNESS: dict[str, Promise] = {
    "same": _("the same address"),
    "near": _("almost the same address"),
    "on_host": _("on the same host"),
}

WAITS_FOR: dict[str, Promise] = {
    "decision": _("starts when decided"),
    "police": _("waits for the police"),
    "asking": _("not requested yet"),
}

ROUNDS: dict[str, Promise] = {
    "first": _("first assessment"),
    "second": _("second assessment"),
    "adjudication": _("decided between two assessments"),
    "sample": _("blind assessment of a drawn case"),
}

# How somebody saw the content they state facts about, and the places they can name other than this one.
SEEN: dict[str, Promise] = {
    "preview": _("seen here"),
    "isolated": _("seen on an isolated workstation"),
    "police": _("seen at the police"),
    "record": _("not seen: from its record"),
    "unseen": _("not seen here"),
}
ELSEWHERE: dict[str, Promise] = {
    "": _("No"),
    "isolated": _("On an isolated workstation"),
    "police": _("With the police"),
}

VIEW_REASONS: dict[str, Promise] = {
    "age": _("Age"),
    "act": _("What it shows"),
    "same": _("Compare with another"),
    "police": _("Police request"),
    "appeal": _("Request for review"),
}

ORIGINS: dict[str, Promise] = {
    "reporter": _("The reporter"),
    "host": _("The host"),
    "outside": _("Somebody outside"),
    "desk": _("This desk"),
}

EVENTS: dict[str, Promise] = EVENTS_OF_EXPORTS | {
    "case.opened": _("Case opened"),
    "case.joined": _("Another report joined"),
    "case.prepared": _("Put into the queue"),
    "case.matched": _("Matched with known images"),
    "case.sampled": _("In the sample of known files that somebody looks at"),
    "case.matched_altered": _("Files look like known images that were altered"),
    "case.decided_by_record": _("Decided by the record of a known file, not viewed"),
    "case.hashes_added": _("Added to the known images"),
    "case.merged": _("Merged into another case"),
    "case.took_in": _("Another case was merged into this one"),
    "case.split": _("A report was split out into a case of its own"),
    "case.split_off": _("Split out of another case"),
    "case.merge_undone": _("A merge or split was undone"),
    "case.summarised": _("A summary was made"),
    "case.moved": _("A case was opened for the new address"),
    "case.forwarded": _("Passed on to the police"),
    "case.report_withdrawn": _("A report was withdrawn"),
    "case.left": _("Reports of it went to another hotline with their portal"),
    "case.block_proposed": _("A block was proposed"),
    "case.claimed": _("Taken"),
    "case.given_back": _("Given back"),
    "case.returned": _("Went back to the queue automatically"),
    "case.offline_facts_recorded": _("Facts recorded that were seen elsewhere"),
    "case.assessed": _("Assessed"),
    "case.acted": _("Acted on"),
    "case.undone": _("Undone"),
    "case.police_told": _("Police told"),
    "case.police_not_told": _("The police do not have it after all"),
    "case.host_told": _("Host told"),
    "case.held": _("Held by the police"),
    "case.hold_ended": _("Hold ended"),
    "case.watched": _("Monitoring started"),
    "case.removed": _("Found removed"),
    "case.returned_online": _("Found online again"),
    "case.settled": _("Closed automatically"),
    "case.closed": _("Closed"),
    "case.reopened": _("Reopened"),
    "case.noted": _("Note written"),
    "case.news_came": _("Something new came in"),
    "case.news_settled": _("News was read"),
    "case.finding_corrected": _("A finding was corrected"),
    "case.refetched": _("Fetched and located again"),
    "case.reporter_asked": _("A reporter was asked"),
    "case.question_withdrawn": _("A question to a reporter was withdrawn"),
    "case.reassigned": _("Reassigned by the supervisor"),
    "case.not_located": _("The location could not be found"),
    "case.urgency_changed": _("Urgency changed"),
    "case.called_not_urgent": _("Called not urgent by the first of two people"),
    "case.passed_to_police": _("Passed on to the police"),
    "case.protection_told": _("Passed on to child protection"),
    "case.police_answered": _("The police answered"),
    "case.protection_answered": _("Child protection answered"),
    "outside_review.invited": _("Somebody of another hotline invited as the second person"),
    "outside_review.answered": _("The outside reviewer answered"),
    "outside_review.withdrawn": _("Invitation of the outside reviewer withdrawn"),
    "exchange.reported": _("Reported to another hotline"),
    "exchange.said": _("Another hotline was written to"),
    "case.handed_over": _("Closed: the police have it"),
    "sample.drawn": _("Drawn for another blind assessment"),
    "sample.taken": _("Taken for a blind assessment"),
    "sample.given_back": _("Given back without a blind assessment"),
    "sample.stated": _("Blind assessment of a drawn case"),
    "adjudication.opened": _("Two assessments differ: an adjudication is open"),
    "adjudication.proposed": _("A proposal was made in the adjudication"),
    "adjudication.settled": _("The adjudication was settled"),
    "decision.listed": _("Listed: an appeal changed what one person had decided"),
    "decision.seen": _("A changed decision was acknowledged"),
    "preview.shown": _("A preview was viewed"),
    "page.read": _("The page was read without its pictures"),
    "appeal.opened": _("A review was asked for"),
    "appeal.withdrawn": _("The request for review was withdrawn"),
    "appeal.replied": _("A reply to the request for review"),
    "appeal.decided": _("The request for review was answered"),
}

NEWS: dict[str, Promise] = {
    **NEWS_OF_NAMES,
    **NEWS_FROM_OUTSIDE,
    "report_added": _("A reporter added something"),
    "report_answered": _("A reporter answered"),
    "own_picture_matches_much": _("A fingerprint matches hundreds of uploads"),
    "unreachable": _("It can no longer be reached"),
    "hotline_said": _("Another hotline wrote"),
    "former_news": _("Something came in at the hotline that had it before"),
}

CHECKS: dict[str, Promise] = {
    "same": _("still there"),
    "changed": _("something else is there"),
    "gone": _("gone"),
    "unreachable": _("could not be reached"),
}

FINDINGS: dict[str, Promise] = {
    "ip": _("Address"),
    "name_problem": _("Name"),
    "network": _("Network"),
    "asn": _("Network number (ASN)"),
    "holder": _("Network holder"),
    "country_ip": _("Country by address"),
    "country_registry": _("Country by registry"),
    "country": _("Country"),
    "behind": _("Behind"),
    "abuse_email": _("Abuse desk"),
    "registrar": _("Registrar"),
    "registrar_abuse_email": _("Registrar’s abuse desk"),
    "domain_created": _("Domain registered"),
    "domain_status": _("Domain status"),
    "upstream_email": _("Upstream network"),
    "owner_email": _("Owner"),
    "ask_later": _("The registry is asked again at"),
}

FETCHES: dict[str, Promise] = {
    "timed_out": _("no answer in time"),
    "connection_refused": _("nothing answers there"),
    "connection_failed": _("no connection"),
    "no_such_name": _("domain does not exist"),
    "name_suspended": _("the name is suspended; the content can still be up"),
    "no_address": _("the name has no address"),
    "name_failed": _("the name servers did not answer properly"),
    "name_timed_out": _("the name servers did not answer in time"),
    "bad_address": _("it redirects to an address that can’t be opened"),
    "forbidden_scheme": _("it is not a web page"),
    "forbidden_address": _("it redirects to an address that is not public, so it was not opened"),
    "no_onion_proxy": _("onion addresses can’t be opened from here: no proxy is set"),
    "protocol_error": _("its response can’t be read"),
    "packed_too_well": _("it unpacks to far too much data, so it was not opened"),
    "not_unpackable": _("it can’t be unpacked"),
    "tls_failed": _("no secure connection"),
    "too_large": _("too large to fetch"),
    "over_budget": _("is still being fetched: requests to its host are limited per minute"),
    "too_many_redirects": _("it redirects without end"),
    "cut_short": _("was cut off"),
    "proxy_failed": _("the proxy failed"),
    "log_in": _("a log-in is needed"),
    "password": _("a password is needed"),
    "script": _("it shows nothing without script"),
    "not_there": _("not there"),
    **dict.fromkeys(("refused", "forbidden"), _("refused")),
    "too_many_requests": _("we asked too often"),
    "geo_blocked": _("not shown in the country from which we fetch"),
    "referrer": _("it opens only from a certain page"),
    "page_crashed": _("the page could not be read: it crashed the program that reads pages"),
    "page_too_slow": _("the page could not be read: it takes longer than one page is allowed"),
    "page_too_much_memory": _("the page could not be read: it needs more memory than one page is allowed"),
    "page_failed": _("the page could not be read"),
    "page_busy": _("the page could not be read: too much was being read at the time"),
    "page_silent": _("the page could not be read: the service that reads pages doesn’t answer"),
}

FILE_PROBLEMS: dict[str, Promise] = {
    **FETCHES,
    "too_many_pixels": _("too large to open"),
    "cut_off": _("was cut off"),
    **dict.fromkeys(("broken", "not_media"), _("it is not a picture that can be drawn")),
    "wrong_type": _("not the type that its server claims"),
    "no_time_left": _("no answer in time"),
    "decoder_crashed": _("this file could not be decoded: it crashed the program that decodes it"),
    "decoder_too_slow": _("this file could not be decoded: it takes longer than one file is allowed"),
    "decoder_too_much_memory": _("this file could not be decoded: it needs more memory than one file is allowed"),
    "decoder_failed": _("this file could not be decoded"),
    "decoder_busy": _("this file could not be decoded: too much was being decoded at the time"),
    "decoder_silent": _("this file could not be decoded: the service that decodes files doesn’t answer"),
}

STEPS: dict[str, tuple[Promise, Promise]] = {
    "police": (_("Police"), _("at once: a referral to the police of this portal")),
    "quiet": (_("Police"), _("not told: whoever is in the picture wants that, and was told that they decide")),
    "foreign": (_("Abroad"), _("the authority in charge in that country is told")),
    "peer": (_("Abroad"), _("the hotline there has our report by the exchange")),
    "no_foreign": (_("Abroad"), _("no confirmed contact there is known; they are told as soon as there is one")),
    "host": (_("Host"), _("when the police release it, or when their time is over")),
    "host_at_once": (_("Host"), _("at once, or whoever stands before it; the police are not asked")),
    "shield": (_("The CDN’s operator"), _("after the police; it knows the true host")),
    "no_host": (_("Host"), _("no contact is known")),
    "checks": (_("Checks"), _("until it is gone, and whether it comes back")),
    "no_checks": (_("Checks"), _("none: this can’t be fetched from here")),
}

MESSAGES: dict[str, Promise] = {
    "referral": _("Referral to the police"),
    "forward": _("Passed on to the police"),
    "host": _("Notice to the host"),
    "foreign_host": _("Notice to the host abroad"),
    "foreign_police": _("Notify foreign authority"),
    "notice": _("Notice"),
    "owner": _("Notice to the site’s owner"),
    "upstream": _("Notice to the network"),
    "registrar": _("Notice to the registrar"),
}

LED_TO: dict[str, Promise] = {
    "match_known": _("Decided by the record of a known file, not viewed."),
    "find_illegal": _("Decided: illegal. Check the messages, then send them."),
    "confirm_illegal": _("Both assessments agree: illegal. Check the messages, then send them."),
    "settle_illegal": _("Decided: illegal. Check the messages, then send them."),
    "find_other": _("Closed. The reporters see the reason in plain words."),
    "confirm_other": _("Both assessments agree. Closed."),
    "settle_other": _("Decided and closed."),
    "ask_second": _("Somebody else is assessing it now, without knowing what you found."),
    "dispute": _(
        "The two assessments differ. It goes to adjudication between you; where you can’t agree, a supervisor who "
        "had no part decides."
    ),
}

PACES = {"received": _("Cases received"), "assessed": _("Assessments"), "removed": _("Contents removed")}
