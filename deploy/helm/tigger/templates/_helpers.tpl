{{- define "tigger.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "tigger.labels" -}}
app.kubernetes.io/name: tigger
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What tigger.yaml says: the values, what the chart decides, and in a StatefulSet all of its pods as peers. */}}
{{- define "tigger.config" -}}
{{- $config := mustMergeOverwrite (deepCopy .Values.config) (dict "unix_socket_dir" "") -}}
{{- if .Values.userlistSecret -}}
{{- $_ := set $config "auth_file" "/etc/tigger-secret/userlist.txt" -}}
{{- end -}}
{{- if eq .Values.mode "statefulset" -}}
{{- $name := include "tigger.name" . -}}
{{- $peers := dict -}}
{{- range $ordinal := until (int .Values.replicas) -}}
{{- $_ := set $peers (toString (add1 $ordinal)) (dict "host" (printf "%s-%d.%s-peers" $name $ordinal $name) "port" $config.listen_port) -}}
{{- end -}}
{{- $_ := set $config "peers" $peers -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "tigger.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
