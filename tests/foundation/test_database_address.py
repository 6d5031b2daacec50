"""The address of a PostgreSQL database is read the same for Django and for PostgreSQL's programs, or refused without a piece of it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.database_address import DatabaseAddress, read_address
from leeward.foundation.errors import BadInput

SECRET = "pw-9f3k"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("", DatabaseAddress()),
        ("postgresql://leeward:pw@db.example:5433/leeward", DatabaseAddress("leeward", "leeward", "pw", "db.example", "5433")),
        ("postgres://db.example/le%65ward%20x", DatabaseAddress("leeward x", host="db.example")),
        ("postgresql://leeward@%2FRun%2Fpostgresql/live", DatabaseAddress("live", "leeward", host="/Run/postgresql")),
        ("postgresql://a:p%40s%2F%23%3Fs:@x@[::1]:5432/b", DatabaseAddress("b", "a", "p@s/#?s:@x", "::1", "5432")),
        ("postgresql:///leeward?host=/tmp/x&port=54390&user=me", DatabaseAddress("leeward", "me", host="/tmp/x", port="54390")),
        (
            "postgresql://a@one:1,two:2/b?target_session_attrs=read-write",
            DatabaseAddress("b", "a", "", "one,two", "1,2", (("target_session_attrs", "read-write"),)),
        ),
        (
            "postgresql://a@b/c?sslmode=verify-full&sslrootcert=/etc/ca.pem&options=-c%20statement_timeout%3D5s",
            DatabaseAddress(
                "c", "a", host="b",
                parameters=(("sslmode", "verify-full"), ("sslrootcert", "/etc/ca.pem"), ("options", "-c statement_timeout=5s")),
            ),
        ),
    ],
)  # fmt: skip
def test_an_address_is_read(url: str, wanted: DatabaseAddress) -> None:
    assert read_address(url) == wanted


def test_what_is_asked_of_tls_reaches_the_programs() -> None:
    given = read_address(
        "postgresql://a:b@c/d?sslmode=verify-full&sslrootcert=/r&sslcert=/s&sslkey=/k&connect_timeout=5"
    )
    assert given.for_programs() == {
        "PGHOST": "c", "PGUSER": "a", "PGPASSWORD": "b", "PGDATABASE": "d", "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/r",
        "PGSSLCERT": "/s", "PGSSLKEY": "/k", "PGCONNECT_TIMEOUT": "5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"mysql://a:{SECRET}@b/c", "begin with postgresql://"),
        (f"{SECRET}", "begin with postgresql://"),
        (f"postgresql://a:{SECRET}/x@b:5432/c", "%2F"),
        (f"postgresql://a:5/{SECRET}@b:5432/c", "%2F"),
        (f"postgresql://a:{SECRET}#x@b:5432/c", "%23"),
        (f"postgresql://a:x?{SECRET}@b:5432/c", "%3F"),
        (f"postgresql://a:{SECRET}%zz@b:5432/c", "%25"),
        (f"postgresql://a:{SECRET}%ff@b:5432/c", "UTF-8"),
        (f"postgresql://a:{SECRET}%00@b:5432/c", "control"),
        (f"postgresql://a:{SECRET} x@b:5432/c", "space"),
        (f"postgresql://a:{SECRET}@b:{SECRET}/c", "its port"),
        (f"postgresql://a:{SECRET}@b:0/c", "its port"),
        (f"postgresql://a:{SECRET}@b:65536/c", "its port"),
        (f"postgresql://a:{SECRET}", "its port"),
        ("postgresql://b", "names no database"),
        (f"postgresql://a:{SECRET}@b/", "names no database"),
        (f"postgresql://a:{SECRET}@b", "names no database"),
        (f"postgresql://a:{SECRET}@b/c/d", "%2F"),
        (f"postgresql://a:{SECRET}@[::1/c", "its host"),
        (f"postgresql://a:{SECRET}@b/c?sslmode=verify", "its sslmode"),
        (f"postgresql://a:{SECRET}@b/c?sslmode=", "its sslmode"),
        (f"postgresql://a:{SECRET}@b/c?SSLMODE=require", "after the ?"),
        (f"postgresql://a:{SECRET}@b/c?sslmode=require&sslmode=disable", "sslmode twice"),
        (f"postgresql://a:{SECRET}@b/c?host=d", "host twice"),
        (f"postgresql://a@b/c?password={SECRET}", "after the ?"),
        (f"postgresql://a@b/c?sslpassword={SECRET}", "after the ?"),
        (f"postgresql://a:{SECRET}@b/c?connect_timeout=soon", "its connect_timeout"),
        (f"postgresql://a:{SECRET}@b/c?target_session_attrs=standby", "its target_session_attrs"),
        (f"postgresql://a:{SECRET}@b/c?options=-c%20session_replication_role%3Dreplica", "its options"),
        (f"postgresql://a:{SECRET}@b/c?options=-c%20jit%3Doff%20-c%20search_path%3Dx", "its options"),
    ],
)
def test_what_cannot_be_passed_on_is_refused_without_a_piece_of_it(url: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_address(url)
    assert why in refused.value.text
    assert SECRET not in f"{refused.value.text} {refused.value.hint} {refused.value.values}"
    assert refused.value.__cause__ is None


@given(st.text(alphabet=st.sampled_from(list("az09:/@?#%[]&=, é\x00,")), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, f"postgresql://{text}", f"postgresql://a:b@c/d?{text}"):
        with suppress(BadInput):
            read_address(url)
