"""The addresses of the staff's pages; ids are random, so no address can be guessed."""

from django.urls import path

from clinicians.views import (
    absences,
    amending,
    asking,
    cases,
    clinic,
    closing,
    entering,
    handing,
    home,
    imports,
    invitations,
    patients,
    queue,
    several,
    sheets,
    team,
    webhooks,
)

app_name = "clinicians"

ENTRY = "patients/<uuid:patient_id>/entries/<uuid:screening_id>"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("live/", queue.live, name="live"),
    path("several/", several.several, name="several"),
    path("several/<uuid:act_id>/undo/", several.undo, name="undo-several"),
    path("keys/", queue.keys, name="keys"),
    path("home/", home.home, name="home"),
    path("cases/<uuid:episode_id>/", cases.case, name="case"),
    path("cases/<uuid:episode_id>/claim/", cases.claim, name="claim"),
    path("cases/<uuid:episode_id>/release/", cases.release, name="release"),
    path("cases/<uuid:episode_id>/asq/", asking.ask, name="ask"),
    path("cases/<uuid:episode_id>/note/", cases.note, name="note"),
    path("cases/<uuid:episode_id>/contact/", cases.contact, name="contact"),
    path("cases/<uuid:episode_id>/close/", closing.close, name="close"),
    path("cases/<uuid:episode_id>/confirm/", closing.confirm, name="confirm"),
    path("cases/<uuid:episode_id>/decline/", closing.decline, name="decline"),
    path("cases/<uuid:episode_id>/reopen/", closing.reopen, name="reopen"),
    path("cases/<uuid:episode_id>/put-off/", handing.snooze, name="snooze"),
    path("cases/<uuid:episode_id>/take-up/", handing.wake, name="wake"),
    path("cases/<uuid:episode_id>/hand-over/", handing.hand_over, name="hand-over"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<uuid:absence_id>/call-off/", absences.call_off, name="call-off"),
    path("absences/hand-over/", handing.hand_over_shift, name="hand-over-shift"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/import/", imports.import_patients, name="import"),
    path("patients/import/confirm/", imports.confirm_import, name="confirm-import"),
    path("patients/<uuid:patient_id>/", patients.patient, name="patient"),
    path(
        "patients/<uuid:patient_id>/screenings/<uuid:screening_id>/",
        patients.results,
        name="results",
    ),
    path(
        "patients/<uuid:patient_id>/screenings/<uuid:screening_id>"
        "/amend/<int:part>/<int:number>/",
        amending.amend,
        name="amend",
    ),
    path("patients/<uuid:patient_id>/enter/", entering.new_entry, name="new-entry"),
    path(f"{ENTRY}/", entering.entry, name="entry"),
    path(f"{ENTRY}/form/", sheets.sheet, name="entry-form"),
    path(f"{ENTRY}/<int:part>/<int:number>/", sheets.item, name="entry-item"),
    path(f"{ENTRY}/check/", entering.check, name="entry-check"),
    path(f"{ENTRY}/submit/", entering.submit, name="entry-submit"),
    path(f"{ENTRY}/discard/", entering.discard, name="entry-discard"),
    path(
        "patients/<uuid:patient_id>/screenings/<uuid:screening_id>/new-link/",
        invitations.new_link,
        name="new-link",
    ),
    path(
        "patients/<uuid:patient_id>/invite/", invitations.invite_patient, name="invite"
    ),
    path(
        "patients/<uuid:patient_id>/invitations/<uuid:invitation_id>/revoke/",
        invitations.revoke,
        name="revoke",
    ),
    path("wordings/", clinic.wordings, name="wordings"),
    path("team/", team.team, name="team"),
    path("team/<uuid:user_id>/send/", team.send_again, name="send-again"),
    path("team/<uuid:user_id>/deactivate/", team.deactivate, name="deactivate"),
    path("team/<uuid:user_id>/reactivate/", team.reactivate, name="reactivate"),
    path("settings/", clinic.settings, name="settings"),
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/secret/", webhooks.secret, name="webhook-secret"),
]
