"""Every function that is asked for is tried: also a method, and that of a private class."""

from tools.mutants import mutmut_patterns


def test_the_names_that_mutmut_gives() -> None:
    wanted = {
        "leeward.a.rules.b.run",
        "leeward.a.rules.b._run",
        "leeward.a.rules.b.Spans.of",
        "leeward.a.rules.b._Lent.rows",
    }
    assert mutmut_patterns(wanted) == {
        "leeward.a.rules.b.x_run__mutmut_*",
        "leeward.a.rules.b.x__run__mutmut_*",
        "leeward.a.rules.b.xǁSpansǁof__mutmut_*",
        "leeward.a.rules.b.xǁ_Lentǁrows__mutmut_*",
    }
