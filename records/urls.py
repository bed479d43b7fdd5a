"""Where the FHIR R4 endpoint and the plain API answer."""

from collections.abc import Iterator

from django.urls import URLPattern, include, path, re_path
from rest_framework.views import APIView

from records.api import (
    bulk,
    incoming,
    ordering,
    subscribed,
    subscribing,
    tokens,
    views,
)
from records.api.methods import by_method
from records.api.plain import description
from records.api.plain.others import NoSuch
from records.api.plain.routes import ROUTES
from records.fhir.served import CREATE, DELETE, READ, SEARCH, SERVED, UPDATE, VREAD

app_name = "records"
CREATES: dict[str, type[APIView]] = {
    "QuestionnaireResponse": incoming.CreateResponse,
    "ServiceRequest": ordering.CreateServiceRequest,
    "Task": ordering.CreateTask,
    "Questionnaire": ordering.CreateQuestionnaire,
    "Subscription": subscribing.CreateSubscription,
}
# Those of which there is more to read than a search finds.
READS: dict[str, type[APIView]] = {
    "Task": ordering.ReadTask,
    "Questionnaire": ordering.ReadQuestionnaire,
}
UPDATES: dict[str, type[APIView]] = {"Subscription": subscribing.UpdateSubscription}
DELETES: dict[str, type[APIView]] = {"Subscription": subscribing.DeleteSubscription}


def addresses(resource: str, codes: tuple[str, ...]) -> Iterator[URLPattern]:
    """What `codes` claim of one type; its name in reverse() begins with the type."""
    of = {"resource": resource}
    one = f"{resource}/<str:resource_id>"
    whole: dict[str, type[APIView]] = {}
    if SEARCH in codes:
        whole["get"] = views.SearchKind
        posted = views.PostedSearch.as_view(**of)
        yield path(f"{resource}/_search", posted, name=f"{resource}-search")
    if CREATE in codes:
        whole["post"] = CREATES[resource]
    yield path(resource, by_method(of, **whole), name=resource)
    single: dict[str, type[APIView]] = {}
    if READ in codes:
        single["get"] = READS.get(resource, views.ReadKind)
    if UPDATE in codes:
        single["put"] = UPDATES[resource]
    if DELETE in codes:
        single["delete"] = DELETES[resource]
    if single:
        alone = single["get"].as_view(**of) if list(single) == ["get"] else None
        view = alone or by_method(of, **single)
        yield path(one, view, name=f"{resource}-read")
    if VREAD in codes:
        history = views.History.as_view(**of)
        version = views.ReadVersion.as_view(**of)
        yield path(f"{one}/_history", history, name=f"{resource}-history")
        yield path(f"{one}/_history/<str:version>", version, name=f"{resource}-version")


fhir_r4 = [
    path(
        ".well-known/smart-configuration",
        tokens.Configuration.as_view(),
        name="smart-configuration",
    ),
    path("auth/token", tokens.Token.as_view(), name="token"),
    path("auth/revoke", tokens.Revoke.as_view(), name="revoke"),
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
    path(
        "Subscription/$status",
        subscribed.SubscriptionsStatus.as_view(),
        name="Subscription-statuses",
    ),
    path(
        "Subscription/<str:resource_id>/$status",
        subscribed.SubscriptionStatus.as_view(),
        name="Subscription-status",
    ),
    path(
        "Subscription/<str:resource_id>/$events",
        subscribed.SubscriptionEvents.as_view(),
        name="Subscription-events",
    ),
    *(
        address
        for served in SERVED
        for address in addresses(served.resource, served.codes)
    ),
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
