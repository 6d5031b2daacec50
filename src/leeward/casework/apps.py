from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "leeward.casework"
    label = "casework"

    def ready(self) -> None:
        """Register what slices below ask the desk: how many open cases' opinions a change of a law would change, and whether decisions
        stand."""
        from leeward.casework.assessment.queries.open_cases import count_open_cases
        from leeward.casework.merging.services.decisions import decisions_stand
        from leeward.exchange.services import ask_desk_with
        from leeward.laws.queries import count_open_cases_with

        count_open_cases_with(count_open_cases)
        ask_desk_with(decisions_stand)
