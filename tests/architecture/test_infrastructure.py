"""Tables, queues, secrets: that nothing can be lost in them, and that code and fragments speak of the same things."""

import re
from collections.abc import Iterator

from chalicelib.domain.commands import Queue
from tests.architecture.conftest import ROOT, Json

DEAD = "-dead"
RINGING = {
    "LedgerFlaw",
    "BankNoticeRefused",
    "PayoutChannelPaused",
    "PayoutBatchRefused",
    "PayoutHeld",
    "ChangeDropped",
    "Misconfigured",
}
"""What is counted for somebody to come and look."""
TWO_WEEKS_SECONDS = 14 * 24 * 3600
MOST_RECEIVES = 5


def of_kind(resources: Json, kind: str, attribute: str) -> dict[str, Json]:
    """Resources by the name they will have, without programme and stage."""
    found = [each for each in resources.values() if each["Type"] == kind]
    return {each["Properties"][attribute]["Fn::Sub"].removeprefix("prakerja-${Stage}-"): each for each in found}


def queues(resources: Json) -> dict[str, Json]:
    return of_kind(resources, "AWS::SQS::Queue", "QueueName")


def working(resources: Json) -> dict[str, Json]:
    return {name: each["Properties"] for name, each in queues(resources).items() if not name.endswith(DEAD)}


def tables(resources: Json) -> dict[str, Json]:
    return of_kind(resources, "AWS::DynamoDB::Table", "TableName")


def readers(survey: Json, kind: str) -> dict[str, str]:
    """What is read -> the function that reads it."""
    return {each["reads"]: each["name"] for each in survey["sources"] if each["kind"] == kind}


def written(pattern: str, *files: str) -> set[str]:
    texts = (path.read_text("utf-8") for each in files for path in sorted(ROOT.glob(each)))
    return {name for text in texts for name in re.findall(pattern, text)}


def test_every_command_has_its_queue_and_every_queue_its_command(resources: Json) -> None:
    assert set(working(resources)) == {queue.value for queue in Queue}


def test_every_queue_has_one_reader(resources: Json, survey: Json) -> None:
    reading = [each["reads"] for each in survey["sources"] if each["kind"] == "sqs"]
    assert sorted(reading) == sorted(working(resources))


def test_what_fails_five_times_goes_to_the_dead_letters_of_its_queue(resources: Json) -> None:
    for name, queue in working(resources).items():
        policy = queue["RedrivePolicy"]
        target = resources[policy["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert target is queues(resources)[name + DEAD]
        assert policy["maxReceiveCount"] == MOST_RECEIVES


def test_a_stream_s_reader_has_dead_letters_of_its_own(resources: Json, survey: Json) -> None:
    following = (each["name"] for each in survey["sources"] if each["kind"] == "dynamodb")
    names = {name.replace("_", "-") + DEAD for name in following}
    queue_names = {name + DEAD for name in working(resources)}
    assert {name for name in queues(resources) if name.endswith(DEAD)} == names | queue_names


def test_nothing_in_a_queue_is_forgotten_within_two_weeks_or_readable_on_disk(resources: Json) -> None:
    for queue in queues(resources).values():
        assert queue["Properties"]["MessageRetentionPeriod"] == TWO_WEEKS_SECONDS
        assert queue["Properties"]["SqsManagedSseEnabled"] is True


def test_the_first_dead_letter_raises_an_alarm(resources: Json) -> None:
    watched = set()
    for each in resources.values():
        if each["Type"] == "AWS::CloudWatch::Alarm" and each["Properties"].get("Namespace") == "AWS/SQS":
            assert (each["Properties"]["Threshold"], each["Properties"]["Period"]) == (1, 60)
            watched.add(each["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0])
    dead = {name for name, each in resources.items() if _queue_name(each).endswith(DEAD)}
    assert watched == dead


def test_what_rings_has_an_alarm() -> None:
    assert written(r"SELECT (?:SUM|MAX)\((\w+)\) FROM Prakerja", "infra/overlay.yaml") >= RINGING
    assert written(r'count\("(\w+)"', "chalicelib/**/*.py") >= RINGING


def test_a_message_stays_hidden_six_times_as_long_as_its_reader_may_run(
    resources: Json, survey: Json, config: Json
) -> None:
    """Amazon's own advice: room for retries of the call before the message is seen again."""
    for name, function in readers(survey, "sqs").items():
        timeout = config["lambda_functions"][function]["lambda_timeout"]
        assert working(resources)[name]["VisibilityTimeout"] >= 6 * timeout, name


def test_tables_outlive_their_stack_and_their_operators_mistakes(resources: Json) -> None:
    for table in tables(resources).values():
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
        assert table["Properties"]["DeletionProtectionEnabled"] is True
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["Properties"]["SSESpecification"]["SSEEnabled"] is True


def test_every_stream_has_one_reader_that_sees_before_and_after(resources: Json, survey: Json) -> None:
    streaming = {name: each["Properties"].get("StreamSpecification") for name, each in tables(resources).items()}
    assert {name for name, stream in streaming.items() if stream} == set(readers(survey, "dynamodb"))
    kinds = {stream["StreamViewType"] for stream in streaming.values() if stream}
    assert kinds == {"NEW_AND_OLD_IMAGES"}


def test_the_code_s_tables_and_secrets_are_those_of_the_fragments(resources: Json) -> None:
    storage = "chalicelib/adapters/storage/*.py"
    assert written(r'table_name = resource_name\("([a-z-]+)"\)', storage) == set(tables(resources))
    secrets = of_kind(resources, "AWS::SecretsManager::Secret", "Name")
    assert written(r'_secrets\(\)\.get\("([a-z-]+)"\)', "chalicelib/bootstrap.py") == set(secrets)


def test_secrets_and_keys_are_kept_and_hold_no_value(resources: Json) -> None:
    for each in _of_types(resources, "AWS::SecretsManager::Secret", "AWS::KMS::Key"):
        assert each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Retain"
        assert not {"SecretString", "GenerateSecretString"} & set(each["Properties"])


def test_buckets_are_closed_encrypted_and_kept(resources: Json) -> None:
    for each in _of_types(resources, "AWS::S3::Bucket"):
        assert each["DeletionPolicy"] == each["UpdateReplacePolicy"] == "Retain"
        assert set(each["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert each["Properties"]["BucketEncryption"]


def test_nobody_can_take_back_what_the_audit_log_is_held_against(resources: Json) -> None:
    bucket = resources["AuditBucket"]["Properties"]
    assert bucket["ObjectLockEnabled"] is True
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    retention = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert (retention["Mode"], retention["Years"]) == ("COMPLIANCE", 10)


def _of_types(resources: Json, *kinds: str) -> Iterator[Json]:
    found = [each for each in resources.values() if each["Type"] in kinds]
    assert {each["Type"] for each in found} == set(kinds)
    yield from found


def _queue_name(resource: Json) -> str:
    name: str = resource["Properties"]["QueueName"]["Fn::Sub"] if resource["Type"] == "AWS::SQS::Queue" else ""
    return name
