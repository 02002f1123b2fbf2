{{- define "rollcall.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "rollcall.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "rollcall.selectorLabels" -}}
app.kubernetes.io/name: {{ include "rollcall.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Those that select pods are the release's own; any other may be given otherwise. */}}
{{- define "rollcall.labels" -}}
{{- $chart := printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- $own := dict "helm.sh/chart" $chart "app.kubernetes.io/version" .Chart.AppVersion "app.kubernetes.io/managed-by" .Release.Service "app.kubernetes.io/part-of" "rollcall" -}}
{{- toYaml (merge (include "rollcall.selectorLabels" . | fromYaml) .Values.commonLabels $own) -}}
{{- end -}}

{{- define "rollcall.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "rollcall.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "rollcall.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* The workspaces: those of the values, or the example's. */}}
{{- define "rollcall.workspaces" -}}
{{- if .Values.tryIt.enabled -}}
- {name: collections, orgId: org-1, workspaceId: ws-collections}
- {name: growth, orgId: org-1, workspaceId: ws-growth}
{{- else -}}
{{ toYaml .Values.workspaces }}
{{- end -}}
{{- end -}}

{{/* The names of the Leases: the one that replicas share, and one for each workspace, by what it is on the platform, or
for each group of one rate. The program makes the same names (leaseOf in src/cli/leases.ts). */}}
{{- define "rollcall.leases" -}}
{{- $fullname := include "rollcall.fullname" . -}}
{{- $names := list $fullname -}}
{{- range include "rollcall.workspaces" . | fromYamlArray -}}
{{- if .rateGroup -}}
{{- $names = append $names (printf "%s-group-%s" $fullname .rateGroup) -}}
{{- else -}}
{{- $slug := regexReplaceAll "[^a-z0-9]+" .workspaceId "-" | trunc 30 | trimAll "-" -}}
{{- $hash := printf "%s\n%s" .orgId .workspaceId | sha256sum | trunc 8 -}}
{{- $names = append $names (join "-" (compact (list $fullname $slug $hash))) -}}
{{- end -}}
{{- end -}}
{{- $names | uniq | toYaml -}}
{{- end -}}

{{/* The Secrets that are mounted, each below /etc/rollcall/secrets/NAME. */}}
{{- define "rollcall.secrets" -}}
{{- $own := include "rollcall.fullname" . -}}
{{- $names := list -}}
{{- if .Values.secret.data -}}{{- $names = append $names $own -}}{{- end -}}
{{- if not .Values.tryIt.enabled -}}
{{- range .Values.workspaces -}}
{{- with (dig "apiKey" "existingSecret" "" .) -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- with (dig "auth" "ssh" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "auth" "token" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "ca" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "verify" "allowedSigners" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "verify" "gpgKeyring" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "webhook" "existingSecret" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- with (dig "token" "existingSecret" "" .Values.http.auth) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "existingSecret" "" .Values.platform.ca) -}}{{- $names = append $names . -}}{{- end -}}
{{- range .Values.notifications -}}
{{- with (dig "webhook" "secret" "existingSecret" "" .) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "slack" "webhookUrl" "existingSecret" "" .) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "githubStatus" "token" "existingSecret" "" .) -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- $names | uniq | toYaml -}}
{{- end -}}

{{/* The ConfigMaps that are mounted, each below /etc/rollcall/configmaps/NAME. */}}
{{- define "rollcall.configMaps" -}}
{{- $names := list -}}
{{- with (dig "configMap" "" .Values.source.directory) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "verify" "allowedSigners" "configMap" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "verify" "gpgKeyring" "configMap" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "ca" "configMap" "" .Values.source.git) -}}{{- $names = append $names . -}}{{- end -}}
{{- with (dig "configMap" "" .Values.platform.ca) -}}{{- $names = append $names . -}}{{- end -}}
{{- $names | uniq | toYaml -}}
{{- end -}}

{{- define "rollcall.caFile" -}}
{{- if .existingSecret -}}
{{- printf "/etc/rollcall/secrets/%s/%s" .existingSecret (default "ca.crt" .key) -}}
{{- else -}}
{{- printf "/etc/rollcall/configmaps/%s/%s" .configMap (default "ca.crt" .key) -}}
{{- end -}}
{{- end -}}

{{/* Where a file of a Secret or a ConfigMap is mounted. */}}
{{- define "rollcall.fileOf" -}}
{{- if .existingSecret -}}
{{- printf "/etc/rollcall/secrets/%s/%s" .existingSecret .key | quote -}}
{{- else -}}
{{- printf "/etc/rollcall/configmaps/%s/%s" .configMap .key | quote -}}
{{- end -}}
{{- end -}}

{{/* Where a secret is, as the configuration has it: {existingSecret, key}, or {file} of extraVolumes. */}}
{{- define "rollcall.secretReference" -}}
{{- if .file -}}
{file: {{ .file | quote }}}
{{- else -}}
{file: {{ printf "/etc/rollcall/secrets/%s/%s" .existingSecret .key | quote }}}
{{- end -}}
{{- end -}}

{{/* The names by which the server is asked: those of the Service, of the Ingress and of the HTTPRoute. */}}
{{- define "rollcall.hosts" -}}
{{- $own := include "rollcall.fullname" . -}}
{{- $hosts := list $own (printf "%s.%s" $own .Release.Namespace) (printf "%s.%s.svc" $own .Release.Namespace) -}}
{{- $hosts = append $hosts (printf "%s.%s.svc.cluster.local" $own .Release.Namespace) -}}
{{- if .Values.ingress.enabled -}}{{- range .Values.ingress.hosts -}}{{- $hosts = append $hosts .host -}}{{- end -}}{{- end -}}
{{- if .Values.httpRoute.enabled -}}{{- $hosts = concat $hosts .Values.httpRoute.hostnames -}}{{- end -}}
{{- $hosts = concat $hosts .Values.http.hosts -}}
{{- $hosts | uniq | toYaml -}}
{{- end -}}

{{/* rollcall.yaml, as the program reads it. */}}
{{- define "rollcall.config" -}}
{{- $root := . -}}
{{- $own := include "rollcall.fullname" . -}}
apiVersion: rollcall.dev/v1
kind: Controller
source:
{{- if .Values.tryIt.enabled }}
  directory: {path: /opt/rollcall/examples/campaigns}
{{- else if .Values.source.git }}
  git:
    {{- toYaml (omit .Values.source.git "auth" "ca" "verify" "webhook") | nindent 4 }}
    {{- with .Values.source.git.ca }}
    caFile: {{ include "rollcall.caFile" . }}
    {{- end }}
    {{- with .Values.source.git.verify }}
    verify:
      commits: {{ default "head" .commits }}
      {{- with .allowedSigners }}
      allowedSignersFile: {{ include "rollcall.fileOf" . }}
      {{- end }}
      {{- with .gpgKeyring }}
      gpgKeyringFile: {{ include "rollcall.fileOf" . }}
      {{- end }}
    {{- end }}
    {{- with .Values.source.git.webhook }}
    webhook: {secretFile: {{ printf "/etc/rollcall/secrets/%s/%s" .existingSecret .key | quote }}}
    {{- end }}
    {{- with (dig "auth" "ssh" nil .Values.source.git) }}
    auth:
      sshKeyFile: /etc/rollcall/secrets/{{ .existingSecret }}/{{ default "ssh-privatekey" .privateKey }}
      knownHostsFile: /etc/rollcall/secrets/{{ .existingSecret }}/{{ default "known_hosts" .knownHosts }}
    {{- end }}
    {{- with (dig "auth" "token" nil .Values.source.git) }}
    auth:
      username: {{ .username | quote }}
      passwordFile: /etc/rollcall/secrets/{{ .existingSecret }}/{{ default "password" .password }}
    {{- end }}
{{- else }}
  directory:
    {{- with .Values.source.directory.settle }}
    settle: {{ . }}
    {{- end }}
    {{- if .Values.source.directory.configMap }}
    path: /etc/rollcall/configmaps/{{ .Values.source.directory.configMap }}
    {{- else }}
    path: {{ .Values.source.directory.path }}
    {{- end }}
{{- end }}
platform:
{{- if .Values.tryIt.enabled }}
  simulator: {scenario: /opt/rollcall/examples/scenario.yaml}
{{- else }}
  {{- with .Values.platform.baseUrl }}
  baseUrl: {{ . }}
  {{- end }}
  timeout: {{ .Values.platform.timeout }}
  probeInterval: {{ .Values.platform.probeInterval }}
  {{- with .Values.platform.ca }}
  caFile: {{ include "rollcall.caFile" . }}
  {{- end }}
{{- end }}
workspaces:
{{- range include "rollcall.workspaces" . | fromYamlArray }}
  - {{ omit . "apiKey" | toYaml | nindent 4 | trim }}
    {{- with .apiKey }}
    {{- if .file }}
    apiKey: {file: {{ .file | quote }}}
    {{- else }}
    apiKey: {file: {{ printf "/etc/rollcall/secrets/%s/%s" (default $own .existingSecret) .key | quote }}}
    {{- end }}
    {{- end }}
{{- end }}
reconcile:
  interval: {{ .Values.reconcile.interval }}
  {{- with .Values.reconcile.resyncInterval }}
  resyncInterval: {{ . }}
  {{- end }}
http:
  host: 0.0.0.0
  port: 8080
  metricsPort: 9090
  {{- with .Values.http.basePath }}
  basePath: {{ . | quote }}
  {{- end }}
  hosts:
    {{- include "rollcall.hosts" . | nindent 4 }}
  {{- with .Values.http.auth }}
  auth:
    {{- with .token }}
    tokenFile: {{ default (printf "/etc/rollcall/secrets/%s/%s" .existingSecret .key) .file | quote }}
    {{- end }}
    {{- with .proxy }}
    proxy:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  {{- end }}
history:
  {{- toYaml .Values.history | nindent 2 }}
{{- with .Values.notifications }}
notifications:
{{- range . }}
  - name: {{ .name | quote }}
    {{- with .webhook }}
    webhook: {url: {{ .url | quote }}, secret: {{ include "rollcall.secretReference" .secret }}}
    {{- end }}
    {{- with .slack }}
    slack: {webhookUrl: {{ include "rollcall.secretReference" .webhookUrl }}}
    {{- end }}
    {{- with .githubStatus }}
    githubStatus:
      repository: {{ .repository | quote }}
      token: {{ include "rollcall.secretReference" .token }}
      {{- with .baseUrl }}
      baseUrl: {{ . | quote }}
      {{- end }}
    {{- end }}
{{- end }}
{{- end }}
log: {level: {{ .Values.log.level }}}
{{- if include "rollcall.elects" . }}
{{- with .Values.leaderElection }}
leaderElection:
  leaseName: {{ $own }}
  leaseDuration: {{ .leaseDuration }}
  renewDeadline: {{ .renewDeadline }}
  retryPeriod: {{ .retryPeriod }}
{{- end }}
{{- end }}
{{- end -}}

{{/* True where replicas share the workspaces out by Leases: what is only tried out is one pod. */}}
{{- define "rollcall.elects" -}}
{{- if and .Values.leaderElection.enabled (not .Values.tryIt.enabled) -}}true{{- end -}}
{{- end -}}
