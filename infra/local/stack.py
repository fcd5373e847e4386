"""Makes everything that ``infra/*.yaml`` describes on whichever engine the environment points to."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.local.completions import COMPLETIONS
from infra.local.intrinsics import Resolver
from infra.template import FOLDER, merged_template

WAIT_SECONDS = 120.0

# Amazon's limit for a template that comes in the call itself; ministack keeps to it.
_INLINE_BYTES = 51_200

# Nobody reads metrics on a laptop, and together the alarms are longer than all the rest.
_LEFT_OUT = ("AWS::CloudWatch::",)

_log = logging.getLogger(__name__)


class DeployFailed(Exception):
    """The stack was not made; the message names the resource."""


def stack_name(stage: str) -> str:
    return f"prakerja-{stage}"


def deploy(stage: str, folder: Path = FOLDER) -> None:
    """Make the stack, or bring an existing one up to date. Safe to repeat."""
    template = _for_a_laptop(merged_template(folder))
    cloudformation = boto3.client("cloudformation")
    _submit(cloudformation, stage, template)
    _wait(cloudformation, stack_name(stage))
    _complete(cloudformation, stage, template)


def _for_a_laptop(template: dict[str, Any]) -> dict[str, Any]:
    resources = {
        name: resource for name, resource in template["Resources"].items() if not resource["Type"].startswith(_LEFT_OUT)
    }
    # Moto insists on a policy; on Amazon a key without one gets the account's default.
    for resource in resources.values():
        if resource["Type"] == "AWS::KMS::Key":
            resource["Properties"] = {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}, **resource["Properties"]}
    return {**template, "Resources": resources}


def _submit(cloudformation: Any, stage: str, template: dict[str, Any]) -> None:
    name = stack_name(stage)
    status = _status(cloudformation, name)
    if status is not None and status.startswith(("ROLLBACK", "CREATE_FAILED")):
        cloudformation.delete_stack(StackName=name)
        status = None
    change = cloudformation.create_stack if status is None else cloudformation.update_stack
    stage_value = [{"ParameterKey": "Stage", "ParameterValue": stage}] if "Stage" in template["Parameters"] else []
    try:
        change(StackName=name, Parameters=stage_value, Capabilities=["CAPABILITY_NAMED_IAM"], **_body(template, stage))
    except Exception as error:
        if "No updates are to be performed" not in str(error):
            # Moto lets whatever broke inside it through as it is.
            raise DeployFailed(f"{_culprit(cloudformation, name, template)}: {error!r}") from error


def _body(template: dict[str, Any], stage: str) -> dict[str, str]:
    text = json.dumps(template, separators=(",", ":"))
    if len(text.encode()) <= _INLINE_BYTES:
        return {"TemplateBody": text}
    s3 = boto3.client("s3")
    bucket = f"{stack_name(stage)}-templates"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    s3.put_object(Bucket=bucket, Key="template.json", Body=text.encode())
    return {"TemplateURL": f"https://s3.{s3.meta.region_name}.amazonaws.com/{bucket}/template.json"}


def _status(cloudformation: Any, name: str) -> str | None:
    try:
        status: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError:
        return None
    return status


def _culprit(cloudformation: Any, name: str, template: dict[str, Any]) -> str:
    """Moto makes resources as they are asked for, so the first that cannot be described is the one that broke."""
    if _status(cloudformation, name) is None:
        return name
    for logical_id, resource in template["Resources"].items():
        try:
            cloudformation.describe_stack_resource(StackName=name, LogicalResourceId=logical_id)
        except Exception:
            return f"{logical_id} ({resource['Type']})"
    return name


def _wait(cloudformation: Any, name: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while (status := _status(cloudformation, name) or "missing").endswith("IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise DeployFailed(f"{name} is still {status} after {WAIT_SECONDS:.0f} s")
        time.sleep(0.05)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeployFailed(f"{name} is {status}: {_first_failure(cloudformation, name)}")


def _first_failure(cloudformation: Any, name: str) -> str:
    newest_first = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failures = [event for event in newest_first if event["ResourceStatus"].endswith("_FAILED")]
    if not failures:
        return "no resource says why"
    event = failures[-1]
    return f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"


def _complete(cloudformation: Any, stage: str, template: dict[str, Any]) -> None:
    resources = template["Resources"]
    made = cloudformation.describe_stack_resources(StackName=stack_name(stage))["StackResources"]
    # Moto lists what it did not make, without a name.
    physical_ids = {
        entry["LogicalResourceId"]: entry["PhysicalResourceId"] for entry in made if entry.get("ResourceType")
    }
    defaults = {name: str(each["Default"]) for name, each in template["Parameters"].items() if "Default" in each}
    resolver = Resolver(resources, physical_ids, {**defaults, "Stage": stage, "AWS::StackName": stack_name(stage)})
    for logical_id, resource in resources.items():
        if resource["Type"] in COMPLETIONS:
            _complete_one(logical_id, resource, resolver, physical_ids.get(logical_id, ""))
        elif logical_id not in physical_ids:
            _log.info("this engine does without %s (%s)", logical_id, resource["Type"])


def _complete_one(logical_id: str, resource: dict[str, Any], resolver: Resolver, physical_id: str) -> None:
    completion = COMPLETIONS[resource["Type"]]
    written = {name: value for name, value in resource["Properties"].items() if name in completion.properties}
    try:
        completion.complete(resolver.resolved(written), physical_id)
    except Exception as error:
        raise DeployFailed(f"{logical_id} ({resource['Type']}): {error!r}") from error
