#!/usr/bin/env bash
# Builds a Debian package: build.sh [OUTPUT DIRECTORY], artifacts/packages unless named. Prints the file's name.
#
# The package carries the .NET runtime beside the program. Debian 12 and 13 have no package of .NET 10, so depending on one would
# mean that nobody can install it without adding a foreign archive first. The price is its size, and that a fix of the runtime
# comes with a new package of Tigger, not by itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

out=${1:-artifacts/packages}
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
architecture=amd64

mkdir -p "$out"
root=$(mktemp -d "${TMPDIR:-/tmp}/tigger-deb.XXXXXX")
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

put() { # put MODE SOURCE TARGET
  install -D -m "$1" "$2" "$root/$3"
}

# To standard error: standard output is the file's name.
dotnet publish Tigger.Proxy/Tigger.Proxy.csproj -c Release -r linux-x64 --self-contained --nologo -v quiet \
  --disable-build-servers -o "$root/usr/lib/tigger" >&2
# Nobody reads these on a server: symbols, comments of the sources, the debugger's half of the runtime.
rm -f "$root"/usr/lib/tigger/{*.pdb,*.xml,libmscordbi.so,libmscordaccore.so,createdump}
find "$root/usr" -type d -exec chmod 755 {} +
find "$root/usr" -type f -exec chmod 644 {} +
chmod 755 "$root/usr/lib/tigger/tigger"
mkdir -p "$root/usr/bin"
ln -s ../lib/tigger/tigger "$root/usr/bin/tigger"
# By this name it takes PgBouncer's command line and nothing else.
ln -s tigger "$root/usr/lib/tigger/pgbouncer"

put 644 deploy/debian/tigger.yaml etc/tigger/tigger.yaml
put 640 deploy/debian/userlist.txt etc/tigger/userlist.txt
put 644 deploy/tigger.socket lib/systemd/system/tigger.socket
# The unit of the repository without its first lines, which are about installing by hand. Debian 12 has systemd 252.
# shellcheck disable=SC2016 # systemd's variable, not ours
sed -e '1,/^$/d' -e 's:/opt/tigger/tigger:/usr/bin/tigger:' \
  -e 's:^Type=notify-reload$:Type=notify\nExecReload=/bin/kill -HUP $MAINPID:' deploy/tigger.service >"$root/unit"
put 644 "$root/unit" lib/systemd/system/tigger.service
rm "$root/unit"

put 644 deploy/man/tigger.1 usr/share/man/man1/tigger.1
mkdir -p "$root/usr/share/man/man5"
"$root/usr/bin/tigger" reference --man >"$root/usr/share/man/man5/tigger.yaml.5"
gzip -9n "$root"/usr/share/man/man?/*
put 644 deploy/completion/tigger.bash usr/share/bash-completion/completions/tigger
put 644 deploy/completion/_tigger usr/share/zsh/vendor-completions/_tigger
put 644 LICENSE usr/share/doc/tigger/copyright
put 644 deploy/tigger.yaml usr/share/doc/tigger/examples/tigger.yaml
put 644 CHANGELOG.md usr/share/doc/tigger/changelog
gzip -9n "$root/usr/share/doc/tigger/changelog"

mkdir "$root/DEBIAN"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$(du -sk "$root" | cut -f 1)/" \
  deploy/debian/control >"$root/DEBIAN/control"
printf '/etc/tigger/%s\n' tigger.yaml userlist.txt >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  put 755 "deploy/debian/$script" "DEBIAN/$script"
done

file=$out/tigger_${version}_$architecture.deb
dpkg-deb --build --root-owner-group -Zxz -z3 "$root" "$file" >&2
echo "$file"
