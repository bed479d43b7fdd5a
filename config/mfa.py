"""How a second factor is shown here: an authenticator app, a passkey, a recovery code."""

from typing import Any


def settings(*, https: bool, issuer: str) -> dict[str, Any]:
    """The settings of allauth.mfa."""
    return {
        "MFA_ADAPTER": "config.signin.MFAAdapter",
        "MFA_FORMS": {
            "activate_totp": "config.signin.ActivateTOTP",
            "add_webauthn": "config.passkeys.AddPasskey",
            "edit_webauthn": "config.passkeys.RenamePasskey",
            "authenticate_webauthn": "config.passkeys.ShowPasskey",
            "login_webauthn": "config.passkeys.SignInByPasskey",
            "reauthenticate_webauthn": "config.passkeys.ShowPasskeyAgain",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_TOTP_TOLERANCE": 0,
        "MFA_TOTP_ISSUER": issuer,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        # A passkey is two factors at once: the device, and whose hand it is in.
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        # A passkey cannot be guessed; a clinic's browsers may share one address.
        "MFA_RATE_LIMITS": {"webauthn_login": "60/m/ip"},
        # Without HTTPS we run on this machine only, under http://localhost.
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not https,
    }
