from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hotline.edges.screens.desk"
    label = "desk_edge"
