"""What the pages for staff say, decided before a template sees it."""
