"""The addresses of the staff's pages; ids are random, so no address can be guessed."""

from django.urls import path

from clinicians.views import (
    absences,
    access,
    amending,
    asking,
    cases,
    clinic,
    closing,
    courses,
    entering,
    handing,
    home,
    imports,
    invitations,
    papers,
    patients,
    queue,
    sheets,
    team,
    wording_files,
    wording_runs,
    wording_texts,
    wordings,
)

app_name = "clinicians"

ENTRY = "patients/<uuid:patient_id>/entries/<uuid:screening_id>"

urlpatterns = [
    path("", queue.queue, name="queue"),
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
    path("cases/<uuid:episode_id>/text/", papers.case_text, name="case-text"),
    path(
        "cases/<uuid:episode_id>/text/plain/",
        papers.case_text_plain,
        name="case-text-plain",
    ),
    path("cases/<uuid:episode_id>/case.pdf", papers.case_pdf, name="case-pdf"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<uuid:absence_id>/call-off/", absences.call_off, name="call-off"),
    path("absences/hand-over/", handing.hand_over_shift, name="hand-over-shift"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/import/", imports.import_patients, name="import"),
    path("patients/import/confirm/", imports.confirm_import, name="confirm-import"),
    path("patients/<uuid:patient_id>/", patients.patient, name="patient"),
    path("patients/<uuid:patient_id>/looks/", access.access_log, name="access-log"),
    path("patients/<uuid:patient_id>/course/", courses.course, name="course"),
    path(
        "patients/<uuid:patient_id>/course/treatment-events.csv",
        courses.events_csv,
        name="events-csv",
    ),
    path(
        "patients/<uuid:patient_id>/course/<slug:instrument>.csv",
        courses.course_csv,
        name="course-csv",
    ),
    path(
        "patients/<uuid:patient_id>/treatment/", courses.add_event, name="add-treatment"
    ),
    path(
        "patients/<uuid:patient_id>/treatment/<uuid:event_id>/withdraw/",
        courses.withdraw_event,
        name="withdraw-treatment",
    ),
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
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/sign/", wordings.sign, name="sign-wordings"),
    path("wordings/export.<slug:form>", wording_files.export, name="export-wordings"),
    path("wordings/import/", wording_files.take_in, name="import-wordings"),
    path("wordings/runs/", wording_runs.runs, name="wording-runs"),
    path("wordings/runs/<uuid:run_id>/", wording_runs.run, name="wording-run"),
    path("wordings/<path:key>@<slug:mark>/", wording_texts.text, name="wording"),
    path(
        "wordings/<path:key>@<slug:mark>/edit/",
        wording_texts.edit,
        name="edit-wording",
    ),
    path(
        "wordings/<path:key>@<slug:mark>/retire/",
        wording_texts.retire,
        name="retire-wording",
    ),
    path(
        "wordings/<path:key>@<slug:mark>/veto/",
        wording_texts.veto,
        name="veto-wording",
    ),
    path("team/", team.team, name="team"),
    path("team/<uuid:user_id>/send/", team.send_again, name="send-again"),
    path("team/<uuid:user_id>/deactivate/", team.deactivate, name="deactivate"),
    path("team/<uuid:user_id>/reactivate/", team.reactivate, name="reactivate"),
    path("settings/", clinic.settings, name="settings"),
]
