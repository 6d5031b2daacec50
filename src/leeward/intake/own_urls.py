"""What a gateway posts text messages to: a program with a key, whose conversations need the reports. The portals' other pages are
the public face's."""

from django.urls import path

from leeward.intake.views import texting

app_name = "intake_own"
urlpatterns = [path("<slug:portal>/sms/<str:shape>/<str:key>", texting.take, name="take-text")]
