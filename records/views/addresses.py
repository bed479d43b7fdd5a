"""The addresses of these pages, below /staff/; ids are random."""

from django.urls import path

from records.views import clients

app_name = "connections"
CLIENT = "clients/<uuid:client_id>"
DRAFT = "drafts/<uuid:draft_id>"

urlpatterns = [
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.new, name="new-client"),
    path(f"{CLIENT}/", clients.client, name="client"),
    path(f"{CLIENT}/keys/", clients.keys, name="client-keys"),
    path(f"{CLIENT}/tokens/end/", clients.end_tokens, name="end-client-tokens"),
    path(f"{CLIENT}/end/", clients.end, name="end-client"),
    path(f"{DRAFT}/draft.json", clients.draft_file, name="draft"),
    path(f"{DRAFT}/discard/", clients.discard, name="discard-draft"),
]
