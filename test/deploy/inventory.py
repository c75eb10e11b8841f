"""
What there really is in the account, as one JSON document on stdout. Asks each service itself, not only CloudFormation.

  python inventory.py STACK
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

ecs, sqs, ec2 = boto3.client("ecs"), boto3.client("sqs"), boto3.client("ec2")


def all_of(service, operation, key, **arguments):
    pages = boto3.client(service).get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page.get(key, [])]


def stack_resources(name):
    try:
        found = all_of("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name)
    except ClientError:
        return []
    # moto lists resources that it did not make, too: without a name.
    return [
        {"logicalId": one["LogicalResourceId"], "type": one["ResourceType"], "physicalId": one["PhysicalResourceId"]}
        for one in found
        if one.get("LogicalResourceId") and one.get("PhysicalResourceId")
    ]


def clusters():
    described = ecs.describe_clusters(clusters=ecs.list_clusters()["clusterArns"])["clusters"]
    return [cluster["clusterName"] for cluster in described if cluster["status"] == "ACTIVE"]


def services(cluster):
    arns = ecs.list_services(cluster=cluster)["serviceArns"]
    described = ecs.describe_services(cluster=cluster, services=arns)["services"] if arns else []
    return [
        {"arn": one["serviceArn"], "cluster": cluster, "name": one["serviceName"], "desired": one["desiredCount"]}
        for one in described
        if one["status"] == "ACTIVE"
    ]


def functions():
    found = all_of("lambda", "list_functions", "Functions")
    return [{"name": one["FunctionName"], "environment": one["Environment"]["Variables"]} for one in found]


def own_vpcs():
    return [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]


active = clusters()
print(
    json.dumps(
        {
            "stack": stack_resources(sys.argv[1]),
            "clusters": active,
            "services": [service for cluster in active for service in services(cluster)],
            "taskDefinitions": ecs.list_task_definitions()["taskDefinitionArns"],
            "functions": functions(),
            "eventSourceMappings": [
                one["UUID"] for one in boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"]
            ],
            "queues": [url.split("/")[-1] for url in sqs.list_queues().get("QueueUrls", [])],
            "tables": boto3.client("dynamodb").list_tables()["TableNames"],
            "parameters": [one["Name"] for one in all_of("ssm", "describe_parameters", "Parameters")],
            "logGroups": [one["logGroupName"] for one in all_of("logs", "describe_log_groups", "logGroups")],
            "roles": [one["RoleName"] for one in all_of("iam", "list_roles", "Roles")],
            "vpcs": own_vpcs(),
            "schedules": [one["Name"] for one in all_of("scheduler", "list_schedules", "Schedules")],
            "alarms": [one["AlarmName"] for one in all_of("cloudwatch", "describe_alarms", "MetricAlarms")],
        }
    )
)
