from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "leeward.casework"
    label = "casework"

    def ready(self) -> None:
        """Register the count of open cases for which a change of a law would change an opinion."""
        from leeward.casework.assessment.queries.open_cases import count_open_cases
        from leeward.laws.queries import count_open_cases_with

        count_open_cases_with(count_open_cases)
