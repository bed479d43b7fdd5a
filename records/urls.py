"""Where the FHIR R4 endpoint answers."""

from django.urls import include, path, re_path

from records.api import incoming, ordering, tokens, views
from records.api.methods import by_method
from records.api.plain import description
from records.api.plain.others import NoSuch
from records.api.plain.routes import ROUTES

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
    path(
        "ServiceRequest",
        by_method(post=ordering.CreateServiceRequest),
        name="service-requests",
    ),
    path(
        "ServiceRequest/<str:resource_id>",
        ordering.ReadServiceRequest.as_view(),
        name="service-request",
    ),
    path("Task", by_method(post=ordering.CreateTask), name="tasks"),
    path("Task/<str:resource_id>", ordering.ReadTask.as_view(), name="task"),
    path(
        "Questionnaire",
        by_method(post=ordering.CreateQuestionnaire),
        name="questionnaires",
    ),
    path(
        "Questionnaire/<str:resource_id>",
        ordering.ReadDraft.as_view(),
        name="questionnaire",
    ),
    path("Patient/<str:resource_id>", views.ReadPatient.as_view(), name="patient"),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
plain = [
    *ROUTES,
    path("openapi.json", description.openapi, name="openapi"),
    path("", description.documentation, name="api"),
    re_path(r"^", NoSuch.as_view(), name="no-such"),
]
urlpatterns = [
    path("fhir/R4/", include(fhir_r4)),
    path("api/v1/", include(plain)),
]
