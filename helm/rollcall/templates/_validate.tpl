{{/* A duration in milliseconds. */}}
{{- define "rollcall.milliseconds" -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- mulf (trimSuffix $unit . | float64) (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000) $unit) -}}
{{- end -}}

{{/* What a schema cannot say, in sentences: what is wrong, and what to write. */}}
{{- define "rollcall.validate" -}}
{{- $values := .Values -}}
{{- $problems := list -}}
{{- if and (gt (int $values.replicaCount) 1) (not $values.leaderElection.enabled) -}}
{{- $problems = append $problems (printf "replicaCount is %d without leaderElection: each replica would act on every workspace. Set leaderElection.enabled=true, or replicaCount=1." (int $values.replicaCount)) -}}
{{- end -}}
{{- with $values.leaderElection -}}
{{- $lasts := include "rollcall.milliseconds" .leaseDuration | float64 -}}
{{- $stops := include "rollcall.milliseconds" .renewDeadline | float64 -}}
{{- $tries := include "rollcall.milliseconds" .retryPeriod | float64 -}}
{{- if gt $stops (mulf 0.9 $lasts) -}}
{{- $problems = append $problems (printf "leaderElection.renewDeadline (%s) is more than 0.9 of leaseDuration (%s): two clocks may run apart. Change both." .renewDeadline .leaseDuration) -}}
{{- end -}}
{{- if lt $stops (mulf 4 $tries) -}}
{{- $problems = append $problems (printf "leaderElection.retryPeriod (%s) is more than a quarter of renewDeadline (%s): a renewal may fail and be tried again. Change both." .retryPeriod .renewDeadline) -}}
{{- end -}}
{{- end -}}
{{- if and $values.reconcile.resyncInterval (lt (include "rollcall.milliseconds" $values.reconcile.resyncInterval | float64) (include "rollcall.milliseconds" $values.reconcile.interval | float64)) -}}
{{- $problems = append $problems "reconcile.resyncInterval is less than reconcile.interval: everything is read less often than it is looked for changes." -}}
{{- end -}}
{{- $nothing := not (or $values.tryIt.enabled (and $values.workspaces (or $values.source.git $values.source.directory))) -}}
{{- if and .Release.IsUpgrade $nothing (lookup "apps/v1" "Deployment" .Release.Namespace (include "rollcall.fullname" .)) -}}
{{- $problems = append $problems "these values have no source or no workspaces, and a Rollcall runs that would be removed. Give them again with --values FILE, or keep them with --reset-then-reuse-values. To end it: helm uninstall." -}}
{{- end -}}
{{- if $values.tryIt.enabled -}}
{{- if gt (int $values.replicaCount) 1 -}}
{{- $problems = append $problems "tryIt has one simulator in each pod, so that replicas would each see another platform: set replicaCount=1." -}}
{{- end -}}
{{- if or $values.workspaces $values.source.git $values.source.directory -}}
{{- $problems = append $problems "tryIt brings its own campaigns and workspaces: leave source and workspaces out, or tryIt." -}}
{{- end -}}
{{- else -}}
{{- if and $values.source.git $values.source.directory -}}
{{- $problems = append $problems "source has both git and directory: keep one of them." -}}
{{- end -}}
{{- if and $values.source.git (not $values.source.git.url) -}}
{{- $problems = append $problems "source.git has no url: write source.git.url, such as https://git.example.com/campaigns.git." -}}
{{- end -}}
{{- with (dig "auth" nil $values.source.git) -}}
{{- if and .ssh .token -}}
{{- $problems = append $problems "source.git.auth has both ssh and token: keep the one that fits the url." -}}
{{- end -}}
{{- end -}}
{{- with $values.source.directory -}}
{{- if eq (empty .configMap) (empty .path) -}}
{{- $problems = append $problems "source.directory needs either configMap or path." -}}
{{- end -}}
{{- end -}}
{{- $names := list -}}
{{- range $index, $workspace := $values.workspaces -}}
{{- $name := default (printf "number %d" (add1 $index)) $workspace.name -}}
{{- if has $name $names -}}
{{- $problems = append $problems (printf "two workspaces have the name %s: each has one of its own." $name) -}}
{{- end -}}
{{- $names = append $names $name -}}
{{- $key := $workspace.apiKey -}}
{{- if kindIs "string" $key -}}
{{- $problems = append $problems (printf "workspace %s: apiKey is a text. A key stands in no values: make a Secret, and write apiKey: {existingSecret: NAME, key: KEY}." $name) -}}
{{- else if not $key -}}
{{- $problems = append $problems (printf "workspace %s has no apiKey: write apiKey: {existingSecret: NAME, key: KEY}." $name) -}}
{{- else if and $key.file (or $key.key $key.existingSecret) -}}
{{- $problems = append $problems (printf "workspace %s: apiKey has file and a Secret: keep one of them." $name) -}}
{{- else if and (not $key.file) (not $key.key) -}}
{{- $problems = append $problems (printf "workspace %s: apiKey has no key: write which key of the Secret it is, apiKey: {existingSecret: NAME, key: KEY}." $name) -}}
{{- else if and $key.key (not $key.existingSecret) (not (hasKey $values.secret.data $key.key)) -}}
{{- $problems = append $problems (printf "workspace %s: secret.data has no %s, and apiKey names no existingSecret: write apiKey: {existingSecret: NAME, key: %s}." $name $key.key $key.key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $values.http.auth -}}
{{- if kindIs "string" .token -}}
{{- $problems = append $problems "http.auth.token is a text. A token stands in no values: make a Secret, and write token: {existingSecret: NAME, key: KEY}." -}}
{{- else if and .token (not .token.file) (not (and .token.existingSecret .token.key)) -}}
{{- $problems = append $problems "http.auth.token names no Secret: write token: {existingSecret: NAME, key: KEY}." -}}
{{- else if and (not .token) $values.leaderElection.enabled -}}
{{- $problems = append $problems "http.auth.proxy needs http.auth.token beside it where leaderElection.enabled is true: replicas ask each other with it." -}}
{{- end -}}
{{- end -}}
{{- if and $values.ingress.enabled (not $values.ingress.hosts) -}}
{{- $problems = append $problems "ingress.enabled needs ingress.hosts, such as [{host: rollcall.example.com}]." -}}
{{- end -}}
{{- if and $values.httpRoute.enabled (not $values.httpRoute.parentRefs) -}}
{{- $problems = append $problems "httpRoute.enabled needs httpRoute.parentRefs: the Gateway that it belongs to." -}}
{{- end -}}
{{- if $problems -}}
{{- fail (printf "\n\n  %s\n" (join "\n  " $problems)) -}}
{{- end -}}
{{- end -}}

{{/* True once there is something to do: a source and a workspace. */}}
{{- define "rollcall.isConfigured" -}}
{{- include "rollcall.validate" . -}}
{{- if or .Values.tryIt.enabled (and .Values.workspaces (or .Values.source.git .Values.source.directory)) -}}true{{- end -}}
{{- end -}}
