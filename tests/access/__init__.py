"""Every address against everybody who may come to it."""
