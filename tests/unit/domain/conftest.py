"""Examples are judged by what they show, not by how long a busy machine takes over them."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
