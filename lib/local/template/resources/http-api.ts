import { localAccount, localRegion } from '../../client-environment.ts';
import type { CorsSpec } from '../../http-api/http-api-host.ts';
import { checkProperties, refuseValue } from '../check-properties.ts';
import type { Creator } from '../creator.ts';
import { physicalName } from '../physical-name.ts';
import { isObject, type JsonObject } from '../template.ts';

/** `Ref` is the id. `ApiEndpoint` is on this machine. */
export const createHttpApi: Creator = async (resource, context) => {
  checkProperties(resource, ['Name', 'ProtocolType', 'CorsConfiguration'], ['Description']);
  const { Name, ProtocolType, CorsConfiguration } = resource.properties;
  if (ProtocolType !== 'HTTP') {
    throw refuseValue(resource, 'ProtocolType', 'HTTP', 'WebSocket APIs do not run locally.');
  }
  const id = physicalName(resource.stack, resource.logicalId);
  const name = typeof Name === 'string' ? Name : id;
  const made = await context.httpApis.createApi({
    id,
    name,
    ...(isObject(CorsConfiguration) && { cors: corsOf(CorsConfiguration) }),
  });
  return {
    ref: id,
    name,
    attributes: { ApiId: id, ApiEndpoint: made.url, Arn: `arn:aws:apigateway:${localRegion}::/apis/${id}` },
  };
};

const corsOf = (cors: JsonObject): CorsSpec => {
  const list = (name: string): readonly string[] => {
    const value = cors[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    allowOrigins: list('AllowOrigins'),
    allowMethods: list('AllowMethods'),
    allowHeaders: list('AllowHeaders'),
    exposeHeaders: list('ExposeHeaders'),
    ...(cors.MaxAge !== undefined && { maxAgeSeconds: Number(cors.MaxAge) }),
  };
};

/** `Ref` is the id. Only Lambda functions by payload 2.0. */
export const createIntegration: Creator = (resource, context) => {
  const honoured = ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion'];
  checkProperties(resource, honoured, ['Description', 'IntegrationMethod']);
  const { ApiId, IntegrationType, IntegrationUri, PayloadFormatVersion } = resource.properties;
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    const expected = 'AWS_PROXY with payload 2.0';
    throw refuseValue(resource, 'IntegrationType', expected, 'Use HttpLambdaIntegration as it comes.');
  }
  const id = physicalName(resource.stack, resource.logicalId);
  context.httpApis.addIntegration(String(ApiId), id, String(IntegrationUri));
  return { ref: id };
};

/** `Ref` is the id. */
export const createRoute: Creator = (resource, context) => {
  checkProperties(resource, ['ApiId', 'AuthorizationType', 'RouteKey', 'Target'], ['OperationName']);
  const { ApiId, AuthorizationType = 'NONE', RouteKey, Target } = resource.properties;
  if (AuthorizationType !== 'NONE' && AuthorizationType !== 'AWS_IAM') {
    throw refuseValue(resource, 'AuthorizationType', 'NONE or AWS_IAM', 'Other authorizers do not run locally.');
  }
  context.httpApis.addRoute(String(ApiId), {
    routeKey: String(RouteKey),
    auth: AuthorizationType,
    integrationId: String(Target).replace(/^integrations\//, ''),
  });
  return { ref: physicalName(resource.stack, resource.logicalId) };
};

/** `Ref` is the name. Access logs go nowhere here. */
export const createApiStage: Creator = (resource, context) => {
  const honoured = ['ApiId', 'AutoDeploy', 'DefaultRouteSettings', 'StageName'];
  checkProperties(resource, honoured, ['AccessLogSettings', 'Description']);
  const { ApiId, StageName, DefaultRouteSettings } = resource.properties;
  if (StageName !== '$default') {
    throw refuseValue(
      resource,
      'StageName',
      '$default',
      'Other stages would be part of the path, and are not modelled.',
    );
  }
  if (isObject(DefaultRouteSettings)) {
    const { ThrottlingRateLimit, ThrottlingBurstLimit } = DefaultRouteSettings;
    if (ThrottlingRateLimit !== undefined && ThrottlingBurstLimit !== undefined) {
      const limit = { perSecond: Number(ThrottlingRateLimit), burst: Number(ThrottlingBurstLimit) };
      context.httpApis.throttle(String(ApiId), limit);
    }
  }
  const arn = `arn:aws:apigateway:${localRegion}:${localAccount}:/apis/${String(ApiId)}/stages/$default`;
  return { ref: '$default', attributes: { Arn: arn } };
};
