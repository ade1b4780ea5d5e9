from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "hotline.edges.commands"
    label = "commands_edge"
