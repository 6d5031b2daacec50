"""All writes of hosting: finding places, finding out where they are, visiting them."""

from leeward.hosting.fetching.control import pages_are_read, pictures_are_read
from leeward.hosting.lookups.hearing import hear_date, hear_mail
from leeward.hosting.rows import FetchNow, Preview, Probe
from leeward.hosting.services.allowed_files import file_from
from leeward.hosting.services.fetching import fetch, fetch_now, forget_windows, take_windows
from leeward.hosting.services.hopping import note_hop
from leeward.hosting.services.locating import correct_finding, locate, locate_soon
from leeward.hosting.services.naming import forget_registrants, read_registrant
from leeward.hosting.services.new_places import NewPlace, find_out_new, keep_new, note_hops
from leeward.hosting.services.page_viewing import view_page
from leeward.hosting.services.places import (
    NamedPlace,
    add_access,
    forget_words,
    keep_access,
    open_location,
    open_new_locations,
    opened_location,
    require_access,
)
from leeward.hosting.services.previewing import preview
from leeward.hosting.services.probing import control_answers, probe
from leeward.hosting.services.trying import FetchTried, NamesTried, try_fetching, try_names

__all__ = [
    "FetchNow",
    "FetchTried",
    "NamedPlace",
    "NamesTried",
    "NewPlace",
    "Preview",
    "Probe",
    "add_access",
    "control_answers",
    "correct_finding",
    "fetch",
    "fetch_now",
    "file_from",
    "find_out_new",
    "forget_registrants",
    "forget_windows",
    "forget_words",
    "hear_date",
    "hear_mail",
    "keep_access",
    "keep_new",
    "locate",
    "locate_soon",
    "note_hop",
    "note_hops",
    "open_location",
    "open_new_locations",
    "opened_location",
    "pages_are_read",
    "pictures_are_read",
    "preview",
    "probe",
    "read_registrant",
    "require_access",
    "take_windows",
    "try_fetching",
    "try_names",
    "view_page",
]
