"""Where each operation of the plain API answers."""

from django.urls import path

from records.api.plain.deliveries import Deliveries, OneDelivery, Resending
from records.api.plain.others import Cases, OneCase, Questionnaires
from records.api.plain.screenings import OneScreening, Revocation, Screenings

ROUTES = [
    path("screenings", Screenings.as_view(), name="screenings"),
    path("screenings/<uuid:screening_id>", OneScreening.as_view(), name="screening"),
    path(
        "screenings/<uuid:screening_id>/revocation",
        Revocation.as_view(),
        name="revocation",
    ),
    path("deliveries", Deliveries.as_view(), name="deliveries"),
    path("deliveries/<uuid:delivery_id>", OneDelivery.as_view(), name="delivery"),
    path(
        "deliveries/<uuid:delivery_id>/resending",
        Resending.as_view(),
        name="resending",
    ),
    path("cases", Cases.as_view(), name="cases"),
    path("cases/<uuid:case_id>", OneCase.as_view(), name="case"),
    path("questionnaires", Questionnaires.as_view(), name="forms"),
]
