from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "leeward.casework"
    label = "casework"

    def ready(self) -> None:
        """Let the register say in how many open cases a change of a law would change an opinion."""
        from leeward.casework.assessment.queries.open_cases import count_open_cases
        from leeward.laws.queries import count_open_cases_with

        count_open_cases_with(count_open_cases)
