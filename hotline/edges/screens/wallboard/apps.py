from django.apps import AppConfig


class WallboardConfig(AppConfig):
    name = "hotline.edges.screens.wallboard"
    label = "wallboard_edge"
