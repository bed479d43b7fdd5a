"""What a patient's question about an item can be about, and what nobody here answers."""

# Each has a reviewed explanation where it makes sense; the first stands for the rest.
INTENTS = (
    "meaning",
    "examples",
    "window",
    "choosing",
    "cause",
    "either_part",
    "usual",
    "not_in_my_life",
    "how_much",
    "purpose",
    "privacy",
)
# A person answers these, never an explanation of an item and never a model.
OUTSIDE = (
    "diagnosis",
    "medication",
    "therapy",
    "reassurance",
    "score",
    "off_topic",
    "injection",
)
