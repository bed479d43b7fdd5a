"""Which administrations were put to a patient at all.

A longer form is planned beside its short one. Where the short one stayed below the cut,
and the clinic does not ask the safety item anyway, it is closed without a question: it
is in our own record, and nothing that another system may take for a result.
"""

from django.db.models import OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from screening.models import Answer


def was_asked(administration: str = "") -> Q:
    """Administrations of which anything was answered, or that follow from no other.

    `administration`: the path to it, from rows whose key is the administration's own.
    """
    path = f"{administration}__" if administration else ""
    return Q(**{f"{path}follows__isnull": True}) | answered()


def answered() -> Q:
    """Rows to whose administration somebody has answered something.

    Looked up row by row: for an Exists among other conditions PostgreSQL would read the
    answers of everybody into memory first, for each page anew.
    """
    answers = Answer.objects.filter(administration=OuterRef("pk")).order_by()
    return Q(IsNull(Subquery(answers.values("pk")[:1]), False))  # noqa: FBT003
