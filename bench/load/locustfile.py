"""The people of `make load`, for locust. Run by `bench/load/crowd.py` in locust's own environment: nothing of ours is loaded here.

Each request says in `X-Load-From` who it is from; a proxy in front takes that for the caller's address, or Leeward itself where
there is none. What was accepted is written down, so that it can be looked for in the database.
"""

import itertools
import json
import os
import random
import re
import time
from pathlib import Path

from locust import FastHttpUser, constant_pacing, events, task

ASKED = json.loads(os.environ["LEEWARD_LOAD"])
PACE_SECONDS = 2.0
FORM, KEY = "/jm/report", re.compile(r'name="once"\s+value="([^"]+)"')
PAGES = ("/", "/jm/", "/jm/report", "/jm/receipt", "/law", "/learn", "/jm/my-picture")
DESK = ("/desk/", "/desk/?view=all", "/desk/oncall", "/desk/?view=all&q=load-1")
JUNK_FROM = "203.0.113.9"
numbers = itertools.count(1)
accepted: list[tuple[str, str]] = []


class Person(FastHttpUser):
    """Somebody on the Internet, seen only now."""

    abstract = True
    network_timeout = connection_timeout = 90.0

    def _from(self, address: str = "") -> dict[str, str]:
        made_up = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
        caller = address or made_up
        return {"X-Load-From": caller, "X-Forwarded-For": caller, "X-Forwarded-Proto": "https", "Host": ASKED["host"]}

    def report(self, kind: str) -> None:
        """Open the form and send its last step; press again where the page asks for it."""
        headers = self._from()
        form = self.client.get(FORM, headers=headers, name="page")
        found = KEY.search(form.text or "")
        if not found:
            return
        where = f"http://load-{next(numbers)}-{ASKED['run']}.example/x"
        said = {"once": found[1], "kind": kind, "where": where, "step": "3", "go": "send"}
        for _ in range(20):
            with self.client.post(
                FORM, said, headers=headers, allow_redirects=False, catch_response=True, name=f"report: {kind}"
            ) as answer:
                if answer.status_code in (302, 303) and "/receipt/" in (answer.headers.get("location") or ""):
                    answer.success()
                    accepted.append((where, kind))
                    return
                if answer.status_code != 429:
                    answer.failure(f"no receipt: {answer.status_code}")
                    return
                answer.failure("asked to press again")
            time.sleep(5)


class Reporter(Person):
    """Reports a page that nobody else reports."""

    fixed_count = round(ASKED["reports"] * PACE_SECONDS)
    wait_time = constant_pacing(PACE_SECONDS)

    @task
    def tell(self) -> None:
        self.report("page")


class Reader(Person):
    """Reads public pages. A reporter's opening of the form is one of the views asked for, too."""

    fixed_count = round(max(0, ASKED["views"] - ASKED["reports"]) * PACE_SECONDS)
    wait_time = constant_pacing(PACE_SECONDS)

    @task
    def read(self) -> None:
        self.client.get(random.choice(PAGES), headers=self._from(), name="page")


class Frightened(Person):
    """Reports now and then that a child is in danger."""

    fixed_count = 1 if ASKED["danger_every"] else 0
    wait_time = constant_pacing(ASKED["danger_every"] or 1)

    @task
    def tell(self) -> None:
        self.report("danger")


class Analyst(Person):
    """Works on the desk all the time."""

    fixed_count = 1 if ASKED["cookies"] else 0
    wait_time = constant_pacing(1.0)

    @task
    def work(self) -> None:
        cookies = "; ".join(f"{name}={value}" for name, value in ASKED["cookies"].items())
        headers = self._from("198.51.100.1") | {"Cookie": cookies}
        for page in DESK:
            with self.client.get(
                ASKED["desk"] + page, headers=headers, allow_redirects=False, catch_response=True, name="desk"
            ) as answer:
                if answer.status_code != 200:
                    answer.failure(f"{page}: {answer.status_code}")


class Flooder(Person):
    """Sends what nobody needs, all from one address."""

    fixed_count = round(ASKED["flood"] * PACE_SECONDS)
    wait_time = constant_pacing(PACE_SECONDS)

    @task
    def flood(self) -> None:
        headers = self._from(JUNK_FROM)
        with random.choice((self._form, self._receipt, self._page))(headers) as answer:
            answer.success()  # whatever it says: nobody waits for it

    def _form(self, headers: dict[str, str]) -> object:
        said = {"once": "1.junk.junk", "kind": "page", "where": "http://junk.example/", "step": "3", "go": "send"}
        return self.client.post(FORM, said, headers=headers, catch_response=True, name="flood: form")

    def _receipt(self, headers: dict[str, str]) -> object:
        said = {"receipt": f"{random.randrange(10**16):016d}"}
        return self.client.post("/jm/receipt", said, headers=headers, catch_response=True, name="flood: receipt")

    def _page(self, headers: dict[str, str]) -> object:
        path = f"/jm/{random.randrange(10**6)}"
        return self.client.get(path, headers=headers, catch_response=True, name="flood: page")


@events.quitting.add_listener
def write_down(environment, **_: object) -> None:  # type: ignore[no-untyped-def]
    """Leave what came of it where it was asked for."""
    entries = {
        name: {
            "count": entry.num_requests,
            "failures": entry.num_failures,
            "seconds": (entry.last_request_timestamp or 0) - entry.start_time,
            **{f"p{share}": entry.get_response_time_percentile(share / 100) for share in (50, 95, 99)},
            "max": entry.max_response_time,
        }
        for (name, _), entry in environment.stats.entries.items()
    }
    errors = [f"{one.name}: {one.error} ({one.occurrences})" for one in environment.stats.errors.values()]
    Path(ASKED["out"]).write_text(json.dumps({"entries": entries, "errors": errors, "accepted": accepted}))
