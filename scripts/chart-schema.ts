/**
 * Prints the JSON Schema of the chart's values (helm/rollcall/values.schema.json): what is the configuration's own comes
 * from the schema that Rollcall checks it by, everything else stands here. No value that it does not name is taken.
 */
import {ALERTS} from '../monitoring/alerts/all.ts';
import {configJsonSchema} from '../src/config/schema.ts';
import {WEB_HOSTS} from '../src/domain/web-host.ts';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = {type: 'string'};
const flag: Schema = {type: 'boolean'};
const name: Schema = {type: 'string', minLength: 1};
const anything: Schema = {};
const texts: Schema = {type: 'object', additionalProperties: {type: 'string'}};
/** A part of a manifest, which Kubernetes checks. */
const manifest: Schema = {type: 'object'};
const manifests: Schema = {type: 'array', items: manifest};
const count = (minimum: number, maximum?: number): Schema => ({
  type: 'integer',
  minimum,
  ...(maximum !== undefined && {maximum}),
});
const duration: Schema = {type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h)$'};
const durationOrNone: Schema = {type: 'string', pattern: '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))?$'};

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...(required.length > 0 && {required}),
});

const childOf = (schema: Schema, ...path: readonly string[]): Schema => {
  let child = schema;
  for (const key of path) child = child[key] as Schema;
  return child;
};

const config = configJsonSchema();
const workspaceConfig = childOf(config, 'properties', 'workspaces', 'items', 'properties');
const rateConfig = childOf(workspaceConfig, 'rate', 'properties');
const port = count(1, 65_535);

const oneOfBoth = {oneOf: [{required: ['existingSecret']}, {required: ['configMap']}]};
const caReference: Schema = {
  ...object({existingSecret: name, configMap: name, key: name}),
  oneOf: [...oneOfBoth.oneOf, {maxProperties: 0}],
};

/** A file of a Secret or a ConfigMap. */
const fileReference: Schema = {
  ...object({existingSecret: name, configMap: name, key: name}, ['key']),
  ...oneOfBoth,
};

const gitSource = object({
  url: text,
  branch: name,
  path: text,
  interval: duration,
  timeout: duration,
  ca: caReference,
  webhook: object({existingSecret: name, key: name}, ['existingSecret', 'key']),
  verify: object({
    allowedSigners: fileReference,
    gpgKeyring: fileReference,
    commits: {enum: ['head', 'all']},
  }),
  webUrl: text,
  webKind: {enum: [...WEB_HOSTS]},
  auth: object({
    ssh: object({existingSecret: name, privateKey: name, knownHosts: name}, ['existingSecret']),
    token: object({existingSecret: name, username: name, password: name}, ['existingSecret', 'username']),
  }),
});

/** A key that is a text is let through here, and refused by the templates, which can say what to write instead. */
const apiKey: Schema = {
  anyOf: [object({existingSecret: name, key: name, file: name}), {type: 'string'}],
};

const {requests, commands, reserve} = rateConfig;

const workspace = object(
  {
    ...(workspaceConfig as Readonly<Record<string, Schema>>),
    apiKey,
    rate: object(
      {requests: requests as Schema, per: duration, reserve: reserve as Schema, commands: commands as Schema},
      ['requests', 'per'],
    ),
  },
  ['name', 'orgId', 'workspaceId'],
);

/** Where a secret of a receiver is: a Secret's key, or a file. */
const secret: Schema = {
  anyOf: [
    object({existingSecret: name, key: name}, ['existingSecret', 'key']),
    object({file: name}, ['file']),
  ],
};

const receiver: Schema = {
  ...object(
    {
      name,
      webhook: object({url: name, secret}, ['url', 'secret']),
      slack: object({webhookUrl: secret}, ['webhookUrl']),
      githubStatus: object({repository: name, token: secret, baseUrl: name}, ['repository', 'token']),
    },
    ['name'],
  ),
  oneOf: [{required: ['webhook']}, {required: ['slack']}, {required: ['githubStatus']}],
};

const rule = object({
  enabled: flag,
  for: {type: 'string', pattern: '^([0-9]+(ms|s|m|h|d|w))+$'},
  severity: name,
  labels: texts,
  annotations: texts,
});

const scraping = object({
  enabled: flag,
  interval: duration,
  scrapeTimeout: duration,
  labels: texts,
  annotations: texts,
  relabelings: manifests,
  metricRelabelings: manifests,
});

const values = object({
  replicaCount: count(0, 100),
  image: object({
    repository: name,
    tag: text,
    digest: {type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$'},
    pullPolicy: {enum: ['Always', 'IfNotPresent', 'Never']},
  }),
  imagePullSecrets: {type: 'array', items: object({name}, ['name'])},
  nameOverride: text,
  fullnameOverride: text,
  commonLabels: texts,
  tryIt: object({enabled: flag}),
  source: object({
    git: gitSource,
    directory: object({configMap: name, path: name, settle: duration}),
  }),
  platform: object({
    baseUrl: {type: 'string', pattern: '^(https?://.+)?$'},
    timeout: duration,
    probeInterval: duration,
    ca: caReference,
  }),
  workspaces: {type: 'array', items: workspace},
  secret: object({data: texts}),
  reconcile: object({interval: duration, resyncInterval: durationOrNone}),
  log: childOf(config, 'properties', 'log'),
  http: object({
    auth: object({
      token: {anyOf: [text, object({existingSecret: name, key: name, file: name})]},
      proxy: object({userHeader: name, addresses: {type: 'array', items: name, minItems: 1}}, ['addresses']),
    }),
    basePath: {type: 'string', pattern: '^((/[A-Za-z0-9._~-]+)+)?$'},
    hosts: {type: 'array', items: name},
  }),
  history: object({
    file: name,
    maxAge: {type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$'},
    maxSize: {type: 'string', pattern: '^[1-9][0-9]*(Ki|Mi|Gi)$'},
  }),
  notifications: {type: 'array', items: receiver},
  leaderElection: object({
    enabled: flag,
    leaseDuration: duration,
    renewDeadline: duration,
    retryPeriod: duration,
  }),
  serviceAccount: object({create: flag, name: text, annotations: texts}),
  rbac: object({create: flag}),
  service: object({
    type: {enum: ['ClusterIP', 'NodePort', 'LoadBalancer']},
    port,
    metricsPort: port,
    labels: texts,
    annotations: texts,
  }),
  serviceMonitor: scraping,
  prometheusRule: object({
    enabled: flag,
    labels: texts,
    annotations: texts,
    grafanaUrl: text,
    runbookUrl: text,
    rules: object(Object.fromEntries(ALERTS.map(alert => [alert.name, rule]))),
  }),
  dashboards: object({enabled: flag, labels: texts, annotations: texts}),
  ingress: object({
    enabled: flag,
    className: text,
    annotations: texts,
    hosts: {
      type: 'array',
      items: object(
        {host: name, path: text, pathType: {enum: ['Exact', 'Prefix', 'ImplementationSpecific']}},
        ['host'],
      ),
    },
    tls: manifests,
  }),
  httpRoute: object({
    enabled: flag,
    parentRefs: manifests,
    hostnames: {type: 'array', items: name},
    annotations: texts,
  }),
  networkPolicy: object({
    enabled: flag,
    egressPorts: {type: 'array', items: port},
    ingressFrom: manifests,
    metricsFrom: manifests,
    extraEgress: manifests,
  }),
  podDisruptionBudget: object({enabled: flag, maxUnavailable: {type: ['integer', 'string']}}),
  resources: manifest,
  startupProbe: manifest,
  livenessProbe: manifest,
  readinessProbe: manifest,
  terminationGracePeriodSeconds: count(0),
  podSecurityContext: manifest,
  securityContext: manifest,
  cacheSizeLimit: name,
  deploymentAnnotations: texts,
  podAnnotations: texts,
  podLabels: texts,
  priorityClassName: text,
  nodeSelector: texts,
  tolerations: manifests,
  affinity: manifest,
  topologySpreadConstraints: manifests,
  revisionHistoryLimit: count(0),
  extraEnv: manifests,
  extraVolumes: manifests,
  extraVolumeMounts: manifests,
  extraContainers: manifests,
  extraObjects: {type: 'array', items: {type: ['object', 'string']}},
  // What umbrella charts give each of their parts: values for all, and whether the part is there.
  global: anything,
  enabled: anything,
});

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Values of the chart rollcall',
  ...values,
};
console.log(JSON.stringify(schema, undefined, 2));
