"""A text column that is sealed at rest, bound to its row, and opened when read."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from core import crypto


class Sealed:
    """Text as the database holds it; opened on first read and kept beside."""

    __slots__ = ("plain", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain: str | None = None

    def __repr__(self) -> str:
        return "<sealed>"


class _Opening(DeferredAttribute):
    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        if value.plain is None:
            value.plain = crypto.open_sealed(
                value.text, context=self.field.seal_context(instance)
            )
        return value.plain

    def __set__(self, instance: Any, value: Any) -> None:
        # Only with a __set__ does Python ask __get__ before the row's own dict.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Cannot be searched or set by a query: only a row knows what seals it.

    An empty text is stored as such; there is nothing in it to protect.
    """

    descriptor_class = _Opening

    def seal_context(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"

    def from_db_value(self, value: str | None, *_args: Any) -> Sealed | str | None:
        return Sealed(value) if value else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Sealed) else super().to_python(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, str) and value:
            context = self.seal_context(model_instance)
            return Sealed(crypto.seal(value, context=context))
        return value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.text
        if value in (None, ""):
            return value
        raise FieldError(f"{self.name} is encrypted: save the row to change it.")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is encrypted: search its index instead.")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted: it is not dumped as plain text.")
