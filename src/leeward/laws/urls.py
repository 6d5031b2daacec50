"""The public pages of the law."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
