from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    name = "leeward.languages"
    label = "languages"

    def ready(self) -> None:
        """Let pure code be read in the reader's language; compile catalogues whose text is newer, so that a changed translation
        shows without a further step."""
        from django.utils.translation import gettext

        from leeward.foundation.said import translate_with
        from leeward.languages.messages import compile_all

        translate_with(gettext)
        try:
            compile_all()
        except OSError:
            return  # an installed package may be read-only; its catalogues were compiled when it was built
