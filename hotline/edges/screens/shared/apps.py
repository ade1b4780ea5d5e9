from django.apps import AppConfig
from django.urls import register_converter


class SharedConfig(AppConfig):
    name = "hotline.edges.screens.shared"
    label = "shared_edge"

    def ready(self) -> None:
        from hotline.edges.screens.shared.lists import CodeConverter

        register_converter(CodeConverter, "code")
