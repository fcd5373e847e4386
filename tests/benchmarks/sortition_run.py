"""Runs in sortition-algorithms' own environment: what to select comes as JSON, seconds go out."""

import json
import sys
import time
from typing import Any

from sortition_algorithms import Settings, read_in_features, read_in_people, run_stratification

_ID, _PROVINCE, _SEX, _DISABILITY = COLUMNS = ("id", "province", "sex", "disability")


def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    settings = Settings(
        id_column=_ID, columns_to_keep=[], selection_algorithm="legacy", random_number_seed=7, max_attempts=20
    )
    features, *_ = read_in_features(["feature", "value", "min", "max"], asked["features"], asked["wanted"])
    people, _ = read_in_people(list(COLUMNS), asked["people"], features, settings)
    begun = time.process_time()
    has_found, selected, report = run_stratification(features, people, asked["wanted"], settings)
    seconds = time.process_time() - begun
    found = len(selected[0]) if has_found else 0
    print(json.dumps({"seconds": seconds, "selected": found, "said": "" if has_found else report.as_text()[-300:]}))


if __name__ == "__main__":
    main()
