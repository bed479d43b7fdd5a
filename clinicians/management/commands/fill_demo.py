"""Fills a synthetic clinic once, and prints how to come in at every start."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from clinicians.actions.patients import find_by_number
from clinicians.management.demo import clinic as demo
from clinicians.management.demo.people import VISITORS
from clinicians.management.demo.staff import SignIn, make_team
from core.audit import Actor
from core.models import Clinic, Patient
from screening import actions


class Command(BaseCommand):
    """`manage.py fill_demo --sign-ins FILE`: harmless to run again."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--sign-ins", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill if empty; write links and sign-ins."""
        now = timezone.now()
        folder: Path = options["sign_ins"].parent
        staff_file = folder / "staff.txt"
        clinic = Clinic.objects.filter(purpose=Clinic.Purpose.DEMO).first()
        if clinic is None:
            clinic, team = _fill(now)
            staff_file.write_text(_staff_lines(team), encoding="utf-8")
            staff_file.chmod(0o600)
        demo.offer_model(clinic, at=now)
        # The address may differ from start to start; the people do not.
        text = (
            _patient_lines(clinic, now)
            + f"Staff sign in at {settings.BASE_URL}/staff/\n"
            + staff_file.read_text(encoding="utf-8")
        )
        options["sign_ins"].write_text(text, encoding="utf-8")
        options["sign_ins"].chmod(0o600)
        self.stdout.write(text)


@transaction.atomic
def _fill(now: datetime) -> tuple[Clinic, list[SignIn]]:
    clinic = demo.make_clinic(at=now)
    team = make_team(clinic, at=now)
    demo.fill(clinic, team, now=now)
    return clinic, team


def _staff_lines(team: list[SignIn]) -> str:
    lines = [f"  {one.user.email:<22} {one.password}   {one.user.name}" for one in team]
    lines.append("  The second factor: `make demo-code` prints everybody\u2019s code.")
    return "\n".join(lines) + "\n"


def _patient_lines(clinic: Clinic, now: datetime) -> str:
    lines = ["Patients open these links (made anew at every start):"]
    for person in VISITORS:
        patient = find_by_number(clinic, person.number)
        if patient is None:
            raise CommandError("The demo is half made. Run `make demo-reset`.")
        link = _link(patient, person.language, now)
        who = f"{person.given} {person.family}, {person.number}"
        lines.append(f"  {person.language:<6} {link}   born {person.born} ({who})")
    return "\n".join(lines) + "\n"


def _link(patient: Patient, language: str, now: datetime) -> str:
    actor = Actor.system("demo")
    screening = patient.screenings.order_by("-created_at").first()
    if screening is not None and screening.is_open:
        invited = actions.reinvite(screening=screening, by=actor, at=now)
    else:
        invited = actions.invite(
            patient=patient,
            battery=patient.clinic.battery,
            language=language,
            by=actor,
            at=now,
        )
    return f"{settings.BASE_URL}/i/{invited.token}/"
