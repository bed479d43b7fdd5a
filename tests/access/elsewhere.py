"""Who may open what is not for staff: one line for each address, written by hand.

How that works stands in `tests/access/expected.py`, where the addresses of staff are.
"""

# A patient's pages: what each answers to a browser that holds no invitation. Most are
# "gone" (404); what is open tells nobody anything.
PATIENT = {
    "home": 200,
    "help": 200,
    "call": 200,  # says how to reach a clinic
    "exit": 302,
    "invitation": 404,
    "reminders": 404,
    "check": 404,
    "start": 404,
    "age": 404,
    "minor": 404,
    "about": 404,
    "consent": 404,
    "ai-help": 404,
    "question": 404,
    "explain": 405,  # only ever asked by a form
    "questions": 404,
    "way": 405,  # only ever asked by a form
    "wording": 404,
    "confirm": 404,
    "review": 404,
    "show-earlier": 405,  # a deliberate act: only ever asked by a form
    "done": 404,
    "language": 405,  # only ever asked by a form
    "copy": 405,  # a file, only ever asked for by a form
    "handed-back": 200,  # ends what goes on in this browser, and says so
    "rested": 200,  # likewise, in a browser of one's own
    "ended": 200,  # says what is true of anybody: nothing goes on here
    "stop": 404,
    "read": 404,  # no such page; the pages are the same for everybody
    "read-topic": 404,  # an address of before, of no such topic
}

# Records systems show a token: a staff or a patient's session opens none of these.
API = {
    "metadata": 200,
    "export-system": 401,
    "export-patients": 401,
    "export-group": 401,
    "export": 401,
    "export-file": 401,
    "QuestionnaireResponse": 401,
    "QuestionnaireResponse-search": 401,
    "QuestionnaireResponse-read": 401,
    "QuestionnaireResponse-history": 401,
    "QuestionnaireResponse-version": 401,
    "Observation": 401,
    "Observation-search": 401,
    "Observation-read": 401,
    "Observation-history": 401,
    "Observation-version": 401,
    "Patient": 401,
    "Patient-search": 401,
    "Patient-read": 401,
    "Questionnaire": 401,
    "Questionnaire-search": 401,
    "Questionnaire-read": 401,
    "ServiceRequest": 401,
    "ServiceRequest-search": 401,
    "ServiceRequest-read": 401,
    "Task": 401,
    "Task-search": 401,
    "Task-read": 401,
    "Flag": 401,
    "Flag-search": 401,
    "Flag-read": 401,
    "Communication": 401,
    "Communication-search": 401,
    "Communication-read": 401,
    "Consent": 401,
    "Consent-search": 401,
    "Consent-read": 401,
    "Provenance": 401,
    "Provenance-search": 401,
    "Provenance-read": 401,
    "AuditEvent": 401,
    "AuditEvent-search": 401,
    "AuditEvent-read": 401,
    "Subscription": 401,
    "Subscription-search": 401,
    "Subscription-read": 401,
    "Subscription-status": 401,
    "Subscription-statuses": 401,
    "Subscription-events": 401,
    "unknown": 401,
    # How a token is got: by a signed assertion, never by a session.
    "smart-configuration": 200,
    "token": 405,
    "revoke": 405,
    # The plain API; what describes it says nothing of any clinic.
    "screenings": 401,
    "screening": 401,
    "revocation": 401,
    "deliveries": 401,
    "delivery": 401,
    "resending": 401,
    "cases": 401,
    "case": 401,
    "forms": 401,
    "no-such": 401,
    "openapi": 200,
    "api": 200,
}

# Neither: what is open to anybody or belongs to signing in, and why that is right.
OTHER = {
    "livez": "for machines; says that the process runs",
    "readyz": "for machines; says whether work can be done",
    "components": "invented content, and only where a setting allows it",
    "account_login": "signing in",
    "account_logout": "signing out",
    "account_inactive": "says that an account was ended",
    "account_reauthenticate": "signing in once more",
    "account_change_password": "one's own password",
    "account_set_password": "one's own first password",
    "account_reset_password": "asks for a mail, the same for any address",
    "account_reset_password_done": "says that a mail is on its way",
    "account_reset_password_from_key": "the link in that mail",
    "account_reset_password_from_key_done": "says that it is done",
    "account_confirm_login_code": "not used: no code is ever sent",
    "account_signup": "closed: administrators make accounts",
    "account_email": "closed: administrators give the address",
    "account_email_verification_sent": "closed",
    "account_confirm_email": "closed",
    "mfa_index": "one's own second factors",
    "mfa_authenticate": "the second factor, in the middle of signing in",
    "mfa_reauthenticate": "the second factor once more",
    "mfa_activate_totp": "setting one's own second factor up",
    "mfa_deactivate_totp": "taking one's own app away; the last factor stays",
    "mfa_list_webauthn": "leads to the list of one's own second factors",
    "mfa_add_webauthn": "setting up a passkey of one's own",
    "mfa_edit_webauthn": "naming a passkey of one's own",
    "mfa_remove_webauthn": "taking a passkey of one's own away; the last factor stays",
    "mfa_reauthenticate_webauthn": "one's own passkey once more",
    "mfa_login_webauthn": "signing in with a passkey",
    "mfa_view_recovery_codes": "one's own recovery codes",
    "mfa_generate_recovery_codes": "one's own recovery codes anew",
    "mfa_download_recovery_codes": "one's own recovery codes to keep",
}
