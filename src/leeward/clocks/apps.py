from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "leeward.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Register the time that an urgent report gets by its portal's rule, for receipts to name."""
        from leeward.intake.promised import promise

        promise("urgent_assessment", _urgent_assessment)


def _urgent_assessment(portal_id: int) -> str:
    from leeward.clocks.labels import amount_words
    from leeward.clocks.queries import rule_of

    return amount_words(rule_of(portal_id, "urgent_assessment").rule)
