from contextlib import suppress

from django.apps import AppConfig


class LanguagesConfig(AppConfig):
    name = "leeward.languages"
    label = "languages"

    def ready(self) -> None:
        """Set up translation for pure code; compile catalogues whose source is newer, so that a changed translation
        shows at once."""
        from django.utils.translation import gettext

        from leeward.foundation.lazy_text import translate_with
        from leeward.languages import overlay
        from leeward.languages.messages import compile_all

        translate_with(gettext)
        with suppress(OSError):  # an installed package may be read-only; its catalogues were compiled when it was built
            compile_all()
        overlay.start()
