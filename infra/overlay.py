"""What the packaged template needs beyond what Chalice writes: the fragments of this folder, ``overlay.yaml``, and what
follows from each function that Chalice packages (its name, log, alarms, and how its queue or stream is read)."""

from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from infra.template import FOLDER, OVERLAY, TemplateError, merged_template

Json = dict[str, Any]
FUNCTION = "AWS::Serverless::Function"
SLOW_SHARE = 0.8
"""Of its time-out, before somebody should look."""

STREAM_RETRIES = -1
STREAM_RECORD_LIVES_SECONDS = 18 * 3600
"""A stream's reader goes on from the record that failed (partial failures), again and again, and skips none while there
is hope. Counted retries would be used up within minutes of an outage of SQS, record by record, and what a skipped
record should have started (a check, an award, a payout) nobody starts later. So it holds on for 18 hours, with an alarm
on the stream's age after ten minutes; mended code goes on where the old one stood. Then it leaves the record's place in
a dead-letter queue, while the stream still remembers the record for six hours. A change that can never be followed is
``Rejected`` by the handler and does not come this far.
"""
STREAM_AGE_ALARM_MS = 600_000
_BACKLOG = (
    ("age", "ApproximateAgeOfOldestMessage", 600, "Somebody has waited ten minutes for this step."),
    ("depth", "ApproximateNumberOfMessagesVisible", 100_000, "A launch's worth waits: see docs/surge.md."),
)
"""Metric, threshold, and what it means to whoever is called."""


def overlay(bare: Mapping[str, Any], stage: str, folder: Path = FOLDER) -> Json:
    """All that is to be merged into ``bare``, the template that Chalice writes by itself."""
    fragments = merged_template(folder)
    by_hand = yaml.safe_load((folder / OVERLAY).read_text("utf-8"))
    made: Json = {"Parameters": _parameters(bare, stage), "Resources": {}}
    for function_id, function in functions_of(bare):
        made["Resources"] |= _around(function_id, function, _Names(fragments, stage))
    whole = laid_over(laid_over(fragments, by_hand), made)
    for resource in whole["Resources"].values():
        if resource.get("Type") == "AWS::CloudWatch::Alarm":
            resource["Properties"]["AlarmActions"] = [{"Ref": "AlarmTopic"}]
    return whole


def functions_of(template: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    return ((name, each) for name, each in template["Resources"].items() if each.get("Type") == FUNCTION)


def chalice_name(function: Mapping[str, Any]) -> str:
    """As in ``.chalice/config.json``: ``settle_payouts``; the function behind the API has no handler of its own."""
    name: str = function["Properties"]["Handler"].rpartition(".")[2]
    return "api_handler" if name == "app" else name


def laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> Json:
    """Both, and ``over`` where they disagree: as Chalice merges."""
    both = dict(under)
    for key, value in over.items():
        deeper = isinstance(value, dict) and isinstance(under.get(key), dict)
        both[key] = laid_over(under[key], value) if deeper else value
    return both


class _Names:
    """From the name that a stage gives a queue or table to the resource that the fragments call it."""

    def __init__(self, fragments: Mapping[str, Any], stage: str) -> None:
        self._resources: Mapping[str, Json] = fragments["Resources"]
        self._stage = stage

    def queue(self, name: str) -> str:
        return self._found("AWS::SQS::Queue", "QueueName", name)

    def table(self, name: str) -> str:
        return self._found("AWS::DynamoDB::Table", "TableName", name)

    def dead_letters(self, function_id: str) -> str:
        name = f"{function_id}DeadLetters"
        if name not in self._resources:
            raise TemplateError(f"infra/streams.yaml has no {name}")
        return name

    def _found(self, kind: str, attribute: str, name: str) -> str:
        for resource_id, resource in self._resources.items():
            written = resource.get("Properties", {}).get(attribute, {})
            if resource["Type"] == kind and written.get("Fn::Sub", "").replace("${Stage}", self._stage) == name:
                return resource_id
        raise TemplateError(f"a function reads {name}, which no fragment makes")


def _parameters(bare: Mapping[str, Any], stage: str) -> Json:
    variables = next(each["Properties"]["Environment"]["Variables"] for _, each in functions_of(bare))
    domain = parseaddr(variables["MAIL_SENDER"])[1].rpartition("@")[2]
    return {"Stage": {"Default": stage, "AllowedValues": [stage]}, "MailDomain": {"Default": domain}}


def _around(function_id: str, function: Mapping[str, Any], names: _Names) -> Json:
    name = chalice_name(function).replace("_", "-")
    events: Json = function["Properties"].get("Events", {})
    kinds = {event["Type"] for event in events.values()}
    # A name of its own, so that the log can be made beforehand, with its retention, and the role may write there only.
    added: Json = {"FunctionName": _named(name)}
    if events:
        added["Events"] = {key: {"Properties": _event(event, function_id, names)} for key, event in events.items()}
    if "Schedule" in kinds:
        # The next tick does the same work: a late or second one helps nobody.
        added["EventInvokeConfig"] = {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    log = {"LogGroupName": {"Fn::Sub": f"/aws/lambda/prakerja-${{Stage}}-{name}"}}
    log["RetentionInDays"] = {"Ref": "LogRetentionDays"}
    return {
        function_id: {"Properties": added},
        f"{function_id}LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": log},
        **_alarms(function_id, name, function["Properties"]["Timeout"], is_stream="DynamoDB" in kinds),
        **_backlog_alarms(function_id, name, events, names),
    }


def _named(name: str) -> Json:
    return {"Fn::Sub": f"prakerja-${{Stage}}-{name}"}


def _event(event: Mapping[str, Any], function_id: str, names: _Names) -> Json:
    makers: Mapping[str, Callable[[], Json]] = {
        "SQS": lambda: _from_queue(event["Properties"], names),
        "DynamoDB": lambda: _from_stream(event["Properties"], function_id, names),
        "Schedule": dict,
    }
    return makers[event["Type"]]()


def _from_queue(written: Mapping[str, Any], names: _Names) -> Json:
    queue = names.queue(written["Queue"]["Fn::Sub"].rpartition(":")[2])
    # By reference instead of by name: the queue is made before its reader. Merging needs Chalice's own intrinsic.
    return {"Queue": {"Fn::Sub": f"${{{queue}.Arn}}"}, "FunctionResponseTypes": ["ReportBatchItemFailures"]}


def _from_stream(written: Mapping[str, Any], function_id: str, names: _Names) -> Json:
    table = names.table(written["Stream"].split("/")[1])
    return {
        "Stream": {"Fn::GetAtt": [table, "StreamArn"]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        # From the oldest record: what was written before the first deployment ended is followed too.
        "StartingPosition": "TRIM_HORIZON",
        # A batch that no partial failure comes back from (a time-out, a crash) is halved, down to the culprit.
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": STREAM_RETRIES,
        "MaximumRecordAgeInSeconds": STREAM_RECORD_LIVES_SECONDS,
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": [names.dead_letters(function_id), "Arn"]}}},
        # One person's changes stay in order; a wave's results (a million changes at once) go ten times faster. Whoever
        # gathers changes into files reads alone: ten readers would make ten times as many files.
        "ParallelizationFactor": 1 if written.get("MaximumBatchingWindowInSeconds") else 10,
    }


def _alarms(function_id: str, name: str, timeout_seconds: int, *, is_stream: bool) -> Json:
    made = {
        f"{function_id}ErrorsAlarm": _alarm(
            f"{name}-errors", function_id, "Errors", "Sum", 1, "The function itself failed: bug, time-out or no memory."
        ),
        f"{function_id}DurationAlarm": _alarm(
            f"{name}-duration", function_id, "Duration", "Maximum", timeout_seconds * 1000 * SLOW_SHARE,
            f"Near its time-out of {timeout_seconds} s.",
        ),
    }  # fmt: skip
    if is_stream:
        made[f"{function_id}AgeAlarm"] = _alarm(
            f"{name}-age", function_id, "IteratorAge", "Maximum", STREAM_AGE_ALARM_MS,
            "The stream is not followed. Its log says which change fails; nothing is lost for 18 hours.",
        )  # fmt: skip
    return made


def _backlog_alarms(function_id: str, name: str, events: Mapping[str, Any], names: _Names) -> Json:
    """How long the oldest message of the function's queue has waited, and how many wait: people wait so long for what
    comes next. What was put back is a new message, so this tells of too few hands, not of a neighbour that is out."""
    made: Json = {}
    for event in (each for each in events.values() if each["Type"] == "SQS"):
        queue = names.queue(event["Properties"]["Queue"]["Fn::Sub"].rpartition(":")[2])
        dimension = {"Name": "QueueName", "Value": {"Fn::GetAtt": [queue, "QueueName"]}}
        for kind, metric, threshold, told in _BACKLOG:
            alarm = _alarm(f"{name}-backlog-{kind}", function_id, metric, "Maximum", threshold, told)
            alarm["Properties"] |= {"Namespace": "AWS/SQS", "Dimensions": [dimension]}
            made[f"{function_id}Backlog{kind.capitalize()}Alarm"] = alarm
    return made


def _alarm(name: str, function_id: str, metric: str, statistic: str, threshold: float, description: str) -> Json:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": _named(name),
            "AlarmDescription": description,
            "Namespace": "AWS/Lambda",
            "MetricName": metric,
            "Dimensions": [{"Name": "FunctionName", "Value": {"Ref": function_id}}],
            "Statistic": statistic,
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
        },
    }
