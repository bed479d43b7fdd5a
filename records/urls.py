"""Where the FHIR R4 endpoint answers."""

from django.urls import include, path, re_path

from records.api import incoming, tokens, views
from records.api.methods import by_method

app_name = "records"

fhir_r4 = [
    path(
        ".well-known/smart-configuration",
        tokens.Configuration.as_view(),
        name="smart-configuration",
    ),
    path("auth/token", tokens.Token.as_view(), name="token"),
    path("auth/revoke", tokens.Revoke.as_view(), name="revoke"),
    path("metadata", views.Metadata.as_view(), name="metadata"),
    path(
        "QuestionnaireResponse",
        by_method(post=incoming.CreateResponse),
        name="responses",
    ),
    path(
        "QuestionnaireResponse/<str:resource_id>",
        views.ReadQuestionnaireResponse.as_view(),
        name="response",
    ),
    path("Observation", views.SearchObservations.as_view(), name="observations"),
    path(
        "Observation/<str:resource_id>",
        views.ReadObservation.as_view(),
        name="observation",
    ),
    path("Patient/<str:resource_id>", views.ReadPatient.as_view(), name="patient"),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
urlpatterns = [path("fhir/R4/", include(fhir_r4))]
