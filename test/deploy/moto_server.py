"""
moto_server, with deletions that moto 5.2.5 leaves out: there a stack's route tables outlive `cdk destroy`, and so keep
the network that they are in. And without its own start of functions, which needs Docker: the lane starts them itself.
A service with a capacity provider strategy, which moto drops, has no launch type, as in AWS; moto would call it EC2.
Nothing here creates a resource of a template.

  python moto_server.py -H 127.0.0.1 -p PORT
"""

import os
import sys
import threading

from moto.awslambda.models import LambdaBackend
from moto.ec2.models import ec2_backends
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpn_gateway import VPCGatewayAttachment
from moto.ecs.models import Cluster, EC2ContainerServiceBackend, TaskDefinition, ecs_backends
from moto.server import main


def delete_route_table(table, account, region):
    # The stack's own associations go before their route table does.
    table._associations.clear()
    ec2_backends[account][region].delete_route_table(table.id)


def detach_gateway(attachment, account, region):
    ec2_backends[account][region].detach_internet_gateway(attachment.gateway_id, attachment.vpc_id)


def delete_gateway(gateway, account, region):
    ec2_backends[account][region].delete_internet_gateway(gateway.id)


def delete_cluster(cluster, account, region):
    ecs_backends[account][region].delete_cluster(cluster.name)


def deregister(definition, account, region):
    ecs_backends[account][region].deregister_task_definition(definition.arn)


def without_made_up_launch_type(create_service):
    def create(self, *args, **kwargs):
        service = create_service(self, *args, **kwargs)
        if kwargs.get("launch_type") is None:
            service.launch_type = None
        return service

    return create


def end_with_parent():
    """The pipe closes when the parent ends, whatever ended it."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    # CloudFormation calls `delete` of a resource's object where it has one.
    RouteTable.delete = delete_route_table
    VPCGatewayAttachment.delete = detach_gateway
    InternetGateway.delete = delete_gateway
    Cluster.delete = delete_cluster
    TaskDefinition.delete = deregister
    LambdaBackend.send_sqs_batch = lambda *_: False
    EC2ContainerServiceBackend.create_service = without_made_up_launch_type(EC2ContainerServiceBackend.create_service)
    main()
