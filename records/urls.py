"""Where the FHIR R4 endpoint answers."""

from django.urls import include, path, re_path

from records.api import bulk, views

app_name = "records"

fhir_r4 = [
    path("metadata", views.Metadata.as_view(), name="metadata"),
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
    path("Patient/$export", bulk.ExportPatients.as_view(), name="export-patients"),
    path("Patient/<str:resource_id>", views.ReadPatient.as_view(), name="patient"),
    path("$export", bulk.ExportSystem.as_view(), name="export-system"),
    path(
        "Group/<str:group_id>/$export", bulk.ExportGroup.as_view(), name="export-group"
    ),
    path("exports/<uuid:export_id>", bulk.ExportStatus.as_view(), name="export"),
    path(
        "exports/<uuid:export_id>/<uuid:file_id>",
        bulk.ExportContent.as_view(),
        name="export-file",
    ),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
urlpatterns = [path("fhir/R4/", include(fhir_r4))]
