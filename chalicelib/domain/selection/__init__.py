"""The draw: ``docs/draw.md`` is its rule, and these modules follow its sections."""
