"""Where each operation of the plain API answers."""

from django.urls import path

from records.api.plain.others import Cases, OneCase, Questionnaires
from records.api.plain.screenings import OneScreening, Screenings

ROUTES = [
    path("screenings", Screenings.as_view(), name="screenings"),
    path("screenings/<uuid:screening_id>", OneScreening.as_view(), name="screening"),
    path("cases", Cases.as_view(), name="cases"),
    path("cases/<uuid:case_id>", OneCase.as_view(), name="case"),
    path("questionnaires", Questionnaires.as_view(), name="forms"),
]
