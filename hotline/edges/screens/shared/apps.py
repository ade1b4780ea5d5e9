from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_noop

# Said by core.errors, which is plain Python and cannot mark its sentences for translation.
CORE_SENTENCES = (
    gettext_noop("There is nothing here under this name."),
    gettext_noop("Somebody changed this while you were writing."),
)


class SharedConfig(AppConfig):
    name = "hotline.edges.screens.shared"
    label = "shared_edge"

    def ready(self) -> None:
        from hotline.edges.screens.shared.lists import CodeConverter

        register_converter(CodeConverter, "code")
