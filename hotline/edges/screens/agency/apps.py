from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "hotline.edges.screens.agency"
    label = "agency_edge"
