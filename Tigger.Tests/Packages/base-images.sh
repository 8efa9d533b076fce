#!/usr/bin/env bash
# Makes the two images that the Dockerfile begins with where no registry has them: base-images.sh DIRECTORY SDK_NAME RUNTIME_NAME.
# Debian is debootstrapped with this machine's own sources of packages; the SDK is the one that built the tests. DOCKER_HOST says
# which engine gets them. DIRECTORY, for the files meanwhile, needs a gigabyte and no `nodev`.
set -euo pipefail

directory=$1 sdk=$2 runtime=$3
root=$directory/root
dotnet=$(dirname "$(realpath "$(command -v dotnet)")")

debootstrap --variant=minbase --include=ca-certificates bookworm "$root" >"$directory/debootstrap.log" 2>&1 ||
  { tail -n 20 "$directory/debootstrap.log" >&2; exit 1; }
# How packages are reached from here, and whom to trust for it.
rm -f "$root"/etc/apt/sources.list
cp -a /etc/apt/. "$root/etc/apt/"
rm -rf "$root"/etc/apt/preferences.d "$root"/var/cache/apt/archives/*.deb
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
tar -C "$root" -c . | docker import - "$runtime" >/dev/null

mkdir -p "$root/usr/share" "$root/root/.nuget"
cp -a "$dotnet" "$root/usr/share/dotnet"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
if [ -d ~/.nuget/NuGet ]; then cp -a ~/.nuget/NuGet "$root/root/.nuget/"; fi
# OpenSSL is the SDK's own need; the variables are those of this build, where they are set.
variables=(-c "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1" -c "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1")
for name in NUGET_CERT_REVOCATION_MODE SSL_CERT_FILE; do
  if [ -n "${!name-}" ]; then variables+=(-c "ENV $name=${!name}"); fi
done
chroot "$root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends libssl3 libstdc++6' >"$directory/sdk.log" 2>&1 ||
  { tail -n 20 "$directory/sdk.log" >&2; exit 1; }
tar -C "$root" -c . | docker import "${variables[@]}" - "$sdk" >/dev/null
rm -rf "$root"
