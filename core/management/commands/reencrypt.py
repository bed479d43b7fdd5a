"""Seals everything again with the first key of FIELD_KEYS, so old keys can go."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction

from core import crypto
from core.models import EncryptedTextField, append_only
from core.models.fields import Sealed

BATCH = 500
MFA_CONTEXT = "mfa_authenticator.data"


class Command(BaseCommand):
    help = "Seal every encrypted text and sign-in secret with the first key."

    def handle(self, **_options: Any) -> None:
        unreadable: list[str] = []
        done = _reseal_factors()
        for model in apps.get_models():
            fields = [
                f for f in model._meta.fields if isinstance(f, EncryptedTextField)
            ]
            if fields:
                done += _reseal(model, fields, unreadable)
        self.stdout.write(f"{done} texts sealed again.")
        if unreadable:
            raise CommandError("Cannot be read: " + ", ".join(unreadable))


def _reseal(
    model: type[models.Model], fields: list[EncryptedTextField], unreadable: list[str]
) -> int:
    done = 0
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic(), _editable(model._meta.db_table):
            rows = model._default_manager.select_for_update()
            for row in rows.filter(pk__in=keys[start : start + BATCH]):
                try:
                    done += _reseal_row(row, fields)
                except crypto.CannotRead:
                    unreadable.append(f"{model._meta.db_table}:{row.pk}")
    return done


def _reseal_row(row: models.Model, fields: list[EncryptedTextField]) -> int:
    fresh: dict[str, Sealed] = {}
    for field in fields:
        stored = row.__dict__.get(field.attname)
        if isinstance(stored, Sealed) and not crypto.is_current(stored.text):
            context = field.seal_context(row)
            plain = crypto.open_sealed(stored.text, context=context)
            fresh[field.attname] = Sealed(crypto.seal(plain, context=context))
    if fresh:
        type(row)._default_manager.filter(pk=row.pk).update(**fresh)
    return len(fresh)


def _reseal_factors() -> int:
    done = 0
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update():
            for name in ("secret", "seed"):
                sealed = factor.data.get(name)
                if sealed and not crypto.is_current(sealed):
                    plain = crypto.open_sealed(sealed, context=MFA_CONTEXT)
                    factor.data[name] = crypto.seal(plain, context=MFA_CONTEXT)
                    done += 1
            factor.save(update_fields=["data"])
    return done


@contextmanager
def _editable(table: str) -> Iterator[None]:
    """Lifts the refusal of edits for one transaction: what a row says stays the same."""
    with connection.cursor() as cursor:
        guarded = table in append_only.protected(cursor, connection.vendor)
        if guarded:
            append_only.remove(cursor, connection.vendor, table)
        yield
        if guarded:
            append_only.install(cursor, connection.vendor, table)
