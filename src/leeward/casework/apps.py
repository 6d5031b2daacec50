from typing import Any

from django.apps import AppConfig, apps


class CaseworkConfig(AppConfig):
    name = "leeward.casework"
    label = "casework"

    def ready(self) -> None:
        """Register what slices below ask the desk: how many open cases' opinions a change of a law would change, and whether what
        is to be told of decisions stands."""
        from leeward.casework.assessment.queries.open_cases import count_open_cases
        from leeward.casework.merging.services.decisions import what_is_reported_stands
        from leeward.laws.queries import count_open_cases_with

        count_open_cases_with(count_open_cases)
        exchange: Any = apps.get_app_config("exchange")
        exchange.ask_desk = what_is_reported_stands
