"""Safety suites: what patients may try, and how a model may fail them."""
