"""Free ports: two servers of one test never get the same."""

from leeward.demo.ports import free_port


def test_no_port_is_given_twice() -> None:
    assert len({free_port() for _ in range(500)}) == 500
