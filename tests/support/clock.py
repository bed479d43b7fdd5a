"""Time on a page that goes by only when a test says so."""

from playwright.sync_api import Page


def hold(page: Page) -> None:
    """Stop what the page takes for the time, while its timers run on: what a busy
    machine takes for a step then counts for nothing."""
    go_by(page, 0)


def go_by(page: Page, seconds: int) -> None:
    """Let so much time go by at once, and none after it."""
    now = page.evaluate("Date.now()") / 1000
    page.clock.set_fixed_time(now + seconds)
