"""The addresses of these pages, below the root."""

from django.urls import path

from records.views import clients, connections, subscriptions

app_name = "connections"
ONE = "connections/<uuid:destination_id>"
CLIENT = "clients/<uuid:client_id>"
TOLD = "connections/told/<uuid:subscription_id>"
DRAFT = "drafts/<uuid:draft_id>"

urlpatterns = [
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.new, name="new-connection"),
    path(f"{ONE}/", connections.connection, name="connection"),
    path(f"{ONE}/try/", connections.try_again, name="try-connection"),
    path(f"{ONE}/secret/", connections.secret, name="connection-secret"),
    path(f"{ONE}/resend/", connections.resend_stuck, name="resend-stuck"),
    path(f"{ONE}/end/", connections.end, name="end-connection"),
    path(
        "deliveries/<uuid:delivery_id>/resend/", connections.resend_one, name="resend"
    ),
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.new, name="new-client"),
    path(f"{CLIENT}/", clients.client, name="client"),
    path(f"{CLIENT}/keys/", clients.keys, name="client-keys"),
    path(f"{CLIENT}/tokens/end/", clients.end_tokens, name="end-client-tokens"),
    path(f"{CLIENT}/end/", clients.end, name="end-client"),
    path(f"{TOLD}/", subscriptions.subscription, name="subscription"),
    path(f"{TOLD}/off/", subscriptions.switch_off, name="subscription-off"),
    path(f"{TOLD}/on/", subscriptions.switch_on, name="subscription-on"),
    path(
        "notifications/<uuid:notification_id>/resend/",
        subscriptions.tell_again,
        name="tell-again",
    ),
    path(f"{DRAFT}/draft.json", clients.draft_file, name="draft"),
    path(f"{DRAFT}/discard/", clients.discard, name="discard-draft"),
]
