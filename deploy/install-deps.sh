#!/usr/bin/env bash
# Installs what building, running and measuring Tigger needs on Debian 12; with the argument `tests` what only the tests need as
# well (an LDAP server, drivers of other languages, a terminal and a browser), with `packages` what only the tests of the packages
# need (a Docker engine). Asks for files, not for packages, so software that came another way counts too, and a second run changes
# nothing and needs no root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-build}

say() { echo "install-deps: $*"; }
die() { echo "install-deps: $*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

have_command() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
# The server's programs live outside PATH, one directory per major version; any supported version will do.
have_server() { compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null || have_command "$1"; }
have_library() { compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/usr/lib*/$1" >/dev/null; }

missing=()
want() { # want PACKAGE CHECK ARGUMENT: notes PACKAGE unless the check succeeds
  if "$2" "$3"; then return; fi
  case " ${missing[*]-} " in
    *" $1 "*) ;;
    *) missing+=("$1") ;;
  esac
}

find_missing() {
  missing=()
  want make have_command make
  want gcc have_command gcc
  want libc6-dev test_file /usr/include/stdio.h
  want clang have_command clang
  want libbpf1 have_library libbpf.so.1
  want libssl3 have_library libssl.so.3
  want libbpf-dev test_file /usr/include/bpf/bpf_helpers.h
  want bpftool have_command bpftool
  want iproute2 have_command ip
  want strace have_command strace
  want postgresql-15 have_server initdb
  want postgresql-15 have_server postgres
  want postgresql-15 have_server pgbench
  want postgresql-client-15 have_command psql
  want pgbouncer have_command pgbouncer
  if [ "$purpose" = packages ]; then want_for_packages; fi
  if [ "$purpose" != tests ]; then return; fi
  want libldap-2.5-0 have_library 'libldap-2.5.so.0*'
  want slapd have_command slapd
  want slapd have_command slapadd
  want libpam-modules test_module pam_exec.so
  want nodejs have_command node
  want npm have_command npm
  want tmux have_command tmux
  want chromium have_command chromium
  want python3 test_file /usr/bin/python3
  want python3-psycopg test_file /usr/lib/python3/dist-packages/psycopg/__init__.py
  want openjdk-17-jdk-headless have_command javac
  want golang-go have_command go
  want golang-github-jackc-pgx-v4-dev test_file /usr/share/gocode/src/github.com/jackc/pgx/v4/conn.go
  want libpostgresql-jdbc-java test_file /usr/share/java/postgresql.jar
}
want_for_packages() {
  want docker.io have_command dockerd
  want debootstrap have_command debootstrap
  want golang-go have_command go
  want golang-github-masterminds-sprig-dev test_file /usr/share/gocode/src/github.com/Masterminds/sprig
  want man-db have_command man
  want python3-jsonschema test_file /usr/lib/python3/dist-packages/jsonschema
  want systemd have_command systemd-analyze
  want zsh have_command zsh
}
test_module() { have_library "security/$1"; }
test_file() { [ -e "$1" ]; }

# Debian starts what it installs. These are tools here, not services: nothing may take ports 5432 and 6432 or come up at boot.
# An installation that was there before is left exactly as it is.
policy=/usr/sbin/policy-rc.d
policy_is_ours=no
forbid_service_start() {
  if [ -e "$policy" ]; then return; fi # the administrator's (or the container image's) own rule stands
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
  policy_is_ours=yes
}
allow_service_start() {
  if [ "$policy_is_ours" = yes ]; then as_root rm -f "$policy"; fi
}
forbid_main_cluster() {
  local conf=/etc/postgresql-common/createcluster.conf
  if [ -e "$conf" ]; then return; fi
  as_root mkdir -p /etc/postgresql-common
  printf '# Written by install-deps.sh of Tigger, which needs the programs only. Remove to get the usual cluster "main".\n%s\n' \
    'create_main_cluster = false' | as_root tee "$conf" >/dev/null
}
keep_from_boot() {
  if [ -d /run/systemd/system ]; then as_root systemctl disable --quiet --now "$1" || true; fi
}

check_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' global.json)
  # Run in the repository, dotnet obeys global.json: an SDK that does not satisfy it fails here and not in mid-build.
  if dotnet --version >/dev/null 2>&1; then return; fi
  cat >&2 <<TEXT
install-deps: the .NET SDK $wanted or a later 10.0 feature band is needed, and Debian 12 does not carry it.
install-deps: get it from https://dotnet.microsoft.com/download/dotnet/10.0, put dotnet into PATH, and try again.
TEXT
  return 1
}

install_missing() {
  have_command apt-get || die "apt-get is not here (not Debian?); install by your own means: ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] && ! have_command sudo; then
    die "neither root nor sudo; ask an administrator for: apt-get install ${missing[*]}"
  fi
  say "installing: ${missing[*]}"
  trap allow_service_start EXIT
  forbid_service_start
  case " ${missing[*]} " in *" postgresql-15 "*) forbid_main_cluster ;; esac
  as_root apt-get update -qq || say "apt-get update failed; trying with the package lists at hand"
  # Keep the createcluster.conf written above instead of asking about it.
  as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
    die "apt-get could not install: ${missing[*]} (Debian 12 has them all)"
  case " ${missing[*]} " in *" pgbouncer "*) keep_from_boot pgbouncer ;; esac
  case " ${missing[*]} " in *" postgresql-15 "*) keep_from_boot postgresql ;; esac
  case " ${missing[*]} " in *" slapd "*) keep_from_boot slapd ;; esac
  case " ${missing[*]} " in *" docker.io "*) keep_from_boot docker ;; esac
  find_missing
  [ ${#missing[@]} -eq 0 ] || die "still missing after installation: ${missing[*]}"
  say "done"
}

find_missing
if [ ${#missing[@]} -gt 0 ]; then install_missing; fi
check_sdk
