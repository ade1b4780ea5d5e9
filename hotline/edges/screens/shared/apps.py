from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "hotline.edges.screens.shared"
    label = "shared_edge"
