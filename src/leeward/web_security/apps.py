from django.apps import AppConfig


class WebSecurityConfig(AppConfig):
    name = "leeward.web_security"
