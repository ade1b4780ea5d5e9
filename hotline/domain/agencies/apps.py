from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "hotline.domain.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"
