"""The soak: the whole product answered, killed and hurried, then asked what it lost."""
