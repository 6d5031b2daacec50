from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    name = "leeward.languages"
    label = "languages"

    def ready(self) -> None:
        """Compile catalogues whose text is newer, so that a changed translation shows without a further step."""
        from leeward.languages.messages import compile_all

        try:
            compile_all()
        except OSError:
            return  # an installed package may be read-only; its catalogues were compiled when it was built
