"""The judge of the tests is no part of what runs."""

import subprocess
import sys


def test_no_request_path_imports_the_judge():
    program = (
        "import django; django.setup(); import records.urls, sys;"
        "print([name for name in sys.modules if name.startswith('fhir.resources')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"
