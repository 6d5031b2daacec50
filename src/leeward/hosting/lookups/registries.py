"""Registry lookups (RDAP, and WHOIS where a top-level domain has no RDAP): whose network an address is in, who sold a name.
Redirects must use https and never lead to private addresses."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote, urljoin

from django.conf import settings

from leeward.foundation.http.targets import joined, target_of
from leeward.hosting.lookups.later import PATIENCE, AskLater
from leeward.hosting.lookups.port43 import Whois
from leeward.hosting.lookups.rdap_client import OUTAGES, Getter, get_json
from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.questions import Question
from leeward.hosting.rules.rdap import (
    DomainFacts,
    NetworkFacts,
    autnum_emails,
    facts_of,
    is_about,
    network_facts,
    owner_emails,
    registrations,
    related_url,
)
from leeward.hosting.rules.registration import Registration, completed
from leeward.hosting.rules.registry_answers import RegistryReply

type Json = Mapping[str, Any]

DAY = timedelta(days=1)
BOOTSTRAP_SECONDS = 24 * 3600
AGAIN_SECONDS = 60  # how soon a missing bootstrap file is tried again
# How soon a registry that gave no answer is asked again.
SILENCE = timedelta(minutes=5)
MOST_KEPT = 4096
MOST_RELATED = 2  # how often a registry's hint to a registrar is followed


class Registries:
    """The world's registries, found through the bootstrap files. Those files and the registries' answers are cached in
    memory, since many addresses of one host need only one query. Whoever asks to be asked later is left alone until then:
    every question to it raises AskLater.

    Answers are cached for the requested address, not for its whole network: a smaller network with its own contact may
    lie inside.
    """

    def __init__(self, get: Getter | None = None, whois: Whois | None = None) -> None:
        self._get = get or get_json
        self._whois = whois or Whois()
        self._files: dict[str, tuple[float, Json]] = {}
        self._answers: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._resting: OrderedDict[str, float] = OrderedDict()
        self._silent: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def network(self, address: str, *, at_most_old: timedelta = DAY) -> NetworkFacts | None:
        """Return what the registry says about the network of an IP address."""
        path = _path("ip", address)

        def ask() -> NetworkFacts | None:
            answer = self._answer(Question("ip", address))
            return network_facts(answer) if answer else None

        return self._remembered(path, at_most_old, ask)

    def parent(self, network: NetworkFacts, address: str, *, at_most_old: timedelta = DAY) -> NetworkFacts | None:
        """Return what the registry says about the network that encloses the one of an IP address: the upstream."""
        if not network.parent_url:
            return None

        def ask() -> NetworkFacts | None:
            answer = self._reply_at(network.parent_url).answer
            is_network = answer is not None and is_about(answer, Question("ip", address))
            return network_facts(answer) if answer is not None and is_network else None

        return self._remembered(network.parent_url, at_most_old, ask)

    def autnum_abuse(self, number: int, *, at_most_old: timedelta = DAY) -> tuple[str, ...]:
        """Return the abuse contacts of an autonomous system."""
        path = _path("autnum", str(number))

        def ask() -> tuple[str, ...] | None:
            answer = self._answer(Question("autnum", str(number)))
            return autnum_emails(answer) if answer else None

        return self._remembered(path, at_most_old, ask) or ()

    def domain(self, name: str, *, at_most_old: timedelta = DAY) -> DomainFacts | None:
        """Return what the registry says about a registered name, completed by what its registrar says."""
        path = _path("domain", name)

        def ask() -> DomainFacts | None:
            at = datetime.now(UTC)
            if self.has_no_rdap(name):
                stated = self._whois.domain(name)
                if stated is None:
                    return None
                return facts_of(stated, owner_emails=stated.holder.mailboxes, source="WHOIS", asked_at=at)
            answer = self._answer(Question("domain", name))
            if answer is None:
                return None
            found = self.completed_by_registrar(registrations(answer)[0], answer)
            return facts_of(found, owner_emails=owner_emails(answer) or found.holder.mailboxes, asked_at=at)

        found = self._remembered(path, at_most_old, ask)
        if found is not None and found.registration.is_partial and at_most_old > SILENCE:
            return self._remembered(path, SILENCE, ask)  # who could not be heard may answer soon
        return found

    def is_silent(self, kind: str, key: str) -> bool:
        """Return whether the last question about it met an outage: no registry answered that might answer soon."""
        with self._lock:
            return _path(kind, key) in self._silent

    def has_no_rdap(self, name: str) -> bool:
        """Return whether the top-level domain of a name is known to have no RDAP: the bootstrap file is there, and hasn't got it."""
        file = self._file("dns.json")
        return bootstrap.is_file(file) and not bootstrap.for_domain(file, name)

    def by_whois(self, name: str) -> tuple[Registration | None, str]:
        """Return what WHOIS servers say about a name, past what is cached, or why there is nothing. Raises AskLater."""
        return self._whois.look_up(name)

    def look_up(self, question: Question) -> RegistryReply:
        """Ask a question now, past what is cached."""
        return self._reply_of(question)

    def _bases(self, question: Question) -> tuple[str, ...]:
        kind, key, file = question.kind, question.key, self._file(_file_for(question))
        if kind == "ip":
            return bootstrap.for_ip(file, key)
        if kind == "autnum":
            return bootstrap.for_asn(file, int(key))
        if kind == "entity":
            return bootstrap.for_tag(file, key)
        return bootstrap.for_domain(file, key)

    def completed_by_registrar(self, found: Registration, answer: Json) -> Registration:
        """Return what a registry says of a name with what its registrar adds; registries without registrants say where to ask. If
        that one can't be heard, what is known is only a part."""
        seen, url = set[str](), related_url(answer)
        while (
            url and url not in seen and len(seen) < MOST_RELATED and not (found.holder.shown and found.registrar_abuse)
        ):
            seen.add(url)
            try:
                more = self._reply_at(url).answer
            except AskLater:
                more = None  # the registry's word is enough to act on
            if more is None or not is_about(more, Question("domain", found.name)):
                return replace(found, is_partial=True)
            found, url = completed(found, registrations(more)[0]), related_url(more)
        return found

    def _remembered[T](self, question: str, at_most_old: timedelta, ask: Callable[[], T | None]) -> T | None:
        """Return the cached answer if it is recent enough, else the registry's; a missing answer is cached for a short
        time."""
        now = time.time()
        known: T | None
        with self._lock:
            at, known = self._answers.get(question, (0.0, None))
        most = at_most_old if known is not None else min(at_most_old, SILENCE)
        if at and 0 <= now - at < most.total_seconds():  # not what was kept by a clock that was ahead
            return known
        answer = ask()
        with self._lock:
            self._answers[question] = (now, answer)
            self._answers.move_to_end(question)
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return answer

    def _answer(self, question: Question) -> Json | None:
        """Return what the first registry that answers says about it. Raises AskLater if none does, but one wants to be asked later."""
        reply = self._reply_of(question)
        self._note(_path(question.kind, question.key), is_silent=self._is_outage(question, reply))
        if reply.problem == "later":
            raise AskLater(datetime.fromtimestamp(time.time() + reply.rest_seconds, UTC))
        return reply.answer if reply.answer is not None and is_about(reply.answer, question) else None

    def _is_outage(self, question: Question, reply: RegistryReply) -> bool:
        return reply.problem in OUTAGES or (reply.problem == "no_registry" and not self._file(_file_for(question)))

    def _note(self, path: str, *, is_silent: bool) -> None:
        with self._lock:
            self._silent.pop(path, None)
            if is_silent:
                self._silent[path] = None
                while len(self._silent) > MOST_KEPT:
                    self._silent.popitem(last=False)

    def _reply_of(self, question: Question) -> RegistryReply:
        reply, path = RegistryReply(problem="no_registry"), _path(question.kind, question.key)
        for base in self._bases(question)[:3]:
            try:
                one = self._reply_at(joined(base, path))
            except AskLater as later:
                one = RegistryReply(problem="later", rest_seconds=later.at.timestamp() - time.time())
            if one.answer is not None and "errorCode" not in one.answer and not is_about(one.answer, question):
                one = RegistryReply(problem="something_else")
            if one.answer is not None or one.problem == "nothing":
                return one
            reply = reply if reply.problem == "later" else one
        return reply

    def _reply_at(self, url: str) -> RegistryReply:
        """Ask at one address, unless its server is to be left alone; raises AskLater then."""
        PATIENCE.require()
        target = target_of(url)
        host = target.host if target else ""
        with self._lock:
            until = self._resting.get(host, 0.0)
        if time.time() < until:
            raise AskLater(datetime.fromtimestamp(until, UTC))
        reply = self._get(url)
        if reply.problem == "later":
            until = time.time() + reply.rest_seconds
            with self._lock:
                self._resting[host] = until
                while len(self._resting) > MOST_KEPT:
                    self._resting.popitem(last=False)
            raise AskLater(datetime.fromtimestamp(until, UTC))
        return reply

    def _file(self, name: str) -> Json:
        address = urljoin(settings.LEEWARD.rdap_bootstrap_url, name)
        with self._lock:
            until, kept = self._files.get(address, (0.0, {}))
        now = time.monotonic()
        if now < until:
            return kept
        PATIENCE.require()
        try:
            answer = self._reply_at(address).answer
        except AskLater:
            answer = None
        leads = answer is not None and bootstrap.is_file(answer)
        found = answer if answer is not None and (leads or (not kept and bootstrap.is_empty(answer))) else kept
        with self._lock:  # what led to registries before still does
            self._files[address] = (now + (BOOTSTRAP_SECONDS if leads else AGAIN_SECONDS), found)
        return found


@cache
def registries() -> Registries:
    """Return the registries of this process, with their bootstrap files."""
    return Registries()


def _file_for(question: Question) -> str:
    if question.kind == "ip":
        return "ipv6.json" if ":" in question.key else "ipv4.json"
    return {"autnum": "asn.json", "entity": "object-tags.json"}.get(question.kind, "dns.json")


def _path(kind: str, key: str) -> str:
    return f"{kind}/{quote(key, safe=':/' if kind == 'ip' else ':')}"
