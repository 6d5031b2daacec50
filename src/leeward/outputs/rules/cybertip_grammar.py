"""NCMEC's CyberTipline documents as a table: each element with its parts in order, its attributes and its values. Pure.

A part is `name`, or `name:type` where the type has another name, with `?` (may be left out), `*` (any number), `+` (one
or more). `a|b` is a choice. A type in `ANY_ORDER` takes its parts in any order.
"""

from dataclasses import dataclass

_ACCOUNT = (
    "espIdentifier? espService? compromisedAccount:boolean? screenName? displayName* profileUrl* profileBio? "
    "ipCaptureEvent* deviceId*"
)
_ENDED = "accountTemporarilyDisabled? accountPermanentlyDisabled? estimatedLocation? allEmailsReported:boolean?"
_NAMED = "firstName? lastName? phone* email* address*"
_CONTENTS: dict[str, str] = {
    "report": "batchedReport? incidentSummary internetDetails* lawEnforcement? reporter personOrUserReported* "
    "intendedRecipient* victim* additionalInfo?",
    "incidentSummary": "incidentType platform? escalateToHighPriority? reportAnnotations? incidentDateTime:dateTime "
    "incidentDateTimeDescription?",
    "reportAnnotations": "sextortion:true? csamSolicitation:true? minorToMinorInteraction:true? spam:true? "
    "sadisticOnlineExploitation:true?",
    "internetDetails": "webPageIncident|emailIncident|newsgroupIncident|chatImIncident|onlineGamingIncident|"
    "cellPhoneIncident|nonInternetIncident|peer2peerIncident",
    "webPageIncident": "url* additionalInfo?",
    "emailIncident": "emailAddress:email* content? additionalInfo?",
    "newsgroupIncident": "name? emailAddress:email* content? additionalInfo?",
    "chatImIncident": "chatClient? chatRoomName? content? additionalInfo?",
    "onlineGamingIncident": "gameName? console? content? additionalInfo?",
    "cellPhoneIncident": "phoneNumber:phone? latitude:double? longitude:double? additionalInfo?",
    "nonInternetIncident": "locationName? incidentAddress:address* additionalInfo?",
    "peer2peerIncident": "client? ipCaptureEvent* fileNames? additionalInfo?",
    "lawEnforcement": "agencyName caseNumber? officerContact:contactPerson? reportedToLe:boolean? "
    "servedLegalProcessDomestic:boolean? servedLegalProcessInternational?",
    "reporter": "reportingPerson:person contactPerson? companyTemplate? termsOfService? legalURL?",
    "person": f"{_NAMED} age:int? dateOfBirth:date?",
    "contactPerson": _NAMED,
    "address": "address:string? city? zipCode? state? nonUsaState? country?",
    "personOrUserReported": f"personOrUserReportedPerson:person? vehicleDescription? {_ACCOUNT} "
    f"thirdPartyUserReported:boolean? priorCTReports:long* groupIdentifier? {_ENDED} associatedAccount* additionalInfo?",
    "intendedRecipient": f"intendedRecipientPerson:person? {_ACCOUNT} priorCTReports:long* groupIdentifier? {_ENDED} "
    "additionalInfo*",
    "victim": f"victimPerson:person {_ACCOUNT} schoolName? priorCTReports:long* {_ENDED} associatedAccount* "
    "additionalInfo?",
    "associatedAccount": "platform? firstName? middleName? lastName? approximateAge:int? dateOfBirth:date? phone* "
    "email* allEmailsReported:boolean? address* espService? espIdentifier? profileUrl* screenName? displayName* "
    "profileBio? groupIdentifier? compromisedAccount:boolean? accountTemporarilyDisabled? accountPermanentlyDisabled? "
    "ipCaptureEvent* deviceId* priorCTReport:long* additionalInfo?",
    "ipCaptureEvent": "ipAddress eventName? dateTime? possibleProxy:boolean? port:int?",
    "deviceId": "idType idValue eventName? dateTime?",
    "estimatedLocation": "city? region? countryCode:country?",
    "fileDetails": "reportId:long fileId fileName? originalFileName? uploadedToEspTimestamp:dateTime? locationOfFile? "
    "fileViewedByEsp:boolean? exifViewedByEsp:boolean? publiclyAvailable:boolean? fileRelevance? "
    "potentialMeme:boolean|fileAnnotations? industryClassification? originalFileHash* ipCaptureEvent? deviceId* "
    "details* additionalInfo*",
    "fileAnnotations": "animeDrawingVirtualHentai:true? potentialMeme:true? viral:true? possibleSelfProduction:true? "
    "physicalHarm:true? violenceGore:true? bestiality:true? liveStreaming:true? infant:true? generativeAi:true?",
    "details": "nameValuePair+",
    "nameValuePair": "name value",
    "reportResponse": "responseCode:int responseDescription reportId:long? fileId? hash?",
    "reportDoneResponse": "responseCode:int reportId:long files",
    "files": "fileId*",
}
ROOTS = ("report", "fileDetails", "reportResponse", "reportDoneResponse")
ANY_ORDER = frozenset({"reportAnnotations", "fileAnnotations"})
_CONTACT = {"verified": "boolean", "verificationDate": "dateTime"}
_DISABLED = {"disabledDate": "dateTime", "userNotified": "boolean", "userNotifiedDate": "dateTime"}
# Attributes of a type: name -> type; a name with “!” is required.
ATTRIBUTES: dict[str, dict[str, str]] = {
    "batchedReport": {"reason!": "batchReason"},
    "webPageIncident": {"thirdPartyHostedContent": "boolean"},
    "email": {"type": "emailType", **_CONTACT},
    "phone": {"type": "phoneType", "countryCallingCode": "string", "extension": "string", **_CONTACT},
    "address": {"type": "addressType"},
    "servedLegalProcessInternational": {"fleaCountry": "country"},
    "accountTemporarilyDisabled": {**_DISABLED, "reenabledDate": "dateTime"},
    "accountPermanentlyDisabled": _DISABLED,
    "estimatedLocation": {"verified": "boolean", "timestamp": "dateTime"},
    "associatedAccount": {"type!": "accountType"},
    "platform": {"thirdPartyUser": "boolean"},
    "originalFileHash": {"hashType!": "string"},
    "details": {"type": "detailsType"},
}
# The simple type of an element whose own name is none.
SIMPLE: dict[str, str] = {
    "servedLegalProcessInternational": "boolean",
    "accountTemporarilyDisabled": "boolean",
    "accountPermanentlyDisabled": "boolean",
    "batchedReport": "empty",
    "eventName": "captureType",
}
INCIDENT_TYPES = (
    "Child Pornography (possession, manufacture, and distribution)",
    "Child Sex Trafficking",
    "Child Sex Tourism",
    "Child Sexual Molestation",
    "Misleading Domain Name",
    "Misleading Words or Digital Images on the Internet",
    "Online Enticement of Children for Sexual Acts",
    "Unsolicited Obscene Material Sent to a Child",
)
WORDS: dict[str, frozenset[str]] = {
    "incidentType": frozenset(INCIDENT_TYPES),
    "batchReason": frozenset({"VIRAL_POTENTIAL_MEME"}),
    "emailType": frozenset({"Home", "Work", "Business", "Recovery"}),
    "phoneType": frozenset({"Mobile", "Home", "Business", "Work", "Fax", "Internet", "Recovery"}),
    "addressType": frozenset({"Home", "Business", "Billing", "Shipping", "Technical"}),
    "accountType": frozenset({"Billing", "Linked", "Business", "Creator", "Parent/Guardian", "Other"}),
    "captureType": frozenset({"Login", "Registration", "Purchase", "Upload", "Other", "Unknown"}),
    "fileRelevance": frozenset({"Reported", "Supplemental Reported"}),
    "industryClassification": frozenset({"A1", "A2", "B1", "B2"}),
    "detailsType": frozenset({"EXIF", "HASH"}),
    "true": frozenset({"", "true", "1"}),
    "empty": frozenset({""}),
    "boolean": frozenset({"true", "false", "1", "0"}),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One place in an element: the elements that may stand there (name -> type), and how often."""

    choices: dict[str, str]
    least: int
    most: int | None


def _part(text: str) -> Part:
    least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(text[-1], (1, 1))
    choices = {}
    for one in text.rstrip("?*+").split("|"):
        name, _colon, kind = one.partition(":")
        choices[name] = kind or name
    return Part(choices, least, most)


CONTENTS = {name: tuple(_part(text) for text in parts.split()) for name, parts in _CONTENTS.items()}

VALIDATOR = "cybertipline 2025-11, ours 1"
# The longest text of each element, which no schema says.
LENGTHS = {
    "platform": 256, "escalateToHighPriority": 3000, "incidentDateTimeDescription": 3000, "caseNumber": 100,
    "agencyName": 255, "legalURL": 2083, "termsOfService": 3000, "espIdentifier": 255, "espService": 100,
    "originalFileName": 2056, "firstName": 100, "lastName": 100, "phone": 50,
}  # fmt: skip
