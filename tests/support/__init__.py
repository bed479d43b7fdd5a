"""What the tests share: servers, a browser, checks on pages."""
