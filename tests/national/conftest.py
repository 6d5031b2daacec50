"""A small framework, and a self-assessment by it."""

import pytest
from django_scopes import scope

from leeward.national import services
from tests.personas import Cast

SMALL = """\
format: leeward-framework/1
name: small
version: '1'
title: A small framework
language: en
source: Written for a test
phases:
  - {name: Not begun, meaning: Nothing is there.}
  - {name: Begun, meaning: A draft is there.}
  - {name: In place, meaning: It is used.}
  - {name: Proven, meaning: It is reviewed.}
areas:
  - id: hotline
    title: Hotline
    questions:
      - {id: assesses, question: Do staff assess reports?, measure: hotline_assesses, responsible: The hotline}
      - {id: rules, question: Are the rules written?, target_months: 6}
  - id: schools
    title: Schools
    questions:
      - {id: lessons, question: Are there lessons?, evidence: The curriculum.}
"""


@pytest.fixture
def number(cast: Cast) -> int:
    """Jamaica's self-assessment of 2025 by the small framework, begun by Carl."""
    with scope(hotline=cast.hotline_id):
        actor = cast["carl"].actor
        framework = services.add_framework(SMALL, hotline_id=cast.hotline_id, actor=actor)
        return services.begin(framework, "JM", 2025, hotline_id=cast.hotline_id, actor=actor)
