from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hotline.edges.screens.portal"
    label = "portal_edge"
