"""What Chalice would merge without a word is refused: mistyped names, and one intrinsic over another."""

import pytest

from infra.meant import unmeant
from tests.architecture.conftest import Json

QUEUE = {"Fn::Sub": "arn:${AWS::Region}:mails"}
SOURCE = {"Type": "SQS", "Properties": {"Queue": QUEUE, "BatchSize": 10}}
FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"Timeout": 30, "Events": {"SendMailsSource": SOURCE}}}
BARE: Json = {"Resources": {"SendMails": FUNCTION}}


def refused(overlay: Json) -> list[str]:
    return unmeant(overlay, BARE)


def test_what_is_meant_is_let_through() -> None:
    properties = {"Queue": {"Fn::Sub": "${Mails.Arn}"}, "FunctionResponseTypes": ["ReportBatchItemFailures"]}
    events = {"SendMailsSource": {"Properties": properties}}
    resources = {
        "SendMails": {"Properties": {"FunctionName": "mails", "Timeout": 60, "Events": events}},
        "Mails": {"Type": "AWS::SQS::Queue"},
    }
    assert not refused({"Parameters": {"Stage": {"Type": "String"}}, "Resources": resources})


@pytest.mark.parametrize(
    "resources",
    [
        {"SendMail": {"Properties": {"Timeout": 60}}},
        {"SendMails": {"Properties": {"TimeOut": 60}}},
        {"SendMails": {"Property": {"Timeout": 60}}},
        {"SendMails": {"Properties": {"Events": {"SendMailSource": {"Properties": {"BatchSize": 1}}}}}},
        {"SendMails": {"Properties": {"Events": {"SendMailsSource": {"Properties": {"BatchSizes": 1}}}}}},
        {"SendMails": {"Properties": {"Events": {"SendMailsSource": {"FunctionResponseTypes": []}}}}},
    ],
)
def test_a_mistyped_name_is_refused(resources: Json) -> None:
    assert len(refused({"Resources": resources})) == 1


def test_an_intrinsic_over_another_is_refused() -> None:
    """Merged they would be one mapping with two functions in it, which is neither."""
    source = {"Properties": {"Queue": {"Fn::GetAtt": ["Mails", "Arn"]}}}
    (why,) = refused({"Resources": {"SendMails": {"Properties": {"Events": {"SendMailsSource": source}}}}})
    assert "Fn::GetAtt would be merged with Fn::Sub" in why


def test_a_second_resource_of_chalice_s_name_is_refused() -> None:
    assert refused({"Resources": {"SendMails": {"Type": "AWS::SQS::Queue"}}})


def test_a_mistyped_section_is_refused() -> None:
    assert refused({"Resource": {}})
