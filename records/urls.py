"""Where the FHIR R4 endpoint answers."""

from collections.abc import Iterator

from django.urls import URLPattern, include, path, re_path

from records.api import bulk, views
from records.fhir.served import READ, SEARCH, SERVED, VREAD

app_name = "records"


def addresses(resource: str, codes: tuple[str, ...]) -> Iterator[URLPattern]:
    """What `codes` claim of one type; its name in reverse() begins with the type."""
    of = {"resource": resource}
    one = f"{resource}/<str:resource_id>"
    if SEARCH in codes:
        found = views.SearchKind.as_view(**of)
        posted = views.PostedSearch.as_view(**of)
        yield path(resource, found, name=resource)
        yield path(f"{resource}/_search", posted, name=f"{resource}-search")
    if READ in codes:
        yield path(one, views.ReadKind.as_view(**of), name=f"{resource}-read")
    if VREAD in codes:
        history = views.History.as_view(**of)
        version = views.ReadVersion.as_view(**of)
        yield path(f"{one}/_history", history, name=f"{resource}-history")
        yield path(f"{one}/_history/<str:version>", version, name=f"{resource}-version")


fhir_r4 = [
    path("metadata", views.Metadata.as_view(), name="metadata"),
    path("Patient/$export", bulk.ExportPatients.as_view(), name="export-patients"),
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
    *(
        address
        for served in SERVED
        for address in addresses(served.resource, served.codes)
    ),
    re_path(r"^", views.Unknown.as_view(), name="unknown"),
]
urlpatterns = [path("fhir/R4/", include(fhir_r4))]
