"""The addresses of these pages, below /staff/; ids are random."""

from django.urls import path

from records.views import connections

app_name = "connections"
ONE = "connections/<uuid:destination_id>"

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
]
