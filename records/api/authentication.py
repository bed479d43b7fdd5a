"""Bearer tokens: who is asking."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.crypto import hash_token
from records.models import ApiClient, ApiToken

# One sentence for every bad token: which of the reasons it was helps only a thief.
REFUSED = "The token is not valid, or no longer. Get a new one at the token endpoint."


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; compared by hash, so nothing can be timed."""

    def authenticate(self, request: Request) -> tuple[ApiClient, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        token = _find(secret.strip())
        if token is None or not token.opens(timezone.now()):
            raise AuthenticationFailed(REFUSED)
        return token.client, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="FHIR"'


def _find(secret: bytes) -> ApiToken | None:
    if not secret.isascii():
        return None
    tokens = ApiToken.objects.select_related("client__clinic")
    return tokens.filter(token_hash=hash_token(secret.decode("ascii"))).first()
